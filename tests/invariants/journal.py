"""What was seen from outside, in order: the checks believe this, and not what the product says."""

from dataclasses import dataclass, field
from datetime import datetime

from brain.domain.approval import Answer
from brain.domain.change import Plan
from brain.domain.identity import ChangeId, DeviceId, Principal, PrincipalId
from brain.domain.life import State
from brain.domain.permit import Permit
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from policies.engine import RawAnswer


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question to the policy engine, and what the gate was told."""

    tick: int
    point: str
    digest: str
    about: ChangeId | None
    """Which change is carried out; None before there is one."""
    told: RawAnswer | None
    """None when the engine gave no answer."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An answer that the ledger took."""

    tick: int
    at: datetime
    change: ChangeId
    who: Principal
    answer: Answer
    digest: str
    voices: frozenset[tuple[str, str]] = frozenset()
    """Which groups they stood in for, and for whom."""


@dataclass(frozen=True, kw_only=True)
class Lent:
    """Somebody is away, and a colleague stands in for them in a group."""

    id: str
    at: datetime
    by: PrincipalId
    to: PrincipalId
    group: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Glass:
    """Somebody broke the glass for a change, and the ledger let them."""

    at: datetime
    change: ChangeId
    who: Principal
    digest: str


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A device did something because a permit was shown."""

    tick: int
    at: datetime
    permit: Permit
    plan: Plan
    undo: bool
    told: dict[str, str]
    """What the device was told to set, or to do."""
    halted: bool
    unspent: bool
    """Whether the permit was minted, kept and not used before."""
    backed_up: bool
    lease: tuple[str, int]
    """Who has the device just then, and the newest fence."""
    firmware: str
    before: dict[str, str]
    writers: dict[str, str]
    """Who wrote last what the plan touches: a change, its undoing, or a stranger."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A change got into another state."""

    tick: int
    at: datetime
    change: ChangeId
    before: State | None
    now: State
    halted: bool
    tree: dict[str, str]
    """The device as it is just then."""
    quiet: bool
    """Whether nobody else acted during the very step that did this."""


@dataclass(kw_only=True)
class Case:
    """A change that was submitted, with what everybody was shown of it."""

    proposal: Proposal
    shown: ChangeRecord
    at: datetime


@dataclass
class Journal:
    """Everything that happened so far."""

    cases: dict[ChangeId, Case] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    glasses: list[Glass] = field(default_factory=list)
    lent: list[Lent] = field(default_factory=list)
    minted: list[Permit] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    paged: set[ChangeId] = field(default_factory=set)
    leases: list[tuple[datetime, DeviceId, str, datetime, int]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Every error and every line of the log."""
    broken: list[tuple[int, str]] = field(default_factory=list)
    """What a rule saw by itself: the invariant's number, and how."""
    ticks: int = 0

    def tick(self) -> int:
        """The next moment."""
        self.ticks += 1
        return self.ticks

    def state(self, change: ChangeId) -> State | None:
        """Where the change was last seen."""
        turns = [turn.now for turn in self.turns if turn.change == change]
        return turns[-1] if turns else None

    def answers_to(self, change: ChangeId) -> list[Answered]:
        """In order."""
        return [each for each in self.answers if each.change == change]

    def written(self, change: ChangeId, *, undo: bool = False) -> list[Sent]:
        """What was sent for the change, there or back."""
        return [each for each in self.sent if each.permit.change == change and each.undo is undo]
