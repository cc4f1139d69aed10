"""Waits for what comes by itself, a moment later."""

import asyncio
from collections.abc import Callable


async def soon(true: Callable[[], object]) -> None:
    """Until it is so; TimeoutError when it never is."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.005)
