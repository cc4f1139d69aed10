"""Proposals: what the planner claims would help, and why."""

from datetime import datetime

from pydantic import Field

from api.masking import Mask
from api.shapes.base import Shape
from brain.domain.change import Change, Operation
from brain.domain.proposal import Author, Cause, Direction, Effect, Evidence, Proposal


class ArgumentShape(Shape):
    """A starting value of a new object, or an argument of a command."""

    name: str
    value: str | None = Field(description="Absent when masked.")


class ChangeStepShape(Shape):
    """One parameter, object or command of a plan."""

    op: Operation
    path: str = Field(examples=["Device.WiFi.Radio.1.Channel"])
    before: str | None = Field(None, description="Absent when masked, or not a parameter.")
    after: str | None = Field(None, description="Absent when masked, or not a parameter.")
    masked: bool = Field(False, description="There are values, and they may not be shown.")
    arguments: tuple[ArgumentShape, ...] = ()

    @classmethod
    def of(cls, change: Change, mask: Mask) -> "ChangeStepShape":
        """The change, its secrets masked."""
        before, after = mask.before_and_after(change)
        return cls(
            op=change.op,
            path=change.path,
            before=before,
            after=after,
            masked=change.op is Operation.SET and after is None,
            arguments=tuple(
                ArgumentShape(name=name, value=value) for name, value in mask.arguments(change)
            ),
        )


class EvidenceShape(Shape):
    """One thing that was seen."""

    text: str
    path: str | None = None
    value: str | None = Field(None, description="Absent when masked, or when there is none.")
    guard: bool = Field(False, description="If it moves before the write, the plan is void.")

    @classmethod
    def of(cls, evidence: Evidence, mask: Mask) -> "EvidenceShape":
        """The evidence, its value masked by its path."""
        value = mask.value(evidence.path, evidence.value) if evidence.path else evidence.value
        return cls(text=evidence.text, path=evidence.path, value=value, guard=evidence.guard)


class EffectShape(Shape):
    """What the change promises: the metric moves by at least so much within so many seconds."""

    metric: str
    direction: Direction
    before: str
    by: int
    within_seconds: float
    promise: str = Field(description="The same in a sentence for a person.")

    @classmethod
    def of(cls, effect: Effect | None) -> "EffectShape | None":
        """The promise, if there is one."""
        if effect is None:
            return None
        return cls(
            metric=effect.metric,
            direction=effect.direction,
            before=effect.before,
            by=effect.by,
            within_seconds=effect.within.total_seconds(),
            promise=effect.promise,
        )


class ProposalShape(Shape):
    """What the planner claims. It is not a plan: changes that were grounded are under `changes`."""

    id: str
    case: str
    device: str
    author: Author
    asked_by: str
    on_behalf_of: str
    cause: Cause
    confidence: float
    summary: str
    evidence: list[EvidenceShape]
    changes: list[ChangeStepShape]
    effect: EffectShape | None
    hand_over: str = Field(description="Why nothing should change here, and who needs to know.")
    made_at: datetime

    @classmethod
    def of(cls, proposal: Proposal, mask: Mask) -> "ProposalShape":
        """The proposal, its secrets masked."""
        finding = proposal.finding
        return cls(
            id=proposal.id,
            case=proposal.case,
            device=proposal.device,
            author=proposal.author,
            asked_by=proposal.asked_by,
            on_behalf_of=proposal.on_behalf_of,
            cause=finding.cause,
            confidence=finding.confidence,
            summary=finding.summary,
            evidence=[EvidenceShape.of(each, mask) for each in finding.evidence],
            changes=[ChangeStepShape.of(each, mask) for each in proposal.changes],
            effect=EffectShape.of(proposal.effect),
            hand_over=proposal.hand_over,
            made_at=proposal.made_at,
        )
