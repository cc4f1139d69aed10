"""How far Gatewright may go by itself with one playbook on one model, and what that rests on.

A level is earned: it never exceeds what the evidence carries, it falls at once when a change did
not hold, and the last step up is a person's.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from brain.domain.errors import Conflict
from brain.domain.fared import wilson
from brain.domain.identity import TenantId
from brain.domain.proposal import Cause


class Level(StrEnum):
    """How far it may go unattended. A person in a chat is not limited by it."""

    OBSERVE = "observe"
    """Proposals are made, kept and compared with what people do. Nobody is bothered."""
    PROPOSE = "propose"
    """The same, and people are shown them. Nothing is submitted."""
    WITH_APPROVAL = "act_with_approval"
    """It submits, and policy has a person approve each change."""
    ALONE = "act_alone"
    """It submits, and policy may let the change through."""

    @property
    def rank(self) -> int:
        """0 for the least."""
        return LADDER.index(self)

    @property
    def submits(self) -> bool:
        """Whether a change may be put before policy at all."""
        return self.rank >= Level.WITH_APPROVAL.rank


LADDER: Final = (Level.OBSERVE, Level.PROPOSE, Level.WITH_APPROVAL, Level.ALONE)
SELF: Final = "gatewright"
"""Who moves a level where no person does."""
BY_ITSELF: Final = Level.WITH_APPROVAL
"""As far as evidence alone takes it; the step beyond is confirmed by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a level is of: a playbook, by the cause it treats, on one manufacturer's model."""

    cause: Cause
    manufacturer: str
    model: str

    def __str__(self) -> str:
        return f"{self.cause.value} on {self.manufacturer} {self.model}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How often it was tried, and how often that held; of shadows: how often people agreed."""

    tried: int = 0
    succeeded: int = 0
    in_a_row: int = 0
    """Successes since the last one that did not hold."""

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson score interval at 95 %."""
        return wilson(self.succeeded, self.tried)

    def heard(self, was: bool | None, held: bool) -> "Evidence":
        """With one more word on a change; ``was`` is the word before on the same one, if any."""
        first = was is None
        return Evidence(
            tried=self.tried + first,
            succeeded=self.succeeded + held - bool(was),
            in_a_row=(self.in_a_row + first) if held else 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What evidence has to reach."""

    tried: int
    lower_bound: float
    in_a_row: int = 0

    def met_by(self, evidence: Evidence) -> bool:
        """Whether it is reached. What was never tried reaches nothing."""
        return (
            evidence.tried > 0
            and self.tried <= evidence.tried
            and self.lower_bound <= evidence.interval[0]
            and self.in_a_row <= evidence.in_a_row
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AutonomyRules:
    """The numbers of ``autonomy`` in the data of policy."""

    propose: Bar
    """Of what shadows showed, or of changes that were carried out."""
    with_approval: Bar
    alone: Bar
    confirm: str
    """The group of which a person raises to ``act_alone``."""
    shadow_for: timedelta
    """How long a shadow waits for what people do."""


_NEVER = Bar(tried=1, lower_bound=2.0)
NEVER: Final = AutonomyRules(
    propose=_NEVER,
    with_approval=_NEVER,
    alone=_NEVER,
    confirm="",
    shadow_for=timedelta(days=3),
)
"""Where nobody gave numbers, no evidence is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one playbook stands on one model, and why."""

    tenant: TenantId
    subject: Subject
    level: Level = Level.OBSERVE
    ceiling: Level = Level.ALONE
    """A person lowered it to here: evidence alone does not raise it beyond."""
    evidence: Evidence = Evidence()
    """Changes for this cause on this model that were carried out, whoever asked for them."""
    shadows: Evidence = Evidence()
    """Proposals that were not applied, and whether people did the same."""
    since: datetime | None = None
    """When it came to this level; None while nothing ever moved it."""
    by: str = SELF
    why: str = ""

    def carried(self, rules: AutonomyRules) -> Level:
        """The highest level that the evidence carries."""
        if not rules.with_approval.met_by(self.evidence):
            shown = rules.propose.met_by(self.shadows) or rules.propose.met_by(self.evidence)
            return Level.PROPOSE if shown else Level.OBSERVE
        return Level.ALONE if rules.alone.met_by(self.evidence) else Level.WITH_APPROVAL

    def heard(
        self, was: bool | None, held: bool, rules: AutonomyRules, *, at: datetime, why: str
    ) -> "Standing":
        """With one more word on a change: it falls at once, or rises as far as evidence takes it.

        ``was`` is the word before on the same change, None when this is the first.
        """
        told = replace(self, evidence=self.evidence.heard(was, held))
        if held:
            return told._risen(rules, at, "changes held")
        capped = told._at_most(told.carried(rules), at, why)
        return capped._at_most(BY_ITSELF, at, why)

    def compared(self, agreed: bool, rules: AutonomyRules, *, at: datetime) -> "Standing":
        """With one more shadow that was held against what people did."""
        told = replace(self, shadows=self.shadows.heard(None, agreed))
        if agreed:
            return told._risen(rules, at, "people did what it proposed")
        return told._at_most(told.carried(rules), at, "people did not do what it proposed")

    def held_to(self, rules: AutonomyRules, *, at: datetime) -> "Standing":
        """No higher than these rules let its evidence carry it: they may be stricter by now."""
        return self._at_most(self.carried(rules), at, "the rules ask for more evidence")

    def lowered(self, level: Level, *, by: str, why: str, at: datetime) -> "Standing":
        """As a person says. Conflict when that would raise it."""
        if level.rank > self.level.rank:
            raise Conflict(
                f"{self.subject} stands at {self.level}, which is less already",
                remedy="Use raise.",
            )
        return replace(self, level=level, ceiling=level, by=by, why=why, since=at)

    def raised(
        self, level: Level, rules: AutonomyRules, *, by: str, why: str, at: datetime
    ) -> "Standing":
        """As a person says. Conflict when the evidence does not carry it."""
        if level.rank <= self.level.rank and level.rank <= self.ceiling.rank:
            raise Conflict(f"{self.subject} stands at {self.level} already")
        if level.rank > self.carried(rules).rank:
            raise Conflict(
                f"the evidence carries {self.carried(rules)} and no more: "
                f"{self.evidence.succeeded} of {self.evidence.tried} held, "
                f"{self.evidence.in_a_row} in a row",
                remedy="Let people go on doing it until it does.",
            )
        ceiling = max(level, self.ceiling, key=lambda each: each.rank)
        return replace(self, level=level, ceiling=ceiling, by=by, why=why, since=at)

    def _risen(self, rules: AutonomyRules, at: datetime, why: str) -> "Standing":
        highest = min(BY_ITSELF, self.ceiling, self.carried(rules), key=lambda each: each.rank)
        if highest.rank <= self.level.rank:
            return self
        return replace(self, level=highest, since=at, by=SELF, why=why)

    def _at_most(self, level: Level, at: datetime, why: str) -> "Standing":
        if self.level.rank <= level.rank:
            return self
        return replace(self, level=level, since=at, by=SELF, why=why)
