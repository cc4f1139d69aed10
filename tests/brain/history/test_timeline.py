"""A timeline is what the device reported and what was done to it, newest first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.device import Device
from brain.domain.history import By, Event, EventKind, Window
from brain.domain.identity import DeviceId, PlanDigest
from brain.domain.life import State
from brain.domain.outcome import KeptOutcome, Progress
from brain.domain.record import ChangeRecord
from brain.history.timeline import EVERYTHING, timeline
from brain.store.store import Store

Make = Callable[..., ChangeRecord]
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
CHANNEL = "Device.WiFi.Radio.1.Channel"


def reported(hub: Device, minutes: int, kind: EventKind, path: str = "") -> Event:
    at = NOW + timedelta(minutes=minutes)
    return Event(tenant=hub.tenant, device=hub.id, kind=kind, at=at, path=path, value="6")


async def keep(store: Store, *entries: Event | ChangeRecord) -> None:
    async with store.begin() as tx:
        for entry in entries:
            if isinstance(entry, Event):
                await tx.events.add(entry)
            else:
                await tx.changes.add(entry)


async def seen(store: Store, hub: Device, window: Window = EVERYTHING) -> list[Event]:
    async with store.read() as tx:
        return await timeline(tx, hub.tenant, hub.id, window)


async def test_reports_and_changes_are_told_together(
    store: Store, hub: Device, a_change: Make
) -> None:
    change = a_change(
        "chg_1", State.SUCCEEDED, updated_at=NOW + timedelta(minutes=2), reason="it holds"
    )
    await keep(
        store,
        reported(hub, 1, EventKind.BOOT),
        reported(hub, 3, EventKind.VALUE_CHANGE, CHANNEL),
        change,
    )

    found = await seen(store, hub)

    assert [each.kind for each in found] == [
        EventKind.VALUE_CHANGE,
        EventKind.CHANGE_APPLIED,
        EventKind.BOOT,
    ]
    assert found[1] == Event(
        tenant=hub.tenant,
        device=hub.id,
        kind=EventKind.CHANGE_APPLIED,
        at=change.updated_at,
        path=CHANNEL,
        value="6",
        detail="chg_1 for wifi.congested_channel: it holds",
        by=By.US,
    )


@pytest.mark.parametrize(
    ("state", "kind", "value"),
    [
        (State.VERIFYING, EventKind.CHANGE_APPLIED, "6"),
        (State.SUCCEEDED, EventKind.CHANGE_APPLIED, "6"),
        (State.ROLLED_BACK, EventKind.CHANGE_ROLLED_BACK, "1"),
        (State.FAILED, EventKind.CHANGE_FAILED, ""),
        (State.UNKNOWN, EventKind.CHANGE_UNKNOWN, ""),
    ],
)
async def test_a_change_says_what_became_of_it(
    store: Store, hub: Device, a_change: Make, state: State, kind: EventKind, value: str
) -> None:
    await keep(store, a_change("chg_1", state))

    (entry,) = await seen(store, hub)

    assert (entry.kind, entry.value) == (kind, value)


@pytest.mark.parametrize(
    "state", [State.DENIED, State.AWAITING_APPROVAL, State.REJECTED, State.EXPIRED, State.APPROVED]
)
async def test_a_change_that_was_not_begun_did_not_happen(
    store: Store, hub: Device, a_change: Make, state: State
) -> None:
    await keep(store, a_change("chg_1", state))

    assert await seen(store, hub) == []


def attempt(minutes: int, plan: str = "", progress: Progress = Progress.APPLIED) -> KeptOutcome:
    """What became of the change's own plan, or of the one named."""
    at = NOW + timedelta(minutes=minutes)
    return KeptOutcome(progress=progress, at=at, plan_digest=PlanDigest(plan))


async def tried(store: Store, change: ChangeRecord, *attempts: KeptOutcome) -> None:
    await keep(store, change)
    async with store.begin() as tx:
        for each in attempts:
            digest = each.plan_digest or change.plan.digest
            await tx.outcomes.add(change.tenant, change.id, digest, each)


