"""A change as the ledger keeps it: the plan, where it is in its life, and what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from brain.domain.break_glass import BreakGlass
from brain.domain.canonical import digest_of
from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.identity import CaseId, ChangeId, DeviceId, PrincipalId, ProposalId, TenantId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, Value
from brain.domain.proposal import Author, Cause, Effect
from brain.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the plan was reasoned from. If any of it moved, the plan is void."""

    values: tuple[tuple[ParameterPath, Value], ...]
    firmware: str
    data_model_version: str

    @property
    def fingerprint(self) -> str:
        """One digest over all of it."""
        return digest_of(self)

    @property
    def paths(self) -> tuple[ParameterPath, ...]:
        """The paths to read again before the first write."""
        return tuple(path for path, _ in self.values)

    def moved(self, seen: Mapping[ParameterPath, Value], device: Device) -> tuple[str, ...]:
        """What is no longer as it was. A path that cannot be read counts as moved."""
        paths = [str(path) for path, value in self.values if seen.get(path) != value]
        if device.firmware != self.firmware:
            paths.append("firmware")
        if device.data_model_version != self.data_model_version:
            paths.append("data model version")
        return tuple(paths)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """One row of the ledger. ``version`` grows by one with every step (compare and swap)."""

    id: ChangeId
    """At most 32 characters: it travels as the ParameterKey (TR-069 A.3.2.1)."""
    tenant: TenantId
    device: DeviceId
    case: CaseId
    proposal: ProposalId
    plan: Plan
    basis: Basis
    cause: Cause
    author: Author
    asked_by: PrincipalId
    on_behalf_of: str
    behind: frozenset[PrincipalId] = frozenset()
    """The people for whom a job asked, and those whose job it is: they count as askers."""
    unowned: frozenset[PrincipalId] = frozenset()
    """The services behind it of which nobody knows whose they are: no approval counts till then."""
    effect: Effect | None
    state: State
    verdict: Verdict
    """The verdict of the submit point: its obligations are the ones that were approved."""
    approval_expires_at: datetime
    """Until when it may be approved."""
    execution_expires_at: datetime | None = None
    """Until when an approved change may be begun."""
    break_glass: BreakGlass | None = None
    """Somebody goes ahead without waiting for approval or a window, and answers for it."""
    answers: int = 0
    """How many answers were given: an answer that is not among them is none."""
    earlier_approvals: str = ""
    """What became of approvals of an earlier change in the same case, in a sentence."""
    reason: str = ""
    """Why it is in this state, in a sentence for a person."""
    version: int = 1
    created_at: datetime
    updated_at: datetime

    @property
    def parties(self) -> frozenset[str]:
        """Who asked for it and whom it is for: none of them reviews it."""
        named = {str(self.asked_by), self.on_behalf_of, *map(str, self.behind)}
        return frozenset(named - {""})
