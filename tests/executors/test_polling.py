"""A controller is asked again and again, whatever one pass came to."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from brain.domain.errors import DeviceUnreachable
from executors.polling import poll

SECOND = timedelta(seconds=1)


class Looks:
    """What was done, and how each pass ends."""

    def __init__(self, *ends: Exception | None) -> None:
        self.ends, self.done = list(ends), list[str]()

    async def look(self) -> None:
        self.done.append("look")
        end = self.ends.pop(0)
        if end is not None:
            raise end

    async def sleep(self, seconds: float) -> None:
        self.done.append(f"sleep {seconds:g}")
        if not self.ends:
            raise asyncio.CancelledError


async def polled(looks: Looks, warn: Callable[[], object] = lambda: None) -> list[str]:
    async def warning() -> None:
        looks.done.append("warn")
        warn()

    with pytest.raises(asyncio.CancelledError):
        await poll(looks.look, of="It", every=SECOND, sleep=looks.sleep, warn=warning)
    return looks.done


@pytest.mark.parametrize("failed", [DeviceUnreachable("it is away"), ValueError("broken")])
async def test_a_failed_pass_is_followed_by_another_after_a_pause(failed: Exception) -> None:
    done = await polled(Looks(failed, None))

    assert done == ["warn", "look", "sleep 1", "look", "sleep 1"]


async def test_how_open_it_is_is_asked_until_it_answers_and_then_no_more() -> None:
    answers = [DeviceUnreachable("it is away"), None]

    def warn() -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    looks = Looks(None, None)
    done = await polled(looks, warn)

    assert done == ["warn", "sleep 1", "warn", "look", "sleep 1", "look", "sleep 1"]


async def test_where_nobody_wants_it_nothing_is_asked() -> None:
    looks = Looks(None)

    await poll(looks.look, of="It", every=timedelta(), sleep=looks.sleep, warn=looks.look)

    assert looks.done == []
