"""Reads an agent: values, what its software has, and the rows that there are."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from brain.domain.errors import ControllerRefused, DeviceUnreachable
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.codes import ABSENT, RESOURCES_EXCEEDED, Ending, ending, meaning
from executors.usp.exchange import Reply
from executors.usp.supported import GetSupportedDMResp, SupportedObjectResult

Ask = Callable[[q.Request], Awaitable[Reply]]
"""Asks one agent one thing; reading is always repeatable."""

A = TypeVar("A", bound=r.Response)

_TRIES: Final = 2


class Reading:
    """One reading of one agent. DeviceUnreachable when it is silent, ControllerRefused when not."""

    def __init__(self, ask: Ask, *, batch: int) -> None:
        self._ask = ask
        self._batch = batch

    async def values(self, paths: Sequence[str]) -> dict[str, str]:
        """The values of these parameters and objects; what the agent does not have is left out.

        An agent shows nothing of what its controller's role may not read, so that is left out too.
        """
        found: dict[str, str] = {}
        waiting = [*reversed([*dict.fromkeys(paths)])]
        while waiting:
            batch = [waiting.pop() for _ in range(min(self._batch, len(waiting)))]
            reply = await self._answer(q.Get(tuple(batch)), r.GetResp)
            if isinstance(reply, r.GetResp):
                found |= _values(reply)
            elif reply.err_code == RESOURCES_EXCEEDED and len(batch) > 1:
                self._batch = max(1, len(batch) // 2)
                waiting += reversed(batch)
            elif reply.err_code in ABSENT and len(batch) > 1:
                for path in batch:
                    found |= await self.values([path])
            elif reply.err_code not in ABSENT:
                raise _refusal(reply.err_code)
        return found

    async def supported(self, path: str) -> tuple[SupportedObjectResult, ...]:
        """What the software has below an object."""
        reply = await self._answer(q.GetSupportedDM((path,)), GetSupportedDMResp)
        if isinstance(reply, r.Error):
            raise _refusal(reply.err_code)
        return tuple(each for said in reply.req_obj_results for each in said.supported_objs)

    async def instances(self, path: str) -> list[str]:
        """The rows below an object, each ending in a dot."""
        reply = await self._answer(q.GetInstances((path,)), r.GetInstancesResp)
        if isinstance(reply, r.Error):
            raise _refusal(reply.err_code)
        return [
            each.instantiated_obj_path
            for said in reply.req_path_results
            for each in said.curr_insts
        ]

    async def protocols(self, ours: str) -> str:
        """The versions that the agent speaks; empty where it does not say."""
        reply = await self._answer(q.GetSupportedProtocol(ours), r.GetSupportedProtocolResp)
        return "" if isinstance(reply, r.Error) else reply.agent_supported_protocol_versions[:64]

    async def _answer(self, request: q.Request, kind: type[A]) -> A | r.Error:
        """Asked again once, where the agent says that it may take it later."""
        for tries in range(1, _TRIES + 1):
            reply = await self._ask(request)
            if reply is None:
                raise DeviceUnreachable(
                    "the device stopped answering", remedy="Try again when it has come back."
                )
            if not isinstance(reply, r.Error | kind):
                raise ControllerRefused("the device answers what was not asked")
            passing = isinstance(reply, r.Error) and ending(reply.err_code) is Ending.RETRY
            if not passing or tries == _TRIES:
                return reply
        raise AssertionError("one of the tries returns")


def _values(reply: r.GetResp) -> dict[str, str]:
    found: dict[str, str] = {}
    for said in reply.req_path_results:
        if said.err_code and said.err_code not in ABSENT:
            raise _refusal(said.err_code)
        for each in said.resolved_path_results:
            found |= {each.resolved_path + name: text for name, text in each.result_params.items()}
    return found


def _refusal(code: int) -> ControllerRefused:
    said = f"{code} {meaning(code)}"
    return ControllerRefused(f"the device will not say it: {said}", fault=str(code))
