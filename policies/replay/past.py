"""A decision of the past, as the log keeps it: what was asked, and what was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from brain.domain.canonical import Json
from brain.domain.verdict import AUTOMATIC, Severity
from brain.store.verdicts import KeptVerdict


class Standing(StrEnum):
    """How a decision stands, strictest first."""

    DENY = "deny"
    DENY_FOR_NOW = "deny_for_now"
    """All that is against it passes by itself: the change waits, and may yet be made."""
    REVIEW = "review"
    ALLOW = "allow"


class Why(StrEnum):
    """Why a past decision cannot be replayed."""

    DROPPED = "question_not_kept"
    UNANSWERED_THEN = "engine_gave_no_answer_then"
    OLDER_QUESTION = "question_of_an_older_version"
    UNANSWERED_NOW = "engine_gives_no_answer_now"
    DAMAGED = "not_readable"


class NotReplayable(Exception):
    """This decision cannot be compared; ``why`` says so, ``detail`` in words."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What of an answer is compared: wording is not, what follows from it is."""

    standing: Standing
    codes: frozenset[str]
    approvals: Mapping[str, int]
    """How many people of each group; those who are to look afterwards are a group of their own."""
    can_undo: bool

    def looser_than(self, other: "Stand") -> bool:
        """Whether anything goes through here that would not there, or with fewer people."""
        ranks = list(Standing)
        here, there = ranks.index(self.standing), ranks.index(other.standing)
        if here != there or self.standing in (Standing.DENY, Standing.DENY_FOR_NOW):
            return here > there
        fewer = any(self.approvals.get(group, 0) < n for group, n in other.approvals.items())
        return fewer or (other.can_undo and not self.can_undo)

    def same_as(self, other: "Stand") -> bool:
        """Whether the same follows from both, whichever rules spoke."""
        if self.standing is not other.standing:
            return False
        if self.standing in (Standing.DENY, Standing.DENY_FOR_NOW):
            return True
        return (self.approvals, self.can_undo) == (other.approvals, other.can_undo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One decision that can be asked again."""

    decision_id: str
    change: str
    revision: str
    """Of the rules that decided; empty where the log does not say."""
    stand: Stand
    question: dict[str, Json]


def past_of(kept: KeptVerdict) -> Past:
    """Read a row of the log. Raises NotReplayable; its ``args`` never quote the row."""
    stand, revision = _said(kept)
    return Past(
        decision_id=kept.decision_id,
        change=kept.change or "",
        revision=revision,
        stand=stand,
        question=_question(kept),
    )


def stand_in_log(kept: KeptVerdict) -> Stand:
    """How it was decided. Raises NotReplayable for a row that says no decision of the rules."""
    return _said(kept)[0]


def standing_of(outcome: str, findings: list[tuple[Severity, bool]]) -> Standing:
    """The standing of an outcome, given the severity of each finding and whether it passes."""
    denials = [passing for severity, passing in findings if severity is Severity.DENY]
    if outcome == Standing.DENY and denials and all(denials):
        return Standing.DENY_FOR_NOW
    return Standing(outcome)


def people(before: list[tuple[str, int]], after: str) -> dict[str, int]:
    """Whom an answer asks, before and after the change is made."""
    return dict(before) | ({f"{after}, afterwards": 1} if after else {})


def _said(kept: KeptVerdict) -> tuple[Stand, str]:
    """How it was decided, and by which rules."""
    try:
        verdict = json.loads(kept.verdict)
        unanswered, stand = bool(verdict["cause"]), _stand(verdict)
        revision = str(verdict.get("policy_revision", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotReplayable(Why.DAMAGED) from None
    if unanswered:
        raise NotReplayable(Why.UNANSWERED_THEN)
    return stand, revision


def _stand(verdict: Any) -> Stand:  # JSON that is looked at here
    findings, obligations = verdict["findings"], verdict["obligations"]
    weights = [(Severity(each["severity"]), each.get("passing") is True) for each in findings]
    return Stand(
        standing=standing_of(verdict["decision"], weights),
        codes=frozenset(str(each["code"]) for each in findings),
        approvals=people(
            [(str(each["group"]), int(each["min"])) for each in obligations["approvals"]],
            str(obligations.get("review_after", "")),
        ),
        can_undo=obligations["rollback"] == AUTOMATIC,
    )


def _question(kept: KeptVerdict) -> dict[str, Json]:
    if kept.question is None:
        raise NotReplayable(Why.DROPPED)
    try:
        question = json.loads(kept.question)
    except ValueError:
        raise NotReplayable(Why.DAMAGED) from None
    if not isinstance(question, dict):
        raise NotReplayable(Why.DROPPED if question is None else Why.DAMAGED)
    return question
