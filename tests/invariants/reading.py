"""What the answers of engine and people amount to: told once more, apart from the product."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from brain.domain.approval import Answer
from brain.domain.identity import ChangeId, PrincipalKind
from policies.bundle import Bundle
from policies.engine import RawAnswer
from tests.invariants.journal import Asked, Journal, Sent, Turn

Obliged = dict[str, int]
"""How many people of which group."""
Seat = tuple[str, str]
"""A group, and the member of it whose voice it is."""
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


def last_asked(journal: Journal, point: str, digest: str, before: int) -> Asked | None:
    """The newest question about this plan at this point, before a moment."""
    return _newest(journal, before, point=point, digest=digest)


def last_asked_for(journal: Journal, sent: Sent) -> Asked | None:
    """The newest question about this very change before this was sent."""
    point, digest = "rollback" if sent.undo else "execute", sent.permit.plan_digest
    return _newest(journal, sent.tick, point=point, digest=digest, about=sent.permit.change)


def _newest(journal: Journal, before: int, **such: object) -> Asked | None:
    found = [
        each
        for each in journal.asked
        if each.tick < before and all(getattr(each, name) == so for name, so in such.items())
    ]
    return found[-1] if found else None


def people(
    journal: Journal, change: ChangeId, when: Turn | Sent, lives: timedelta
) -> dict[str, frozenset[Seat]]:
    """Who approves just then, with all they may sit for; nobody when somebody's last word is no."""
    case = journal.cases[change]
    not_these = {str(case.proposal.asked_by), case.proposal.on_behalf_of}
    last = {str(each.who.id): each for each in journal.answers_to(change) if each.tick < when.tick}
    if any(each.answer is Answer.REJECT for each in last.values()):
        return {}
    return {
        name: frozenset((group, name) for group in each.who.groups) | each.voices
        for name, each in last.items()
        if each.answer is Answer.APPROVE
        and each.digest == case.shown.plan.digest
        and each.who.kind is PrincipalKind.PERSON
        and name not in not_these
        and when.at < each.at + lives
    }


def enough(obliged: Obliged, who: Mapping[str, frozenset[Seat]]) -> bool:
    """Whether every seat can be another person's, and another member's: all ways are tried."""
    wanted = [group for group, number in obliged.items() for _ in range(number)]
    return bool(wanted) and _sit(wanted, who, frozenset())


def _sit(
    wanted: Sequence[str], who: Mapping[str, frozenset[Seat]], sitting: frozenset[str]
) -> bool:
    """Whoever sits for somebody else takes the place of both."""
    if not wanted:
        return True
    return any(
        _sit(wanted[1:], who, sitting | {name, of})
        for name, seats in who.items()
        for group, of in seats
        if group == wanted[0] and not {name, of} & sitting
    )
