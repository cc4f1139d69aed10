"""A call with events that is sent again under its name counts once, whatever came of the first."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.errors import Busy, InvalidInput
from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, PrincipalId
from brain.remediation.remediation import Remediation
from brain.remediation.taking_in import NAMES_KEPT, Named
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import DROP, Street, a_street

BATCH = Named(by=PrincipalId("probe"), key="batch 7")


def drops(street: Street, times: int = 2) -> list[Event]:
    event = Event(
        tenant=TENANT,
        device=street.homes[0].id,
        kind=EventKind.VALUE_CHANGE,
        at=street.road.world.clock(),
        path=DROP,
        value="Down",
    )
    return [event] * times


async def unread(store: Store) -> int:
    async with store.begin() as tx:
        return len(await tx.unread_events.take(100))


async def test_of_two_that_come_at_once_one_counts(any_store: Store) -> None:
    async with a_street(any_store) as street:
        events = drops(street)

        taken = await asyncio.gather(*(street.intake.take(events, BATCH) for _ in range(3)))

        assert (taken, await unread(any_store)) == ([2, 2, 2], 2)


async def test_a_name_is_free_after_a_call_of_which_nothing_was_taken(store: Store) -> None:
    async with a_street(store) as street:
        events = drops(street)
        strange = [*events, replace(events[0], device=DeviceId("nobody"))]
        with pytest.raises(InvalidInput):
            await street.intake.take(strange, BATCH)

        await street.intake.take(events, BATCH)

        assert await unread(store) == 2


async def test_what_was_taken_is_answered_for_where_there_is_no_room_any_more(
    store: Store,
) -> None:
    async with a_street(store) as street:
        events = drops(street)
        await street.intake.take(events, BATCH)
        street.intake.most_unread = 2

        assert await street.intake.take(events, BATCH) == 2
        with pytest.raises(Busy):
            await street.intake.take(events, replace(BATCH, key="batch 8"))
        assert await unread(store) == 2


async def test_a_name_is_kept_until_its_events_are_too_old_to_be_taken(store: Store) -> None:
    async with a_street(store) as street:
        events, clock = drops(street), street.road.world.clock
        await street.intake.take(events, BATCH)

        clock.advance(NAMES_KEPT.total_seconds())
        await Remediation._tidy(street.remediation)
        with pytest.raises(InvalidInput, match="lately"):
            await street.intake.take(events, BATCH)

        clock.advance(timedelta(seconds=1).total_seconds())
        await Remediation._tidy(street.remediation)
        assert await street.intake.take([replace(events[0], at=clock())], BATCH) == 1
