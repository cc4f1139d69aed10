"""Rules, decisions of the past, and what other rules would make of them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from pydantic import Base64Bytes, Field

from api.shapes.base import Shape
from api.shapes.verdicts import VerdictShape
from brain.domain.approval import Answer
from brain.domain.identity import PrincipalId
from brain.domain.policy_change import PolicyChange, RulesState
from policies.packed import LARGEST


class BundleRequest(Shape):
    """Other rules, other numbers, or both; what is not sent is as it is active now."""

    bundle: Base64Bytes = Field(
        b"",
        max_length=LARGEST,
        description="A .tar.gz as `gatewright policy bundle` writes it, in Base64.",
    )
    data: dict[str, Any] = Field(
        default_factory=dict,
        description="Numbers, laid over those of the bundle value by value; a list is replaced.",
        examples=[{"limits": {"presence": {"minutes": 5}}}],
    )


class ReplayRequest(BundleRequest):
    """Which rules, and how much of the decision log to hold against them."""

    since: timedelta = Field(timedelta(days=7), gt=timedelta(0), le=timedelta(days=400))
    most: int = Field(100_000, ge=1, le=1_000_000, description="The newest so many decisions.")


class NamedShape(Shape):
    """One decision, to look up."""

    decision_id: str
    change: str = Field(description="Empty when the plan never became a change.")


class ChangedShape(Shape):
    """So many decisions would stand otherwise."""

    before: str = Field(examples=["deny", "deny_for_now", "review", "allow"])
    after: str
    looser: bool = Field(description="Whether more goes through, or fewer people are asked.")
    count: int
    examples: list[NamedShape]


class RuleShiftShape(Shape):
    """A rule that would speak where it did not, or fall silent where it spoke."""

    code: str = Field(examples=["core.device_absent"])
    title: str = Field(description="Empty where the rule is no longer there.")
    newly: bool
    count: int
    examples: list[NamedShape]


class LeftOutShape(Shape):
    """So many decisions could not be compared. They are not counted as unchanged."""

    why: str
    detail: str
    guarded: bool = Field(description="They denied or asked for people, so they may be looser.")
    count: int
    examples: list[NamedShape]


class ReplayShape(Shape):
    """What other rules would have decided."""

    revision: str
    since: datetime
    until: datetime
    in_log: int = Field(description="How many decisions there are; `most` may leave some out.")
    replayed: int
    unchanged: int
    looser: int
    uncertain: int = Field(description="Denials and reviews that could not be compared.")
    loosens: bool = Field(description="Something would be looser, or nobody can tell.")
    changed: list[ChangedShape]
    rules: list[RuleShiftShape]
    left_out: list[LeftOutShape]
    engine: str
    seconds: float


class ActivationRequest(BundleRequest):
    """Rules that shall become active, and why: the reason is kept beside the audit trail."""

    reason: str = Field(min_length=1, max_length=500, examples=["the storm is over"])


class PolicyAnswerRequest(Shape):
    """What you say to a change of the rules, and to which rules exactly."""

    revision: str = Field(min_length=64, max_length=64)
    answer: Answer
    comment: str = Field("", max_length=500)


class PolicyAnswerShape(Shape):
    """What one person said to a change of the rules."""

    by: str
    answer: Answer
    at: datetime
    comment: str


class PolicyChangeShape(Shape):
    """Rules that are, were or would be active."""

    id: str
    revision: str
    base: str = Field(description="The rules that they were compared with.")
    state: RulesState
    proposed_by: str
    reason: str
    proposed_at: datetime
    loosens: bool = Field(description="Needs people: it is not shown to be no looser.")
    why: list[str] = Field(
        description="What makes their approval necessary, a sentence each.",
        examples=[
            ["the number limits.machines.tried goes from 30 to 1, which may let more through"]
        ],
    )
    needed: int = Field(description="How many people of the group `policy` have to approve.")
    approvers: list[str]
    counted: list[str] = Field(
        description="Those of them who count as of now: still there, and still of the group."
    )
    widened: list[str] = Field(examples=[["support: approve"]])
    probed: list[str] = Field(
        description="Fixed questions, one a rule, that are let through and were not.",
        examples=[["core.halted: deny -> allow"]],
    )
    answers: list[PolicyAnswerShape]
    decided_at: datetime | None
    replay: ReplayShape | None = Field(description="What the past would have been under them.")

    @classmethod
    def of(cls, change: PolicyChange, counted: Collection[PrincipalId]) -> "PolicyChangeShape":
        """The shape of one, and whose approvals of it count."""
        found = ReplayShape.model_validate_json(change.replay) if change.replay else None
        fields = {name: getattr(change, name) for name in cls.model_fields if name not in _MADE}
        answers = [PolicyAnswerShape.model_validate(each) for each in change.answers]
        return cls(
            **{name: list(each) if name in _LISTS else each for name, each in fields.items()},
            needed=change.people,
            approvers=sorted(change.approvers),
            counted=sorted(counted),
            answers=answers,
            replay=found,
        )


_MADE = ("needed", "approvers", "counted", "answers", "replay")
_LISTS = ("widened", "probed", "why")


class PolicyShape(Shape):
    """The rules that are active, and what decides by them."""

    revision: str
    rules: int
    engine: str = Field(examples=["embedded", "opa"])
    proposed: list[PolicyChangeShape] = Field(description="Rules that wait for people.")
    verification_key: str = Field(description="PEM; what OPA servers check signed bundles with.")


class ExplainedShape(Shape):
    """One decision, with what its rules are called."""

    change: str = Field(description="Empty when the plan never became a change.")
    verdict: VerdictShape
    titles: dict[str, str] = Field(description="By code, as the active rules call them.")
    active: bool = Field(description="Whether the rules that decided it are active now.")


class ProgressShape(Shape):
    """How far a replay has come."""

    done: int
    total: int
