"""Verdicts of policy."""

from datetime import datetime

from pydantic import Field

from api.shapes.base import Shape
from brain.domain.topology import ScopeKind
from brain.domain.verdict import Decision, Point, Severity


class PolicyFindingShape(Shape):
    """One rule that spoke."""

    code: str = Field(examples=["radio.clients_attached"])
    severity: Severity
    path: str
    message: str
    remedy: str
    passing: bool = Field(
        False, description="The reason goes away by itself: asking again later may help."
    )


class RequiredApprovalShape(Shape):
    """So many people of this group."""

    group: str
    min: int


class WaitShape(Shape):
    """What a change may have to wait for once it is approved."""

    reasons: list[str] = Field(examples=[["night: every day, 02:00 to 05:00"]])
    minutes: int = Field(description="How long it may wait to be begun before it expires.")


class RateLimitShape(Shape):
    """How many changes may be made within one scope, this one among them."""

    scope: str = Field(examples=["port"])
    under_way: int
    last_hour: int


class ObligationsShape(Shape):
    """What must be done for the verdict to hold."""

    approvals: list[RequiredApprovalShape]
    rollback: str
    review_after: str = Field(
        "", description="The group that reviews it afterwards, because the glass was broken."
    )
    wait: WaitShape | None = Field(None, description="Absent: it may be carried out at any time.")
    rates: list[RateLimitShape] = Field(
        default_factory=list, description="What an allowance at the write rests on."
    )


class ReachShape(Shape):
    """Whom a change reaches. Null is unknown, and never nobody."""

    clients: int | None = Field(description="Devices at home behind the one that is changed.")
    others: int | None = Field(description="Devices of other homes.")
    sharing: dict[ScopeKind, int] = Field(
        description="How many others share its splitter, port, software and so on, reached or not."
    )


class VerdictShape(Shape):
    """The answer of policy to one question."""

    decision: Decision
    point: Point
    plan_digest: str
    policy_revision: str
    engine: str
    decision_id: str
    decided_at: datetime
    findings: list[PolicyFindingShape]
    obligations: ObligationsShape
    cause: str = Field(description="`policy_unavailable` when the engine gave no readable answer.")
    seconds: float
    reaches: ReachShape | None = None
