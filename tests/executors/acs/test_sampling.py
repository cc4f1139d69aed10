"""Numbers are looked at now and then while a device is here, and no more often."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brain.domain.device import Device
from brain.domain.errors import DeviceUnreachable
from brain.domain.history import EventKind, Point
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.store import Store
from executors.acs.feeding import Feed
from executors.acs.keeping import Keeping
from executors.acs.looking import Wants
from executors.acs.sampling import Sampling
from tests.conftest import FakeClock

HOUR = timedelta(hours=1)
NOISE = ParameterPath("Device.WiFi.Radio.1.Stats.Noise")
FREE = ParameterPath("Device.DeviceInfo.MemoryStatus.Free")
USED = ParameterPath("Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization")
NAMES = {"noise": NOISE, "free": FREE}
TENANT, BOX = TenantId("default"), DeviceId("001122-Box-S1")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEVICE = Device(
    id=DeviceId("box"), tenant=TenantId("north"), oui="001122", product_class="", serial="1"
)


class Line:
    """Reads a device, or does not reach it."""

    def __init__(self, *, silent: bool = False) -> None:
        self.silent = silent
        self.asked: list[tuple[list[ParameterPath], bool]] = []

    async def read(self, device: Device, paths: Any, *, points: bool) -> None:
        self.asked.append((list(paths), points))
        if self.silent:
            raise DeviceUnreachable("it went away")


@pytest.fixture
async def known(store: Store, clock: FakeClock) -> Store:
    values = {NOISE: "-90", FREE: "90000", CHANNEL: "6"}
    said = Snapshot(device=DEVICE.id, taken_at=clock(), values=values)
    async with store.begin() as tx:
        await tx.devices.put(DEVICE)
        await tx.snapshots.merge(DEVICE.tenant, said)
    return store


def free_every_hour(path: str) -> timedelta | None:
    return HOUR if path == FREE else None


def sampling(store: Store, clock: FakeClock, line: Line, **wants: Any) -> Sampling:
    wanted = Wants(**({"measures": 12 * HOUR} | wants))
    return Sampling(store=store, clock=clock, read=line.read, wants=wanted)


async def called(looks: Sampling, *, times: int = 1) -> None:
    for _ in range(times):
        looks.begin(DEVICE)
        await looks.settled()


async def test_it_is_looked_at_once_a_period(known: Store, clock: FakeClock) -> None:
    line = Line()
    looks = sampling(known, clock, line)
    await called(looks, times=3)
    at_once = len(line.asked)
    for _ in range(24):
        clock.advance(hours=1)
        await called(looks)

    assert (at_once, len(line.asked)) == (1, 3)
    assert line.asked[-1] == ([FREE, NOISE], True)


async def test_what_rules_read_more_often_than_it_is_drawn_makes_no_points(
    known: Store, clock: FakeClock
) -> None:
    line = Line()
    looks = sampling(known, clock, line, rules=free_every_hour)
    await called(looks)
    for _ in range(24):
        clock.advance(hours=1)
        await called(looks)

    assert len(line.asked) == 25
    drawn = [paths for paths, points in line.asked if points]
    assert drawn == [[FREE, NOISE]] * 3
    assert [paths for paths, points in line.asked if not points] == [[FREE]] * 22


async def test_looks_of_long_ago_are_forgotten(known: Store, clock: FakeClock) -> None:
    looks = sampling(known, clock, Line())
    looks.begin(replace(DEVICE, id=DeviceId("gone")))
    await looks.settled()
    clock.advance(hours=48)
    await called(looks)

    assert set(looks._known) == {DEVICE.id}


async def test_what_to_look_at_is_worked_out_anew_now_and_then(
    known: Store, clock: FakeClock
) -> None:
    line = Line()
    looks = sampling(known, clock, line)
    await called(looks)
    more = Snapshot(device=DEVICE.id, taken_at=clock(), values={USED: "9"})
    async with known.begin() as tx:
        await tx.snapshots.merge(DEVICE.tenant, more)
    clock.advance(hours=24)
    await called(looks)

    assert [paths for paths, _ in line.asked] == [[FREE, NOISE], [FREE, USED, NOISE]]


async def test_a_look_that_failed_is_taken_at_the_next_call(known: Store, clock: FakeClock) -> None:
    line = Line(silent=True)
    await called(sampling(known, clock, line), times=2)

    assert len(line.asked) == 2


async def test_none_is_taken_where_nobody_wants_one(known: Store, clock: FakeClock) -> None:
    line = Line()
    await called(sampling(known, clock, line, measures=timedelta()))

    assert line.asked == []


async def has_said(store: Store, **values: str) -> Device:
    """The device of these tests said this before."""
    said = {NAMES[name]: value for name, value in values.items()}
    async with store.begin() as tx:
        known = await tx.devices.find(BOX)
        assert known is not None
        await tx.snapshots.merge(known.tenant, Snapshot(device=BOX, taken_at=NOW, values=said))
    return known


def looking(acs: Any, store: Store, **wants: Any) -> Sampling:
    wanted = Wants(**wants)
    return Sampling(
        store=store, clock=acs._clock, read=acs.look, wants=wanted, hold=acs._mailroom.expecting
    )


async def test_what_a_device_says_in_a_look_becomes_points(
    home: Any, acs: Any, store: Store
) -> None:
    await has_said(store, noise="-90")
    home.tree[NOISE] = "-80"
    acs._sampling = looking(acs, store, measures=HOUR)

    await home.session("2 PERIODIC")
    await acs.settled()

    async with store.read() as tx:
        found = await tx.measures.of_device(TENANT, BOX)
    assert found == {NOISE: [Point(acs._clock(), "-80")]}


async def test_a_number_that_only_rules_read_goes_to_them_and_makes_no_point(
    home: Any, acs: Any, store: Store
) -> None:
    device = await has_said(store, noise="-90")
    home.tree[NOISE] = "-80"
    keeping = Keeping(store=store, feed=Feed(for_rules=lambda event: event))
    snapshot = Snapshot(device=BOX, taken_at=acs._clock(), values={NOISE: "-80"})

    await keeping.keep(device, snapshot, points=False)

    async with store.begin() as tx:
        assert await tx.measures.of_device(TENANT, BOX) == {}
        (unread,) = await tx.unread_events.take(10)
    assert (unread.path, unread.value, unread.kind) == (NOISE, "-80", EventKind.INFORM)


async def test_a_device_that_has_gone_is_neither_woken_nor_waited_for(
    home: Any, acs: Any, store: Store
) -> None:
    device = await has_said(store, noise="-90")
    woken: list[DeviceId] = []

    async def wake(device: DeviceId) -> None:
        woken.append(device)

    acs._wake = wake
    with pytest.raises(DeviceUnreachable, match="has gone"):
        await acs.look(device, [NOISE])

    await home.session("2 PERIODIC")
    assert (woken, home.asked) == ([], [])


async def test_a_look_ends_with_the_session_that_it_was_begun_in(
    home: Any, acs: Any, store: Store
) -> None:
    device = await has_said(store, noise="-90")
    await home.say(home.inform("2 PERIODIC"))
    look = asyncio.create_task(acs.look(device, [NOISE]))
    await asyncio.sleep(0)

    acs._mailroom._live[BOX]()

    with pytest.raises(DeviceUnreachable, match="has gone"):
        await look
    await home.session("2 PERIODIC")
    assert home.asked == []
