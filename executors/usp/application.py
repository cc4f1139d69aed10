"""Carries one plan out on one agent: one request, handed over once at most.

Whoever calls this has spent the permit. A command that takes long is followed to its end: by its
OperationComplete, or by its row of ``Device.LocalAgent.Request.`` where that is lost (R-OPR).
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from brain.domain.change import Plan
from brain.domain.errors import ControllerRefused, DeviceUnreachable, InvalidPlan
from brain.domain.outcome import Outcome, Progress
from brain.domain.ports import Clock
from executors.completions import Completions
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.codes import COMMAND_FAILED
from executors.usp.errors import UspError
from executors.usp.exchange import Reply
from executors.usp.findings import sentence
from executors.usp.plans import failed, outcome_of, request_for, unknown

_ROW: Final = re.compile(r"Device\.LocalAgent\.Request\.[1-9][0-9]{0,8}\.?")
End = q.OutputArgs | q.CommandFailure
_LOST: Final = "it ended, and how was not told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One attempt."""

    endpoint: str
    clock: Clock
    completions: Completions[End]
    ask: Callable[[q.Request], Awaitable[Reply]]
    read: Callable[[str], Awaitable[dict[str, str]]]
    """The values below an object; DeviceUnreachable or ControllerRefused."""
    patience: float
    """Seconds that a command may take."""
    look_every: float
    """Seconds between looks at its row meanwhile."""

    async def carry_out(self, plan: Plan, *, key: str) -> Outcome:
        """What became of it. DeviceUnreachable or Halted when nothing was sent."""
        if any(change.secret for change in plan.sets):
            return self._refused("what is set cannot be read back over USP, nor proven otherwise")
        try:
            request = request_for(plan, key=key)
        except (InvalidPlan, UspError) as error:
            return self._refused(str(error))
        if not isinstance(request, q.Operate):
            return outcome_of(request, await self.ask(request), at=self.clock())
        end = self.completions.expect(self.endpoint, key)
        try:
            return await self._operate(request, end)
        finally:
            self.completions.forget(self.endpoint, key)

    async def _operate(self, request: q.Operate, end: "asyncio.Future[End]") -> Outcome:
        reply = await self.ask(request)
        if end.done():
            return self._ended(end.result())
        if not isinstance(reply, r.OperateResp):
            return outcome_of(request, reply, at=self.clock())
        said = [each for each in reply.operation_results]
        if [each.executed_command for each in said] != [request.command]:
            return unknown("the device does not say what it carried out", at=self.clock())
        result = said[0].operation_resp
        if not isinstance(result, str):
            return self._ended(result)
        if _ROW.fullmatch(result) is None:
            return unknown("the device does not say where it carries it out", at=self.clock())
        return await self._follow(result.rstrip(".") + ".", request.command_key, end)

    async def _follow(self, row: str, key: str, end: "asyncio.Future[End]") -> Outcome:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.patience
        gone = False
        while loop.time() < until:
            await asyncio.wait({end}, timeout=self.look_every)
            if end.done():
                return self._ended(end.result())
            if gone:  # its end was not on its way either
                return unknown(_LOST, at=self.clock())
            status = await self._status(row, key)
            if status == "Success":
                return Outcome(progress=Progress.APPLIED, at=self.clock())
            if status == "Error":
                return failed(COMMAND_FAILED, sentence(COMMAND_FAILED, []), at=self.clock())
            gone = status == ""
        return unknown("it is still under way, or its end was not told", at=self.clock())

    async def _status(self, row: str, key: str) -> str | None:
        """What the row says; empty when it is gone, None when the agent does not say."""
        try:
            values = await self.read(row)
        except (DeviceUnreachable, ControllerRefused):
            return None
        return values.get(f"{row}Status", "") if values.get(f"{row}CommandKey") == key else ""

    def _ended(self, end: End) -> Outcome:
        if isinstance(end, q.OutputArgs):
            return Outcome(progress=Progress.APPLIED, at=self.clock())
        return failed(end.err_code, sentence(end.err_code, []), at=self.clock())

    def _refused(self, detail: str) -> Outcome:
        return Outcome(progress=Progress.REFUSED, at=self.clock(), detail=detail)
