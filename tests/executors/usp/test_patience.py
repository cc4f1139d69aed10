"""What waits too long is given None, and one timer sees to all of it."""

import asyncio
import gc
import time
import weakref
from unittest.mock import patch

import pytest

from executors.usp.patience import Patience


async def test_what_is_given_in_time_comes_back() -> None:
    patience = Patience[str](5)
    waiting = patience.loop.create_future()
    patience.loop.call_soon(waiting.set_result, "said")

    assert await patience.outlast(waiting) == "said"


async def test_what_is_given_nothing_in_time_is_none() -> None:
    patience = Patience[str](0.02)

    assert await patience.outlast(patience.loop.create_future()) is None


async def test_each_waits_as_long_whoever_else_waits() -> None:
    patience = Patience[str](0.1)
    loop = patience.loop

    async def waited(before: float) -> float:
        await asyncio.sleep(before)
        began = loop.time()
        assert await patience.outlast(loop.create_future()) is None
        return loop.time() - began

    first, second = await asyncio.gather(waited(0), waited(0.05))

    assert first >= 0.09
    assert second >= 0.09


async def test_the_next_one_is_seen_to_after_a_first_that_was_answered() -> None:
    patience = Patience[str](0.05)
    answered = patience.loop.create_future()
    patience.loop.call_soon(answered.set_result, "said")
    await patience.outlast(answered)

    assert await patience.outlast(patience.loop.create_future()) is None


async def test_all_share_one_timer() -> None:
    patience = Patience[str](0.05)
    loop = patience.loop

    with patch.object(loop, "call_at", wraps=loop.call_at) as timers:
        waiting = [patience.outlast(loop.create_future()) for _ in range(20)]
        assert await asyncio.gather(*waiting) == [None] * 20

    assert timers.call_count <= 2  # the clock moves while the twenty begin


async def test_one_who_begins_after_the_last_was_given_up_is_given_up_too() -> None:
    patience = Patience[str](0.02)
    assert await patience.outlast(patience.loop.create_future()) is None

    async with asyncio.timeout(1):
        assert await patience.outlast(patience.loop.create_future()) is None


async def test_one_answered_in_the_same_moment_keeps_nobody_else_waiting() -> None:
    patience = Patience[str](0.05)
    loop = patience.loop
    first, second = loop.create_future(), loop.create_future()
    waiting = asyncio.gather(patience.outlast(first), patience.outlast(second))
    await asyncio.sleep(0)
    loop.call_at(loop.time() + 0.01, time.sleep, 0.1)  # both are due when the loop goes on
    loop.call_at(loop.time() + 0.02, first.set_result, "said")

    async with asyncio.timeout(1):
        assert await waiting == ["said", None]


@pytest.mark.parametrize("how", ["answered", "cancelled"])
async def test_whoever_waits_no_longer_is_forgotten(how: str) -> None:
    patience = Patience[str](60)
    waiting = patience.loop.create_future()
    task = asyncio.create_task(patience.outlast(waiting))
    await asyncio.sleep(0)

    task.cancel() if how == "cancelled" else waiting.set_result("said")
    await asyncio.gather(task, return_exceptions=True)
    kept = weakref.ref(waiting)
    del waiting, task
    await asyncio.sleep(0.01)
    gc.collect()

    assert kept() is None
