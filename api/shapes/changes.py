"""Changes: the plan, where it is in its life, and the whole road it took."""

from datetime import datetime

from pydantic import Field

from api.masking import Mask
from api.shapes.base import Shape
from api.shapes.break_glass import BreakGlassShape
from api.shapes.proposals import ArgumentShape, ChangeStepShape, EffectShape, ProposalShape
from api.shapes.reviews import CommentShape, ReviewShape
from api.shapes.verdicts import VerdictShape
from brain.domain.approval import Answer
from brain.domain.life import State
from brain.domain.outcome import Progress
from brain.domain.proposal import Author, Cause
from brain.domain.record import ChangeRecord


class PlanShape(Shape):
    """What would change on the device, and how it is taken back."""

    digest: str = Field(description="Names exactly this plan; an approval is for a digest.")
    changes: list[ChangeStepShape]
    can_be_undone: bool


class ChangeShape(Shape):
    """One change as the ledger keeps it."""

    id: str = Field(examples=["chg_01k0c8m2v7y3f5d9s4h6j8n1pq"])
    state: State
    reason: str = Field(description="Why it is in this state, in a sentence.")
    device: str
    case: str
    proposal: str
    cause: Cause
    author: Author
    asked_by: str
    on_behalf_of: str
    behind: list[str] = Field([], description="The people for whom a job asked.")
    plan: PlanShape
    fingerprint: str = Field(description="Names the values that the plan was reasoned from.")
    basis: list[ArgumentShape]
    effect: EffectShape | None
    verdict: VerdictShape
    approval_expires_at: datetime
    execution_expires_at: datetime | None
    break_glass: BreakGlassShape | None = None
    earlier_approvals: str = Field(
        "", description="What became of approvals of an earlier change, in a sentence."
    )
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, record: ChangeRecord, mask: Mask) -> "ChangeShape":
        """The record, its secrets masked."""
        return cls(
            **{name: getattr(record, name) for name in _SAME},
            behind=sorted(record.behind),
            plan=_plan(record, mask),
            fingerprint=record.basis.fingerprint,
            basis=[
                ArgumentShape(name=name, value=value)
                for name, value in mask.basis(record.basis.values)
            ],
            break_glass=record.break_glass and BreakGlassShape.model_validate(record.break_glass),
            effect=EffectShape.of(record.effect),
            verdict=VerdictShape.model_validate(record.verdict),
        )


class VoiceShape(Shape):
    """A group that somebody answered for in the name of a member of it."""

    group: str
    of: str


class ApprovalShape(Shape):
    """One person's answer, bound to exactly what they were shown."""

    answer: Answer
    by: str
    groups: list[str]
    standing_in: list[VoiceShape] = Field([])
    plan_digest: str
    fingerprint: str
    policy_revision: str
    answered_at: datetime
    expires_at: datetime
    comment: str
    carried_from: str | None = Field(
        None, description="The earlier change with the same plan that it was given to."
    )


class PermitShape(Shape):
    """Leave that was given to carry the plan out once. Its signature is shown to nobody."""

    id: str
    plan_digest: str
    policy_revision: str
    fence: int
    minted_at: datetime
    expires_at: datetime


class ExecutionShape(Shape):
    """One step of carrying the change out."""

    attempt: int
    step: str
    detail: str
    at: datetime


class OutcomeShape(Shape):
    """What the device or controller said became of one attempt."""

    plan_digest: str
    progress: Progress
    at: datetime
    detail: str
    fault: str
    already: bool
    needs_reboot: bool


class RoadShape(Shape):
    """The whole road of a change, from the claim to what became of it."""

    change: ChangeShape
    proposal: ProposalShape | None
    verdicts: list[VerdictShape]
    approvals: list[ApprovalShape]
    permits: list[PermitShape]
    executions: list[ExecutionShape]
    outcomes: list[OutcomeShape]
    comments: list[CommentShape] = Field([])
    review: ReviewShape | None = Field(
        None, description="Where the review stands, for you; null where nobody is asked."
    )


class WaitingShape(Shape):
    """A change that waits for you."""

    change: ChangeShape
    review: ReviewShape


class RevealedSecret(Shape):
    """One Wi-Fi secret that a change set."""

    path: str = Field(examples=["Device.WiFi.AccessPoint.1.Security.KeyPassphrase"])
    value: str


class RevealedShape(Shape):
    """What may be read out, once, to the subscriber."""

    secrets: list[RevealedSecret]


class AnswerRequest(Shape):
    """A reviewer's answer. Nothing else about an approval is ever taken from a client."""

    digest: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="The digest of the plan that you were shown."
    )
    comment: str = Field("", max_length=1000)


_SAME = (
    "id",
    "state",
    "reason",
    "device",
    "case",
    "proposal",
    "cause",
    "author",
    "asked_by",
    "on_behalf_of",
    "approval_expires_at",
    "execution_expires_at",
    "earlier_approvals",
    "created_at",
    "updated_at",
    "version",
)


def _plan(record: ChangeRecord, mask: Mask) -> PlanShape:
    return PlanShape(
        digest=record.plan.digest,
        changes=[ChangeStepShape.of(each, mask) for each in record.plan.changes],
        can_be_undone=record.plan.can_be_undone,
    )
