"""The shipped numbers of autonomy: what is earned slowly is lost at once, wherever it acts."""

from datetime import UTC, datetime

from brain.domain.autonomy import Level, Standing, Subject
from brain.domain.identity import TenantId
from brain.domain.proposal import Cause
from policies.autonomy import autonomy_rules
from policies.bundle import Bundle

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULES = autonomy_rules(Bundle.load().data)


def after(*held: bool) -> Standing:
    subject = Subject(cause=Cause.WRONG_DNS, manufacturer="Acme", model="G1")
    at = Standing(tenant=TenantId("north"), subject=subject)
    for each in held:
        at = at.heard(None, each, RULES, at=NOW, why="")
    return at


def test_one_failure_takes_acting_with_approval_back_however_often_it_held() -> None:
    assert after(*[True] * 200).level is Level.WITH_APPROVAL
    assert after(*[True] * 200, False).level is Level.PROPOSE


def test_it_is_earned_again_by_what_holds_in_a_row() -> None:
    fell = [*[True] * 200, False]

    assert after(*fell, True, True).level is Level.PROPOSE
    assert after(*fell, True, True, True).level is Level.WITH_APPROVAL
