"""Asks one agent through Oktopus, and lets no answer through that is another's.

Reading is repeated until the answer is ours. Writing is handed over once: where its answer went to
somebody else, or never came, that is None, and whoever asked has to look.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from brain.domain.errors import ControllerRefused, DeviceUnreachable, OutcomeUnknown
from executors.oktopus.belonging import is_foreign, marked, without_mark
from executors.oktopus.bodies import answered, written
from executors.oktopus.interface import Interface
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.codes import ABSENT
from executors.usp.exchange import Reply

_log = structlog.get_logger(__name__)
_TRIES: Final = 5
_PAUSE: Final = 0.05
"""Seconds after the first answer of another, doubled after each: our own comes while nobody waits.
Asked again at once, we would be given that one for the next, and so on to the last."""
_VERBS: Final[dict[type, str]] = {
    q.Get: "get",
    q.Set: "set",
    q.Add: "add",
    q.Delete: "del",
    q.Operate: "operate",
}


@dataclass(slots=True, kw_only=True)
class Conversation:
    """With one agent; one request of ours at a time, or our own answers would cross."""

    interface: Interface
    endpoint: str
    mark: Callable[[], str]
    """Something new each time."""
    crossed: int = field(default=0)
    """So many answers were another's."""

    async def read(self, request: q.Request) -> Reply:
        """The answer to a Get, which is ours. DeviceUnreachable when none comes, and
        ControllerRefused where the agent does not repeat what it was asked."""
        assert isinstance(request, q.Get)
        last: r.Error | None = None
        for number in range(_TRIES):
            await asyncio.sleep(_PAUSE * 2 ** (number - 1) if number else 0)
            asked = marked(request, self.mark())
            try:
                reply = await self._ask(asked)
            except OutcomeUnknown as error:
                raise DeviceUnreachable(
                    f"it could not be read: {error.message}",
                    remedy="Try again when the device answers.",
                ) from None
            if isinstance(reply, r.GetResp):
                return without_mark(reply)
            if isinstance(reply, r.Error) and reply == last:
                return _error(reply)
            last = reply if isinstance(reply, r.Error) else None
        raise DeviceUnreachable(
            "Oktopus gave the answers of others, and none of ours",
            remedy="Try again when nobody else works on the device in Oktopus.",
        )

    async def write(self, request: q.Request) -> Reply:
        """What the device says of it; None when nobody can tell. DeviceUnreachable when it is
        certain that nothing was sent."""
        try:
            return await self._ask(request)
        except OutcomeUnknown:
            return None

    async def _ask(self, request: q.Request) -> Reply:
        said = await self.interface.ask(self.endpoint, _VERBS[type(request)], written(request))
        reply = answered(request, said)
        if reply is None or is_foreign(request, reply):
            self.crossed += 1
            _log.info("oktopus_answer_of_another", endpoint=self.endpoint)
            return None
        return reply


def _error(reply: r.Error) -> r.Error:
    """An agent that fails as a whole over the path of ours says nothing of the others."""
    if reply.err_code in ABSENT:
        raise ControllerRefused(
            "its agent answers nothing where one path of several is not there, so nobody can"
            " tell whose answers these are",
            fault=str(reply.err_code),
        )
    return reply
