"""Broken glasses: who went ahead without waiting, and what somebody else said of it afterwards."""

from datetime import datetime

from pydantic import Field

from api.shapes.base import Shape
from brain.domain.break_glass import BrokenGlass
from brain.domain.life import State
from brain.domain.record import ChangeRecord


class BreakGlassRequest(Shape):
    """Go ahead now, and answer for it afterwards."""

    digest: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="The digest of the plan that you were shown."
    )
    # What is missing or too long is refused by the ledger, which puts the attempt on record.
    ticket: str = Field(
        "", description="The ticket of the emergency; it has to be given.", examples=["INC-2041"]
    )
    reason: str = Field(
        "",
        description="What cannot wait; it has to be given. It is kept encrypted, for the review.",
    )


class GlassReviewRequest(Shape):
    """What you say of it, who had no part in it."""

    justified: bool = Field(description="Whether it could not have waited.")
    comment: str = Field(max_length=1000)


class BreakGlassShape(Shape):
    """The glass was broken for a change: it waits for no approval and no window until then."""

    by: str
    ticket: str
    reason: str
    at: datetime
    expires_at: datetime


class GlassReviewShape(Shape):
    """What somebody else said of it afterwards."""

    by: str
    at: datetime
    justified: bool
    comment: str


class BrokenGlassShape(Shape):
    """One broken glass, what became of the change, and the review that it has to have."""

    id: str = Field(examples=["glass_01k0c8m2v7y3f5d9s4h6j8n1pq"])
    change: str
    device: str
    glass: BreakGlassShape
    asked_by: str
    reviewers: str = Field(description="The group of which somebody else has to review it.")
    state: State = Field(description="Where the change is, or how it ended.")
    outcome: str = Field(description="Why it is in this state, in a sentence.")
    review: GlassReviewShape | None

    @classmethod
    def of(cls, broken: BrokenGlass, record: ChangeRecord) -> "BrokenGlassShape":
        """The broken glass, with what became of its change."""
        return cls(
            id=broken.id,
            change=broken.change,
            device=record.device,
            glass=BreakGlassShape.model_validate(broken.glass),
            asked_by=broken.asked_by,
            reviewers=broken.reviewers,
            state=record.state,
            outcome=record.reason,
            review=broken.review and GlassReviewShape.model_validate(broken.review),
        )
