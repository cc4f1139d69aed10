"""What the answers of engine and people amount to: told once more, apart from the product."""

from datetime import timedelta
from itertools import combinations

from brain.domain.approval import Answer
from brain.domain.identity import ChangeId, PrincipalKind
from policies.bundle import Bundle
from policies.engine import RawAnswer
from tests.invariants.journal import Asked, Journal, Sent, Turn

Obliged = dict[str, int]
"""How many people of which group."""
DENIED: tuple[str, Obliged] = ("deny", {})


def outcome(told: RawAnswer | None, bundle: Bundle) -> tuple[str, Obliged]:
    """``allow``, ``review`` with whom it asks, or ``deny`` for anything else at all."""
    if told is None or told.revision != bundle.revision or not isinstance(told.result, dict):
        return DENIED
    said = told.result
    if said.keys() != {"outcome", "findings", "obligations"}:
        return DENIED
    weights = {_weight(each, bundle) for each in said["findings"] or []}  # type: ignore[union-attr]
    if "deny" in weights or not weights <= {"review", "info"}:
        return DENIED
    if said["outcome"] == "allow" and "review" not in weights:
        return "allow", {}
    asked = said["obligations"]["approvals"]  # type: ignore[index, call-overload]
    if said["outcome"] == "review" and "review" in weights and asked:
        return "review", {each["group"]: each["min"] for each in asked}  # type: ignore[index, call-overload, union-attr]
    return DENIED


def _weight(finding: object, bundle: Bundle) -> str:
    rule = bundle.findings.get(finding["code"]) if isinstance(finding, dict) else None
    return rule.severity.value if rule else "deny"


def last_asked(
    journal: Journal, point: str, digest: str, before: int | None = None
) -> Asked | None:
    """The newest question about this plan at this point, before a moment."""
    found = [
        each
        for each in journal.asked
        if (each.point, each.digest) == (point, digest) and (before is None or each.tick < before)
    ]
    return found[-1] if found else None


def people(
    journal: Journal, change: ChangeId, when: Turn | Sent, lives: timedelta
) -> dict[str, frozenset[str]]:
    """Who approves just then, with their groups; nobody when somebody's last word is no."""
    case = journal.cases[change]
    not_these = {str(case.proposal.asked_by), case.proposal.on_behalf_of}
    last = {str(each.who.id): each for each in journal.answers_to(change) if each.tick < when.tick}
    if any(each.answer is Answer.REJECT for each in last.values()):
        return {}
    return {
        name: each.who.groups
        for name, each in last.items()
        if each.answer is Answer.APPROVE
        and each.digest == case.shown.plan.digest
        and each.who.kind is PrincipalKind.PERSON
        and name not in not_these
        and when.at < each.at + lives
    }


def enough(obliged: Obliged, who: dict[str, frozenset[str]]) -> bool:
    """Whether every seat can be another person's: Hall's condition, over every set of groups."""
    choices = [
        groups
        for size in range(1, len(obliged) + 1)
        for groups in combinations(sorted(obliged), size)
    ]
    return bool(obliged) and all(
        sum(bool(theirs & set(groups)) for theirs in who.values())
        >= sum(obliged[group] for group in groups)
        for groups in choices
    )
