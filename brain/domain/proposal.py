"""What the planner claims would help. It is a claim: untrusted until grounded and judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from brain.domain.change import Change
from brain.domain.identity import CaseId, DeviceId, PrincipalId, ProposalId, TenantId
from brain.domain.parameter import ParameterPath, Value


class Cause(StrEnum):
    """The reasons the planner can find. ``UNKNOWN`` is an honest answer."""

    CONGESTED_CHANNEL = "wifi.congested_channel"
    WRONG_DNS = "wan.wrong_dns"
    WEAK_OPTICAL_SIGNAL = "access.weak_optical_signal"
    SHARED_UPSTREAM = "access.shared_upstream"
    FORGOTTEN_PASSPHRASE = "wifi.forgotten_passphrase"  # noqa: S105 - a cause, not a credential
    REQUESTED = "agent.requested"
    UNKNOWN = "unknown"


class Author(StrEnum):
    """Which planner composed the proposal; policy treats free composition as riskier."""

    RULES = "rules"
    LLM_CHOSEN = "llm_chosen"
    LLM_COMPOSED = "llm_composed"
    PERSON = "person"


class Direction(StrEnum):
    """Which way a metric has to move."""

    DOWN = "down"
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was seen, in the words of a person, with where it was seen."""

    text: str
    path: ParameterPath | None = None
    value: Value | None = None
    guard: bool = False
    """The proposal stands or falls with it: if it moves before the write, plan anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the change promises: after ``within``, ``metric`` has moved by at least ``by``."""

    metric: ParameterPath
    direction: Direction
    before: Value
    by: int
    within: timedelta

    def kept(self, after: Value | None) -> bool | None:
        """Whether the promise was kept; None when the metric cannot be read."""
        gain = self._gain(after)
        return None if gain is None else gain >= self.by

    def worse(self, after: Value | None) -> bool | None:
        """Whether things are worse than before; None when the metric cannot be read."""
        gain = self._gain(after)
        return None if gain is None else gain < 0

    def shown(self, value: Value | None) -> str:
        """A value of the metric for a person; TR-181 counts utilisation from 0 to 255."""
        if self.metric.endswith(".Utilization") and value and value.isdecimal():
            return f"{int(value) * 100 / 255:.0f} %"
        return value or "unreadable"

    @property
    def promise(self) -> str:
        """What is promised, in a sentence for a person."""
        sense = "falls" if self.direction is Direction.DOWN else "rises"
        return (
            f"{self.name} {sense} from {self.shown(self.before)} by at least "
            f"{self.shown(str(self.by))} within {self.within.total_seconds():.0f} s."
        )

    @property
    def name(self) -> str:
        """The metric's own name, without the objects it is in."""
        return self.metric.rpartition(".")[2]

    def _gain(self, after: Value | None) -> int | None:
        try:
            moved = int(after or "") - int(self.before)
        except ValueError:
            return None
        return moved if self.direction is Direction.UP else -moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason, how sure the planner is of it (0 to 1), and what it rests on."""

    cause: Cause
    confidence: float
    summary: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Changes to one device that the planner claims would help.

    An empty ``changes`` is a proposal too: *no change here*, with the evidence for somebody else.
    """

    id: ProposalId
    tenant: TenantId
    case: CaseId
    device: DeviceId
    author: Author
    asked_by: PrincipalId
    """Who asked: the support agent, or the job."""
    on_behalf_of: str = ""
    """The subscriber it is for, by id."""
    finding: Finding
    changes: tuple[Change, ...] = ()
    effect: Effect | None = None
    hand_over: str = ""
    """When nothing should change here: what somebody else needs to know, and who."""
    made_at: datetime
