"""More events than there is room for are turned away at once, and what was taken is kept."""

import asyncio
from dataclasses import replace

import pytest

from brain.domain.errors import Busy
from brain.store.store import Store
from tests.brain.remediation.street import a_street
from tests.brain.remediation.test_sent_again import drops

FITS = 20
"""Events: half of them wait for their commit, half for room there."""


async def test_who_comes_when_the_line_is_full_is_told_so_at_once_and_nothing_of_it_kept(
    store: Store,
) -> None:
    async with a_street(store) as street:
        intake = replace(street.intake, most_in_memory=FITS // 2)
        (event,) = drops(street, 1)
        async with store.begin():  # nobody else writes meanwhile
            calls = [asyncio.create_task(intake.take([event])) for _ in range(FITS)]
            await asyncio.sleep(0)
            with pytest.raises(Busy, match="too many events wait"):
                await asyncio.wait_for(intake.take([event]), 1)
            assert not any(call.done() for call in calls)

        assert await asyncio.gather(*calls) == [1] * FITS
        async with store.read() as tx:
            assert await tx.unread_events.backlog() == FITS


async def test_there_is_room_again_when_what_waited_was_kept(store: Store) -> None:
    async with a_street(store) as street:
        intake = replace(street.intake, most_in_memory=1)
        (event,) = drops(street, 1)

        for _ in range(4):
            assert await asyncio.gather(*(intake.take([event]) for _ in range(2))) == [1, 1]
