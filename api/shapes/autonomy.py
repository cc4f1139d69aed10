"""How far playbooks may go by themselves, how changes fared, and what shadows showed."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from api.shapes.base import Shape
from brain.domain.autonomy import AutonomyRules, Evidence, Level, Standing
from brain.domain.fared import EffectSize, Fared
from brain.domain.history import TrackRecord
from brain.domain.proposal import Author, Cause
from brain.domain.shadow import Agreement, Shadow


class LevelRequest(Shape):
    """A playbook on a model, and how far it may go there by itself."""

    cause: Cause = Field(examples=["wifi.congested_channel"])
    manufacturer: str = Field(min_length=1, max_length=256)
    model: str = Field(min_length=1, max_length=256)
    level: Level
    reason: str = Field("", description="Why; it has to be given, and is kept encrypted.")


class EvidenceShape(Shape):
    """How often it was tried and held, with the 95 % interval of the share (Wilson)."""

    tried: int
    succeeded: int
    in_a_row: int = Field(description="Successes since the last one that did not hold.")
    low: float
    high: float

    @classmethod
    def of(cls, evidence: Evidence) -> "EvidenceShape":
        """The evidence, with its interval."""
        low, high = evidence.interval
        return cls(
            tried=evidence.tried,
            succeeded=evidence.succeeded,
            in_a_row=evidence.in_a_row,
            low=low,
            high=high,
        )


class StandingShape(Shape):
    """Where one playbook stands on one model, and what that rests on."""

    cause: Cause
    manufacturer: str
    model: str
    level: Level
    carried: Level = Field(description="The highest level that the evidence carries.")
    ceiling: Level = Field(description="A person lowered it to here; act_alone where nobody did.")
    evidence: EvidenceShape = Field(description="Changes that were carried out.")
    shadows: EvidenceShape = Field(
        description="Proposals that were not applied, and whether people did the same."
    )
    since: datetime | None
    by: str
    why: str

    @classmethod
    def of(cls, standing: Standing, rules: AutonomyRules) -> "StandingShape":
        """The standing, under these rules."""
        subject = standing.subject
        return cls(
            cause=subject.cause,
            manufacturer=subject.manufacturer,
            model=subject.model,
            level=standing.level,
            carried=standing.carried(rules),
            ceiling=standing.ceiling,
            evidence=EvidenceShape.of(standing.evidence),
            shadows=EvidenceShape.of(standing.shadows),
            since=standing.since,
            by=standing.by,
            why=standing.why,
        )


class AgreementShape(Shape):
    """How often people did what one planner proposed with one playbook on one model."""

    cause: Cause
    manufacturer: str
    model: str
    planner: Author
    agreed: int
    otherwise: int = Field(description="People changed something else on the device.")
    nothing: int = Field(description="Nobody changed anything.")
    open: int = Field(description="Their time is not up; they are not counted in the interval.")
    low: float
    high: float


class ShadowShape(Shape):
    """One proposal that was not applied."""

    proposal: str
    device: str
    cause: Cause
    planner: Author
    touches: list[str]
    made_at: datetime
    until: datetime
    end: Agreement
    ended_at: datetime | None
    seen: str = Field(description="What it was held against: a change by its id, or at the box.")

    @classmethod
    def of(cls, shadow: Shadow) -> "ShadowShape":
        """The shadow."""
        return cls(
            proposal=shadow.proposal,
            device=shadow.device,
            cause=shadow.subject.cause,
            planner=shadow.author,
            touches=shadow.templates.split(),
            made_at=shadow.made_at,
            until=shadow.until,
            end=shadow.end,
            ended_at=shadow.ended_at,
            seen=shadow.seen,
        )


class By(StrEnum):
    """What records are told by."""

    CAUSE = "cause"
    CHANGE = "change"
    MANUFACTURER = "manufacturer"
    MODEL = "model"
    FIRMWARE = "firmware"


class EffectsQuery(Shape):
    """Which records are asked for."""

    by: list[By] = Field([By.CAUSE], min_length=1, description="What to tell them by.")
    cause: Cause | None = None
    manufacturer: str = Field("", max_length=256)
    model: str = Field("", max_length=256)
    firmware: str = Field("", max_length=256)
    limit: int = Field(100, ge=1, le=500)

    @property
    def fields(self) -> list[str]:
        """The fields of a kind that they are told by, each once."""
        return list(dict.fromkeys("templates" if each == By.CHANGE else each for each in self.by))

    @property
    def only(self) -> dict[str, str]:
        """What narrows them."""
        said = {name: getattr(self, name) for name in ("cause", "manufacturer", "model")}
        said["firmware"] = self.firmware
        return {name: value for name, value in said.items() if value}


class RateShape(Shape):
    """How one kind of change fared. What it was not asked by is left out."""

    cause: str | None = None
    templates: str | None = Field(None, description="What is touched, without instance numbers.")
    manufacturer: str | None = None
    model: str | None = None
    firmware: str | None = None
    tried: int
    succeeded: int
    low: float
    high: float
    measured: int = Field(description="Of how many it was measured what they promised.")
    helped: float | None = Field(
        None, description="By how much that moved, as a share of what it was; below 0 it got worse."
    )
    margin: float | None = Field(None, description="Half of the 95 % interval of that.")

    @classmethod
    def of(cls, kind: dict[str, str], record: TrackRecord) -> "RateShape":
        """The record of this kind."""
        effect: EffectSize | None = record.effect
        low, high = record.interval
        return cls(
            **kind,
            tried=record.tried,
            succeeded=record.succeeded,
            low=low,
            high=high,
            measured=effect.measured if effect else 0,
            helped=effect.mean if effect else None,
            margin=effect.margin if effect else None,
        )


class EffectShape(Shape):
    """What one change promised, and what came of that."""

    change: str
    device: str
    metric: str = Field(description="What was promised to move; empty when nothing was.")
    promised: int | None
    before: int | None
    after: int | None = Field(description="As last read.")
    gain: int | None = Field(description="How far it moved the way it was to move.")
    watched_seconds: float | None
    held: bool | None = Field(description="null while nobody can say.")
    at: datetime

    @classmethod
    def of(cls, fared: Fared) -> "EffectShape":
        """What is known."""
        return cls(
            change=fared.change,
            device=fared.device,
            metric=fared.metric,
            promised=fared.promised,
            before=fared.before,
            after=fared.after,
            gain=fared.gain,
            watched_seconds=fared.watched.total_seconds() if fared.watched is not None else None,
            held=fared.held,
            at=fared.at,
        )
