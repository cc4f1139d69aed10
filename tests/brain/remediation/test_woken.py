"""What is told is looked at by the rules at once, and not at their next look."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.history import Event, EventKind
from brain.domain.remediation import Mode
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import DROP, Street, a_street, rules

LONG = 60.0
"""Seconds between two looks here: whatever is found sooner was told of."""


async def an_incident(street: Street) -> bool:
    """Whether there is one long before anybody looks by themselves."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LONG / 4):
            while not await street.incidents():  # noqa: ASYNC110 - there is nothing to wait for
                await asyncio.sleep(0.01)
    return bool(await street.incidents())


@pytest.mark.slow
async def test_events_that_come_are_read_and_judged_without_waiting_for_the_next_look(
    store: Store,
) -> None:
    at_once = [each.model_copy(update={"settle": timedelta()}) for each in rules().rules]
    async with a_street(store, mode=Mode.DRY_RUN, rulebook=rules(rules=tuple(at_once))) as street:
        working = asyncio.create_task(replace(street.remediation, pause=LONG).run())
        await asyncio.sleep(0.1)  # its first look is over: there was nothing
        try:
            await street.happens(street.homes[0], times=6)
            assert await an_incident(street)
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


async def test_nobody_is_woken_by_events_that_were_not_kept(store: Store) -> None:
    async with a_street(store) as street:
        event = Event(
            tenant=TENANT,
            device=street.homes[0].id,
            kind=EventKind.VALUE_CHANGE,
            at=street.road.world.clock(),
            path=DROP,
            value="Down",
        )
        store.events_came.clear()
        with suppress(ZeroDivisionError):
            async with store.begin() as tx:
                await tx.unread_events.add([event])
                raise ZeroDivisionError
        assert not store.events_came.is_set()

        await street.happens(street.homes[0])

        assert store.events_came.is_set()
