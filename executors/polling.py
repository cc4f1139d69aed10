"""Asks a controller that tells nobody by itself, again and again, whatever one pass came to."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from brain.domain.cancelling import cancelled
from brain.domain.errors import GatewrightError

_log = structlog.get_logger(__name__)
Pass = Callable[[], Awaitable[object]]


async def poll(
    look: Pass,
    *,
    of: str,
    every: timedelta,
    sleep: Callable[[float], Awaitable[None]],
    warn: Pass,
) -> None:
    """Until cancelled; never where ``every`` is nothing. ``warn`` looks once how open it is.

    A controller that is not there when this begins is warned of when it answers.
    """
    warned = False
    while every and not cancelled():
        try:
            if not warned:
                await warn()
                warned = True
            await look()
        except GatewrightError as error:
            _log.warning("not_polled", controller=of, reason=str(error))
        except Exception:  # noqa: BLE001 - a failed pass is followed by another
            _log.exception("polling_failed", controller=of)
        if not cancelled():
            await sleep(every.total_seconds())
