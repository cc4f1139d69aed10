"""Ends a task for good.

In Python 3.11 ``asyncio.wait_for`` forgets that it was cancelled when what it waits for is done in
that very turn (cpython#86296); 3.12 does not. Libraries wait so, that of MQTT for each answer of
its broker. A task that never ends by itself then goes on, and whoever ends it waits for ever.
"""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

_AGAIN: Final = 15.0
"""Seconds until a task that goes on is cancelled again. To tidy up takes the library of MQTT up to
ten, where its broker does not answer.
"""


async def end(tasks: Iterable["asyncio.Task[Any]"], *, again: float = _AGAIN) -> None:
    """Cancel them, once more every ``again`` seconds, until each is over; whatever it raised."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        ended, left = await asyncio.wait(left, timeout=again)
        for task in ended:
            if not task.cancelled():
                task.exception()  # else asyncio would say that nobody looked at it
