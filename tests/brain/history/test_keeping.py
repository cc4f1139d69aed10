"""The timeline is forgotten by age and kind, in small batches."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from brain.domain.device import Device
from brain.domain.history import Event, EventKind, Point
from brain.domain.parameter import ParameterPath
from brain.history.keeping import EVENTS, Keeping, Retention
from brain.store.store import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOISE = ParameterPath("Device.WiFi.Radio.1.Stats.Noise")


def keeping(store: Store, days: Mapping[str, int], *, batch: int = 500) -> Keeping:
    events = {name: timedelta(days=days.get(name, 3650)) for name in EVENTS}
    retention = Retention(events=events, measures=timedelta(days=days.get("measures", 3650)))
    return Keeping(
        begin=store.begin, clock=lambda: NOW, retention=retention, batch=batch, pause=0.0
    )


async def happened(store: Store, hub: Device, kind: EventKind, *days: int) -> None:
    events = [
        Event(tenant=hub.tenant, device=hub.id, kind=kind, at=NOW - timedelta(days=day))
        for day in days
    ]
    async with store.begin() as tx:
        await tx.events.add(*events)


async def left(store: Store, hub: Device) -> list[tuple[EventKind, int]]:
    async with store.read() as tx:
        found = await tx.events.of_device(hub.tenant, hub.id)
    return [(each.kind, (NOW - each.at).days) for each in found]


async def test_each_kind_is_kept_as_long_as_its_setting_says(store: Store, hub: Device) -> None:
    await happened(store, hub, EventKind.FAULT, 10, 30)
    await happened(store, hub, EventKind.BOOT, 10, 30)

    forgotten = await keeping(store, {"faults": 20}).forget()

    assert forgotten == 1
    assert await left(store, hub) == [
        (EventKind.BOOT, 10), (EventKind.FAULT, 10), (EventKind.BOOT, 30)
    ]  # fmt: skip


async def test_many_go_in_batches(store: Store, hub: Device) -> None:
    await happened(store, hub, EventKind.FAULT, *range(1, 26))

    forgotten = await keeping(store, {"faults": 5}, batch=4).forget()

    assert forgotten == 20
    assert [day for _, day in await left(store, hub)] == [1, 2, 3, 4, 5]


async def test_measures_go_when_the_whole_page_is_too_old(store: Store, hub: Device) -> None:
    points = [Point(NOW - timedelta(days=day), str(day)) for day in (200, 100, 1)]
    async with store.begin() as tx:
        await tx.measures.add({(hub.tenant, hub.id): {NOISE: points}})

    forgotten = await keeping(store, {"measures": 150}).forget()

    async with store.read() as tx:
        kept = await tx.measures.of_device(hub.tenant, hub.id)
    assert (forgotten, kept) == (1, {NOISE: points[1:]})


def test_every_kind_that_is_stored_is_forgotten_some_day() -> None:
    ledgers = {each for each in EventKind if each.value.startswith("change_")}

    assert frozenset().union(*EVENTS.values()) == set(EventKind) - ledgers
