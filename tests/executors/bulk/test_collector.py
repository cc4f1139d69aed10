"""What of a bulk data report lands in the history of its device, and what does not."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from brain.domain.device import Device, device_id
from brain.domain.errors import Busy, NotFound
from brain.domain.history import Point
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.history.series import Span, measured
from brain.store.store import Store
from executors.bulk.collector import EVERY, Collector, Taken
from executors.bulk.reports import Malformed

TENANT = TenantId("default")
HOME = Device(
    id=device_id("001122", "Box", "S1"),
    tenant=TENANT,
    oui="001122",
    product_class="Box",
    serial="S1",
    firmware="1.0",
)
NOISE = "Device.WiFi.Radio.1.Stats.Noise"
CHANNEL = "Device.WiFi.Radio.1.Channel"
NAMES = {
    NOISE: False,
    CHANNEL: True,
    "Device.WiFi.Radio.1.Status": False,
    "Device.WiFi.AccessPoint.1.Security.KeyPassphrase": True,
    "Device.DeviceInfo.UpTime": False,
    "Device.X_ACME_Own.Number": False,
}


@pytest.fixture
async def collector(store: Store, clock: Any) -> Collector:
    async with store.begin() as tx:
        await tx.devices.put(HOME)
        await tx.models.put(TENANT, HOME.id, "1.0", NAMES)
    return Collector(store=store, clock=clock)


def report(at: datetime | None = None, **more: object) -> bytes:
    said = {} if at is None else {"CollectionTime": int(at.timestamp())}
    return json.dumps({"Report": [{**said, **more}]}).encode()


async def kept(store: Store) -> dict[ParameterPath, Sequence[Point]]:
    async with store.read() as tx:
        return {**await tx.measures.of_device(TENANT, HOME.id)}


async def test_a_number_lands_in_the_history_at_its_time(
    collector: Collector, store: Store, clock: Any
) -> None:
    at = clock() - timedelta(hours=1)

    taken = await collector.take(HOME.id, report(at, **{NOISE: -90}))

    assert taken == Taken(numbers=1, left_out=0)
    assert await kept(store) == {NOISE: [Point(at, "-90")]}
    async with store.read() as tx:
        span = Span(since=at - timedelta(hours=1), until=clock())
        found = await measured(tx, TENANT, HOME.id, span)
    assert [(each.path, each.points) for each in found] == [(NOISE, [Point(at, "-90")])]


@pytest.mark.parametrize(
    "said",
    [
        {CHANNEL: 11},
        {"Device.WiFi.Radio.1.Status": "Up"},
        {"Device.WiFi.AccessPoint.1.Security.KeyPassphrase": "1234567890"},
        {"Device.DeviceInfo.UpTime": 5},
        {"Device.X_ACME_Own.Number": 5},
        {"Device.WiFi.Radio.2.Stats.Noise": -90},
        {"Device.WiFi.Radio.*.Stats.Noise": -90},
        {"Noise": -90},
        {NOISE: "loud"},
        {NOISE: "1e3"},
        {NOISE: "9" * 40},
        {NOISE: ""},
    ],
    ids=lambda said: next(iter(said)),
)
async def test_what_is_no_number_of_this_device_is_left_out_and_counted(
    collector: Collector, store: Store, said: dict[str, object]
) -> None:
    taken = await collector.take(HOME.id, report(**said))

    assert taken == Taken(numbers=0, left_out=1)
    assert collector.counts["left_out"] == 1
    assert await kept(store) == {}


@pytest.mark.parametrize("away", [timedelta(minutes=6), -timedelta(days=7, seconds=1)])
async def test_a_time_that_cannot_be_is_left_out(
    collector: Collector, store: Store, clock: Any, away: timedelta
) -> None:
    taken = await collector.take(HOME.id, report(clock() + away, **{NOISE: -90}))

    assert taken == Taken(numbers=0, left_out=1)
    assert await kept(store) == {}


async def test_a_report_without_a_time_is_of_now(
    collector: Collector, store: Store, clock: Any
) -> None:
    await collector.take(HOME.id, report(**{NOISE: -90}))

    assert await kept(store) == {NOISE: [Point(clock(), "-90")]}


async def test_a_quarter_of_an_hour_has_one_point_however_often_it_reports(
    collector: Collector, store: Store, clock: Any
) -> None:
    begun = clock()
    for value in range(-3, 0):
        clock.advance(minutes=1)
        await collector.take(HOME.id, report(clock(), **{NOISE: value}))
    clock.set(begun + EVERY)
    await collector.take(HOME.id, report(**{NOISE: -9}))

    assert await kept(store) == {NOISE: [Point(begun, "-1"), Point(begun + EVERY, "-9")]}


async def test_what_the_device_last_said_is_not_touched(
    collector: Collector, store: Store, clock: Any
) -> None:
    async with store.begin() as tx:
        said = Snapshot(device=HOME.id, taken_at=clock(), values={ParameterPath(NOISE): "-80"})
        await tx.snapshots.merge(TENANT, said)
    clock.advance(hours=1)

    await collector.take(HOME.id, report(**{NOISE: -90}))

    async with store.read() as tx:
        latest = await tx.snapshots.latest(TENANT, HOME.id)
        events = await tx.events.of_device(TENANT, HOME.id)
    assert latest == said
    assert events == []


async def test_what_is_malformed_is_counted_and_nothing_of_it_is_kept(
    collector: Collector, store: Store
) -> None:
    with pytest.raises(Malformed):
        await collector.take(HOME.id, b'{"Report": [{"' + NOISE.encode() + b'": -90}, 7]}')

    assert collector.counts == {"malformed": 1}
    assert await kept(store) == {}


async def test_a_device_that_floods_is_sent_away_and_others_are_not(
    collector: Collector, store: Store, clock: Any
) -> None:
    other = DeviceId("001122-Box-S2")
    for _ in range(30):
        await collector.take(HOME.id, report())

    with pytest.raises(Busy):
        await collector.take(HOME.id, report(**{NOISE: -90}))
    with pytest.raises(NotFound):  # heard, and known to nobody
        await collector.take(other, report())

    assert await kept(store) == {}
    assert collector.counts["floods"] == 1
    clock.advance(minutes=1)
    await collector.take(HOME.id, report(**{NOISE: -90}))
    assert await kept(store) != {}


async def test_a_device_whose_model_nobody_knows_adds_nothing(
    collector: Collector, store: Store
) -> None:
    async with store.begin() as tx:
        await tx.devices.put(
            Device(
                id=device_id("001122", "Box", "S9"),
                tenant=TENANT,
                oui="001122",
                product_class="Box",
                serial="S9",
            )
        )

    taken = await collector.take(device_id("001122", "Box", "S9"), report(**{NOISE: -90}))

    assert taken == Taken(numbers=0, left_out=1)
