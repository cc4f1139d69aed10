"""Whoever comes at about the same time is looked at in one turn."""

import asyncio

from executors.acs.turns import Turns


async def test_the_first_after_a_quiet_moment_does_not_wait() -> None:
    seen: list[int] = []

    Turns(pause=60).take(lambda: seen.append(1), asyncio.get_running_loop())

    assert seen == [1]


async def test_those_who_come_meanwhile_are_looked_at_together_and_in_order() -> None:
    seen: list[int] = []
    turns, loop = Turns(pause=0.01), asyncio.get_running_loop()
    for number in (1, 2, 3):
        turns.take(lambda number=number: seen.append(number), loop)  # type: ignore[misc]
    before = [*seen]
    await asyncio.sleep(0.05)

    assert before == [1]
    assert seen == [1, 2, 3]
