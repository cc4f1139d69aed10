"""What policy says of a plan."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from brain.domain.canonical import Json
from brain.domain.identity import ChangeId, TenantId
from brain.domain.topology import BlastRadius


class Decision(StrEnum):
    """Deny beats review beats allow."""

    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"


class Severity(StrEnum):
    """How much a finding of policy weighs. Only ``DENY`` and ``REVIEW`` decide."""

    DENY = "deny"
    REVIEW = "review"
    INFO = "info"


class Point(StrEnum):
    """When policy is asked."""

    SUBMIT = "submit"
    EXECUTE = "execute"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFinding:
    """One rule that spoke, on one path, with what to do about it."""

    code: str
    severity: Severity
    path: str
    message: str
    remedy: str
    passing: bool = False
    """Whether the reason goes away by itself, so that asking again later may be answered better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredApproval:
    """So many people of this group."""

    group: str
    min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What a change may have to wait for once it may be carried out, and how long it may."""

    reasons: tuple[str, ...]
    """Windows that have to open and freezes that have to end, in words."""
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How many changes may be made within one scope, this one among them."""

    scope: str
    """``device``, ``port``, ``olt``, ``site``, ``model``, ``tenant`` or ``unplaced``."""
    under_way: int
    """At once."""
    last_hour: int


AUTOMATIC = "automatic"
NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligations:
    """What must be done for the verdict to hold."""

    approvals: tuple[RequiredApproval, ...] = ()
    rollback: str = AUTOMATIC
    """``automatic``, or ``none`` where policy lets through what cannot be undone."""
    review_after: str = ""
    """The group that reviews it afterwards, where it is let through only because somebody broke
    the glass; empty for everything else."""
    wait: Wait | None = None
    """None when it may be carried out at any time."""
    rates: tuple[RateLimit, ...] = ()
    """What an allowance at the write rests on: counted once more when the permit is minted."""

    def begin_within(self, usual: timedelta) -> timedelta:
        """How long an approved change may wait to be begun."""
        return usual if self.wait is None else max(usual, timedelta(minutes=self.wait.minutes))

    def more_than(self, other: "Obligations") -> tuple[RequiredApproval, ...]:
        """The approvals asked for here and not, or of fewer people, there."""
        had = {each.group: each.min for each in other.approvals}
        return tuple(each for each in self.approvals if each.min > had.get(each.group, 0))

    def together(self, other: "Obligations") -> "Obligations":
        """What satisfies both."""
        most = {each.group: each.min for each in self.approvals}
        for each in other.approvals:
            most[each.group] = max(each.min, most.get(each.group, 0))
        return replace(
            self,
            approvals=tuple(RequiredApproval(group=name, min=most[name]) for name in sorted(most)),
            rollback=self.rollback if self.rollback == other.rollback else NONE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of policy to one question. Only ``policies.gate`` makes one."""

    decision: Decision
    point: Point
    plan_digest: str
    policy_revision: str
    engine: str
    decision_id: str
    decided_at: datetime
    findings: tuple[PolicyFinding, ...] = ()
    obligations: Obligations = field(default_factory=Obligations)
    cause: str = ""
    """``policy_unavailable`` when the engine gave no readable answer."""
    seconds: float = 0.0
    reaches: BlastRadius | None = None
    """Whom the change was taken to reach when it was judged; None in verdicts from before it was
    kept."""

    @property
    def passes(self) -> bool:
        """Whether it denies only for what goes away by itself, so that asking again may help."""
        if self.decision is not Decision.DENY:
            return False
        denials = [each for each in self.findings if each.severity is Severity.DENY]
        return bool(self.cause) or (bool(denials) and all(each.passing for each in denials))

    @property
    def why(self) -> str:
        """What decided it, in words."""
        deciding = [f.message for f in self.findings if f.severity.value == self.decision.value]
        said = "; ".join(text.rstrip(".") for text in dict.fromkeys(deciding))
        return said or f"policy says {self.decision}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedVerdict:
    """A verdict as the decision log keeps it: with what policy was asked, secrets masked."""

    tenant: TenantId
    change: ChangeId | None
    """None when the plan never became a change."""
    verdict: Verdict
    input: Json
