"""Whose time is up is told so, and nobody else."""

import asyncio
from math import inf

from executors.acs.deadlines import Deadlines


class Someone:
    def __init__(self, until: float) -> None:
        self.until, self.told = until, 0

    def late(self) -> None:
        self.told += 1


async def test_only_those_whose_time_is_up_are_told() -> None:
    loop, deadlines = asyncio.get_running_loop(), Deadlines(every=0.01)
    late, early, never = Someone(loop.time()), Someone(loop.time() + 60), Someone(inf)
    for each in (late, early, never):
        deadlines.add(each, loop)

    await asyncio.sleep(0.015)

    assert (late.told, early.told, never.told) == (1, 0, 0)


async def test_one_that_was_discarded_is_not_told() -> None:
    loop, deadlines = asyncio.get_running_loop(), Deadlines(every=0.01)
    gone, here = Someone(loop.time()), Someone(loop.time())
    deadlines.add(gone, loop)
    deadlines.add(here, loop)
    deadlines.discard(gone)

    await asyncio.sleep(0.015)

    assert (gone.told, here.told) == (0, 1)


async def test_time_goes_on_after_there_was_nobody() -> None:
    loop, deadlines = asyncio.get_running_loop(), Deadlines(every=0.01)
    first, second = Someone(loop.time()), Someone(loop.time())
    deadlines.add(first, loop)
    deadlines.discard(first)
    await asyncio.sleep(0.03)
    deadlines.add(second, loop)

    await asyncio.sleep(0.015)

    assert second.told == 1
