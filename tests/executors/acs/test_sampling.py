"""Numbers are looked at now and then while a device is here, and no more often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brain.domain.device import Device
from brain.domain.errors import DeviceUnreachable
from brain.domain.history import Point
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.store import Store
from executors.acs.sampling import Sampling, to_measure
from tests.conftest import FakeClock

NOISE = ParameterPath("Device.WiFi.Radio.1.Stats.Noise")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEVICE = Device(
    id=DeviceId("box"), tenant=TenantId("north"), oui="001122", product_class="", serial="1"
)


class Line:
    """Reads a device, or does not reach it."""

    def __init__(self, *, silent: bool = False) -> None:
        self.silent, self.asked = silent, 0

    async def read(self, device: Device, paths: Any) -> Snapshot:
        self.asked += 1
        assert list(paths) == [NOISE]
        if self.silent:
            raise DeviceUnreachable("it went away")
        return Snapshot(device=device.id, taken_at=NOW, values={})


@pytest.fixture
async def known(store: Store, clock: FakeClock) -> Store:
    said = Snapshot(device=DEVICE.id, taken_at=clock(), values={NOISE: "-90", CHANNEL: "6"})
    async with store.begin() as tx:
        await tx.devices.put(DEVICE)
        await tx.snapshots.merge(DEVICE.tenant, said)
    return store


def sampling(store: Store, clock: FakeClock, line: Line, hours: float = 12) -> Sampling:
    return Sampling(store=store, clock=clock, read=line.read, every=timedelta(hours=hours))


async def called(looks: Sampling, *, times: int = 1) -> None:
    for _ in range(times):
        looks.begin(DEVICE)
        await looks.settled()


async def test_it_is_looked_at_once_in_a_while(known: Store, clock: FakeClock) -> None:
    line = Line()
    looks = sampling(known, clock, line)
    await called(looks, times=3)
    clock.advance(hours=11)
    await called(looks)
    asked_within = line.asked
    clock.advance(hours=1)
    await called(looks)

    assert (asked_within, line.asked) == (1, 2)


async def test_looks_of_long_ago_are_forgotten(known: Store, clock: FakeClock) -> None:
    looks = sampling(known, clock, Line())
    looks.begin(replace(DEVICE, id=DeviceId("gone")))
    await looks.settled()
    clock.advance(hours=12)
    await called(looks)

    assert set(looks._last) == {DEVICE.id}


async def test_a_look_that_failed_is_taken_at_the_next_call(known: Store, clock: FakeClock) -> None:
    line = Line(silent=True)
    await called(sampling(known, clock, line), times=2)

    assert line.asked == 2


async def test_none_is_taken_where_nobody_wants_one(known: Store, clock: FakeClock) -> None:
    line = Line()
    await called(sampling(known, clock, line, hours=0))

    assert line.asked == 0


def test_a_look_is_short() -> None:
    channels = [
        ParameterPath(f"Device.DOCSIS.DownstreamChannel.{number}.Power") for number in range(99)
    ]

    assert len(to_measure([*channels, CHANNEL])) == 40


async def test_what_a_device_says_in_a_look_becomes_points(
    home: Any, acs: Any, store: Store
) -> None:
    device = DeviceId("001122-Box-S1")
    path = ParameterPath("Device.WiFi.Radio.1.Stats.Noise")
    async with store.begin() as tx:
        known = await tx.devices.find(device)
        assert known is not None
        said = Snapshot(device=device, taken_at=NOW, values={path: "-90"})
        await tx.snapshots.merge(known.tenant, said)
    home.tree[path] = "-80"
    looks = Sampling(store=store, clock=acs._clock, read=acs.read, every=timedelta(hours=1))

    looks.begin(known)
    await home.session("2 PERIODIC")
    await looks.settled()

    async with store.read() as tx:
        found = await tx.measures.of_device(known.tenant, device)
    assert found == {path: [Point(acs._clock(), "-80")]}
