"""A task that is ended is over."""

import asyncio

from brain.ending import end


async def _once_more(heard: list[str]) -> None:
    """Loses its first cancellation, as ``asyncio.wait_for`` may."""
    for _ in range(2):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            heard.append("cancelled")
    raise asyncio.CancelledError


async def _fails() -> None:
    raise ValueError("of its own")


async def test_a_task_that_lost_its_cancellation_is_cancelled_again() -> None:
    heard: list[str] = []
    task = asyncio.create_task(_once_more(heard))
    await asyncio.sleep(0)

    await end([task], again=0.01)

    assert task.cancelled()
    assert heard == ["cancelled", "cancelled"]


async def test_one_that_tidies_up_is_not_cut_short() -> None:
    tidied: list[str] = []

    async def tidy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.02)
            tidied.append("all of it")

    task = asyncio.create_task(tidy())
    await asyncio.sleep(0)

    await end([task])

    assert tidied == ["all of it"]


async def test_the_error_of_one_does_not_keep_the_others_running() -> None:
    failing, waiting = asyncio.create_task(_fails()), asyncio.create_task(asyncio.Event().wait())
    await asyncio.sleep(0)

    await end([failing, waiting])

    assert isinstance(failing.exception(), ValueError)
    assert waiting.cancelled()
