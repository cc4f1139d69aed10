"""A plan as CWMP requests, and what the answers make of it."""

from datetime import datetime

from brain.datamodel.diagnostics import diagnostic_of
from brain.domain.change import Command, Plan
from brain.domain.outcome import Outcome, Progress
from executors.acs import messages as m
from executors.acs.faults import advice, sentence
from executors.acs.mailbox import Reply

_COMMANDS: dict[str, type[m.Reboot] | type[m.FactoryReset]] = {
    "Device.Reboot()": m.Reboot,
    "Device.FactoryReset()": m.FactoryReset,
}


def request_for(plan: Plan, *, key: str, sets: tuple[m.ParameterValue, ...]) -> m.Request | None:
    """The one request that carries a plan of no row; None when CWMP has none for it.

    ``sets`` are the parameters of the plan, or of the diagnostic that it runs, by the device's own
    names, and ``key`` is kept by the device as ParameterKey (TR-069 A.3.2.1) or comes back as
    CommandKey.
    """
    if plan.sets or diagnostic_of(plan) is not None:
        return m.SetParameterValues(sets, parameter_key=key) if sets else None
    change = plan.changes[0]
    if isinstance(change, Command) and not change.arguments:
        kind = _COMMANDS.get(change.path)
        if kind is m.Reboot:
            return m.Reboot(command_key=key)
        return m.FactoryReset() if kind is m.FactoryReset else None
    return None


def outcome_of(reply: Reply, *, at: datetime) -> Outcome:
    """What an answer says became of it."""
    if reply is None:
        return unknown("it was handed to the device, and no answer came", at=at)
    if isinstance(reply, m.Fault):
        detail = f"{sentence(reply)}. {advice(reply)}"
        return Outcome(progress=Progress.REFUSED, at=at, detail=detail, fault=str(reply.code))
    status = getattr(reply, "status", 0)
    if status not in (0, 1):
        return unknown("the device answered with a status that has no meaning", at=at)
    return Outcome(progress=Progress.APPLIED, at=at, needs_reboot=status == 1)


def unknown(detail: str, *, at: datetime) -> Outcome:
    """Nobody can tell."""
    return Outcome(progress=Progress.UNKNOWN, at=at, detail=detail)


def refused(detail: str, *, at: datetime) -> Outcome:
    """Nothing was changed, for a reason on our side of the wire."""
    return Outcome(progress=Progress.REFUSED, at=at, detail=detail)
