"""Reviews: what is missing, who may answer, who is away and who stands in."""

from datetime import datetime

from pydantic import AwareDatetime, Field

from api.shapes.base import Shape
from api.shapes.problem import Problem
from api.shapes.proposals import ChangeStepShape
from brain.domain.absence import Absence, Delegation
from brain.domain.approval import Answer
from brain.domain.comment import LONGEST
from brain.domain.life import State

MOST_AT_ONCE = 100
_DIGEST = r"^[0-9a-f]{64}$"


class AwayShape(Shape):
    """Somebody of a group who is away."""

    who: str
    until: datetime


class GroupReviewShape(Shape):
    """How far one group is, and who of it can still answer."""

    group: str
    needed: int
    given: list[str] = Field(description="Who fills a seat. Nobody fills two, in any groups.")
    missing: int
    may_answer: list[str] = Field(description="Who is here and of the group, or stands in.")
    away: list[AwayShape]
    says: str


class MayAnswerShape(Shape):
    """Whether you may approve it now."""

    may: bool
    why: str = Field(description="Why not, in a sentence; empty when you may.")
    may_reject: bool = Field(description="Whether you may still end it: until it begins.")
    may_take_back: bool = Field(description="Whether you approved it and may take that back.")
    standing_in_for: list[str] = Field(description="In whose name you would answer.")


class ReviewShape(Shape):
    """Where a review stands, for the one who asks."""

    groups: list[GroupReviewShape]
    may_answer: MayAnswerShape
    approve_before: datetime = Field(description="When the time to approve it ends.")
    begin_before: datetime | None = Field(description="When the time to use the approvals ends.")
    answers: int = Field(description="How many answers were given.")
    not_genuine: int = Field(
        description="Answers in the database that were not given here: none of them counts."
    )
    whole: bool = Field(description="False when an answer that was given is gone: it is stuck.")


class CommentShape(Shape):
    """What somebody said about a change without answering it."""

    by: str
    at: datetime
    text: str


class CommentRequest(Shape):
    """What to say. It is encrypted, and shown to whoever may read the change."""

    text: str = Field(min_length=1, max_length=LONGEST)


class AlikeItem(Shape):
    """One of the changes that are alike."""

    change: str
    device: str
    digest: str
    asked_by: str
    steps: list[ChangeStepShape]
    may_answer: MayAnswerShape


class AlikeShape(Shape):
    """Changes that wait and do the same, so that one difference shows them all."""

    steps: list[ChangeStepShape] = Field(description="The difference, as on the first device.")
    findings: list[str] = Field(description="What policy says of each of them.")
    items: list[AlikeItem]
    says: str = Field(
        description="What is alike and what is not: a secret never is, each device gets its own.",
        examples=["What it is now may differ from home to home; what it becomes is the same."],
    )
    left_out: int = Field(description="How many more there are than are shown at once.")


class ShownChange(Shape):
    """A change and the digest of its plan, as they were shown."""

    change: str = Field(max_length=256)
    digest: str = Field(pattern=_DIGEST)


class ManyAnswersRequest(Shape):
    """One answer to several changes. Each is checked as if it came alone."""

    answer: Answer
    changes: list[ShownChange] = Field(min_length=1, max_length=MOST_AT_ONCE)
    comment: str = Field("", max_length=1000)


class AnsweredShape(Shape):
    """What became of the answer to one change."""

    change: str
    state: State | None = Field(description="Null where the answer was refused.")
    problem: Problem | None


class ManyAnsweredShape(Shape):
    """Every result, in the order of the request."""

    results: list[AnsweredShape]


class DelegationShape(Shape):
    """Who stands in for whom."""

    id: str
    group: str
    by: str
    to: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, delegation: Delegation) -> "DelegationShape":
        """The delegation, its span laid open."""
        span = delegation.span
        return cls(
            id=delegation.id,
            group=delegation.group,
            by=delegation.by,
            to=delegation.to,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
        )


class DelegationRequest(Shape):
    """Lend your own membership of a group to a colleague for a time."""

    to: str = Field(min_length=1, max_length=256)
    group: str = Field(min_length=1, max_length=256)
    starts_at: AwareDatetime | None = Field(None, description="Now, unless said.")
    until: AwareDatetime


class AbsenceShape(Shape):
    """Who is away."""

    id: str
    who: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, absence: Absence) -> "AbsenceShape":
        """The absence, its span laid open."""
        span = absence.span
        return cls(id=absence.id, who=absence.who, starts_at=span.starts_at, ends_at=span.ends_at)


class AbsenceRequest(Shape):
    """Say that you are away."""

    starts_at: AwareDatetime | None = Field(None, description="Now, unless said.")
    until: AwareDatetime