def told(entries: list[Event]) -> list[tuple[EventKind, int, str]]:
    return [(each.kind, (each.at - NOW) // timedelta(minutes=1), each.value) for each in entries]


async def test_what_was_put_back_stands_where_it_was_written_and_where_it_was_put_back(
    store: Store, hub: Device, a_change: Make
) -> None:
    late = NOW + timedelta(minutes=60)
    change = a_change("chg_1", State.ROLLED_BACK, updated_at=late, reason="it did harm")
    await tried(store, change, attempt(1), attempt(50, "undo"))

    found = await seen(store, hub)

    assert told(found) == [
        (EventKind.CHANGE_ROLLED_BACK, 50, "1"),
        (EventKind.CHANGE_APPLIED, 1, "6"),
    ]
    assert [each.detail for each in found] == [
        "chg_1 for wifi.congested_channel: it did harm",
        "chg_1 for wifi.congested_channel",
    ]


@pytest.mark.parametrize("state", [State.EXECUTING, State.VERIFYING, State.SUCCEEDED])
async def test_a_write_stands_where_it_was_made_and_not_where_its_change_ended(
    store: Store, hub: Device, a_change: Make, state: State
) -> None:
    change = a_change("chg_1", state, updated_at=NOW + timedelta(minutes=60))
    await tried(store, change, attempt(1), attempt(3))

    assert told(await seen(store, hub)) == [(EventKind.CHANGE_APPLIED, 1, "6")]


async def test_what_was_written_and_then_fell_silent_is_told_with_both(
    store: Store, hub: Device, a_change: Make
) -> None:
    change = a_change("chg_1", State.UNKNOWN, updated_at=NOW + timedelta(minutes=9))
    await tried(store, change, attempt(1), attempt(5, "undo", Progress.UNKNOWN))

    assert told(await seen(store, hub)) == [
        (EventKind.CHANGE_UNKNOWN, 9, ""),
        (EventKind.CHANGE_APPLIED, 1, "6"),
    ]


async def test_a_change_that_wrote_nothing_yet_is_not_told(
    store: Store, hub: Device, a_change: Make
) -> None:
    await keep(store, a_change("chg_1", State.EXECUTING))

    assert await seen(store, hub) == []


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.ROLLED_BACK])
async def test_a_secret_is_not_told(
    store: Store, hub: Device, a_change: Make, state: State
) -> None:
    await keep(store, a_change("chg_1", state, secret=True))

    assert [each.value for each in await seen(store, hub)] == [""]


async def test_a_window_has_what_is_in_it(store: Store, hub: Device, a_change: Make) -> None:
    await keep(
        store,
        reported(hub, 1, EventKind.BOOT),
        reported(hub, 5, EventKind.VALUE_CHANGE, "Device.WiFi.Radio.1.Status"),
        reported(hub, 6, EventKind.VALUE_CHANGE, "Device.WiFi.Radio.11.Status"),
        a_change("chg_1", State.SUCCEEDED, updated_at=NOW + timedelta(minutes=4)),
        a_change("chg_2", State.SUCCEEDED, updated_at=NOW - timedelta(minutes=4)),
    )

    async def minutes(window: Window) -> list[int]:
        found = await seen(store, hub, window)
        return [(each.at - NOW) // timedelta(minutes=1) for each in found]

    applied = frozenset({EventKind.CHANGE_APPLIED})
    boots = frozenset({EventKind.BOOT})
    assert await minutes(Window()) == [6, 5, 4, 1, -4]
    assert await minutes(Window(limit=2)) == [6, 5]
    assert await minutes(Window(since=NOW)) == [6, 5, 4, 1]
    assert await minutes(Window(since=NOW + timedelta(minutes=4))) == [6, 5, 4]
    assert await minutes(Window(kinds=applied)) == [4, -4]
    assert await minutes(Window(kinds=boots | applied, since=NOW)) == [4, 1]
    assert await minutes(Window(path="Device.WiFi.Radio.1.")) == [5, 4, -4]
    assert await minutes(Window(path=CHANNEL, limit=1)) == [4]
    assert await minutes(Window(path="Device.WiFi.Radio.1.Stat")) == []


async def test_a_path_is_found_below_many_newer_entries(store: Store, hub: Device) -> None:
    await keep(
        store,
        reported(hub, 1, EventKind.VALUE_CHANGE, CHANNEL),
        *(reported(hub, 2, EventKind.INFORM) for _ in range(30)),
    )

    found = await seen(store, hub, Window(path=CHANNEL, limit=5))

    assert [each.path for each in found] == [CHANNEL]


async def test_another_device_has_another_timeline(
    store: Store, hub: Device, a_change: Make
) -> None:
    await keep(store, a_change("chg_1", State.SUCCEEDED), reported(hub, 1, EventKind.BOOT))

    async with store.read() as tx:
        assert await timeline(tx, hub.tenant, DeviceId("other")) == []
