"""Carries one plan out on one device, each request handed over once at most.

Whoever calls this has spent the permit. A row with values is the one plan that takes two requests
in CWMP; when the second is refused the row is taken out again, so the plan is whole or not at all.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from brain.datamodel.catalogue import catalogue
from brain.datamodel.diagnostics import written_by
from brain.domain.change import AddObject, DeleteObject, Plan, SetParameter
from brain.domain.errors import ControllerRefused, DeviceUnreachable, Halted, InvalidValue
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterType
from brain.domain.ports import Clock
from executors.acs import messages as m
from executors.acs.dialect import Dialect, NewRow, type_of
from executors.acs.mailbox import Reply
from executors.acs.plans import outcome_of, refused, request_for, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One attempt."""

    dialect: Dialect
    clock: Clock
    ask: Callable[[m.Request], Awaitable[Reply]]

    async def carry_out(self, plan: Plan, *, key: str) -> Outcome:
        """What became of it. DeviceUnreachable or Halted when nothing was sent."""
        try:
            return await self._carry_out(plan, key)
        except ControllerRefused as refusal:  # it kills the device, so it was not sent
            return refused(str(refusal), at=self.clock())

    async def _carry_out(self, plan: Plan, key: str) -> Outcome:
        change = plan.changes[0]
        try:
            if isinstance(change, AddObject):
                return await self._add(self.dialect.adds(change), key)
            request = self._request(plan, key)
        except InvalidValue as error:
            return refused(str(error), at=self.clock())
        if request is None:
            return refused("CWMP has no request that does this", at=self.clock())
        return outcome_of(await self.ask(request), at=self.clock())

    def _request(self, plan: Plan, key: str) -> m.Request | None:
        change = plan.changes[0]
        if isinstance(change, DeleteObject):
            return m.DeleteObject(self.dialect.deletes(change), parameter_key=key)
        sets = self.dialect.sets(plan.sets or _requesting(plan))
        return request_for(plan, key=key, sets=sets)

    async def _add(self, new: NewRow, key: str) -> Outcome:
        reply = await self.ask(m.AddObject(new.table, parameter_key=key))
        if not isinstance(reply, m.AddObjectResponse) or not new.values:
            return outcome_of(reply, at=self.clock())
        row = f"{new.table}{reply.instance}."
        values = new.within(row)
        try:
            outcome = outcome_of(
                await self.ask(m.SetParameterValues(values, parameter_key=key)), at=self.clock()
            )
        except DeviceUnreachable:
            return unknown(f"{row} was added, and its values were not sent", at=self.clock())
        except ControllerRefused as refusal:  # quarantined, so not sent
            outcome = refused(str(refusal), at=self.clock())
        except Halted:
            detail = f"changes were halted: {row} was added, and its values were not sent"
            return unknown(detail, at=self.clock())
        return (
            outcome if outcome.progress is not Progress.REFUSED else await self._undo(row, outcome)
        )

    async def _undo(self, row: str, outcome: Outcome) -> Outcome:
        try:
            reply = await self.ask(m.DeleteObject(row))
        except (ControllerRefused, DeviceUnreachable):
            reply = None
        except Halted:
            detail = (
                f"changes were halted: {row} was added, its values were refused, and it is there"
            )
            return unknown(detail, at=self.clock())
        if isinstance(reply, m.DeleteObjectResponse):
            return outcome
        return unknown(
            f"{row} was added, its values were refused, and it may still be there", at=self.clock()
        )


def _requesting(plan: Plan) -> tuple[SetParameter, ...]:
    """What requests the diagnostic that the plan runs."""
    model = catalogue("tr181-cwmp")
    return tuple(
        SetParameter(path=path, type=ParameterType(type_of(model, path)), before="", after=value)
        for path, value in written_by(plan).items()
    )
