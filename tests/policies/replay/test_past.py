"""What is looser than what, and what of the log cannot be replayed."""

from dataclasses import replace

import pytest

from policies.replay.past import NotReplayable, Stand, Standing, Why, past_of
from tests.policies.conftest import Ask
from tests.policies.replay.conftest import Decide, altered


def stand(standing: Standing, *codes: str, undo: bool = True, **approvals: int) -> Stand:
    return Stand(standing=standing, codes=frozenset(codes), approvals=approvals, can_undo=undo)


DENY, WAIT = stand(Standing.DENY, "a"), stand(Standing.DENY_FOR_NOW, "a")
ONE, TWO = stand(Standing.REVIEW, noc=1), stand(Standing.REVIEW, noc=2)
OTHERS = stand(Standing.REVIEW, approvers=2)
FINAL, ALLOW = stand(Standing.ALLOW, undo=False), stand(Standing.ALLOW)


@pytest.mark.parametrize(
    ("looser", "stricter"),
    [
        (WAIT, DENY),
        (TWO, DENY),
        (TWO, WAIT),
        (ALLOW, DENY),
        (ALLOW, TWO),
        (ONE, TWO),
        (FINAL, ALLOW),
        (FINAL, TWO),
    ],
)
def test_fewer_people_and_fewer_obstacles_are_looser(looser: Stand, stricter: Stand) -> None:
    assert looser.looser_than(stricter)
    assert not stricter.looser_than(looser)
    assert not looser.same_as(stricter)


def test_another_group_is_looser_since_the_first_is_no_longer_asked() -> None:
    assert OTHERS.looser_than(ONE)
    assert ONE.looser_than(OTHERS)


def test_a_denial_for_another_reason_is_the_same_denial() -> None:
    other = stand(Standing.DENY, "b", undo=False)

    assert other.same_as(DENY)
    assert not other.looser_than(DENY)


async def test_a_row_of_the_log_is_read_with_what_follows_from_it(decide: Decide, ask: Ask) -> None:
    past = past_of(await decide(ask()))

    assert (past.decision_id, past.change) == ("dec_00000000000000000000000001", "chg_1")
    assert past.stand.standing is Standing.REVIEW
    assert past.stand.approvals == {"approvers": 1}
    assert past.question["tenant"] == "north"


async def test_denials_that_all_pass_by_themselves_only_deny_for_now(
    decide: Decide, ask: Ask
) -> None:
    kept = await decide(ask())
    waits = {"code": "a", "severity": "deny", "passing": True}
    stays = {"code": "b", "severity": "deny"}

    for_now = past_of(altered(kept, decision="deny", findings=[waits]))
    for_good = past_of(altered(kept, decision="deny", findings=[waits, stays]))

    assert for_now.stand.standing is Standing.DENY_FOR_NOW
    assert for_good.stand.standing is Standing.DENY


async def test_what_cannot_be_asked_again_says_why(decide: Decide, ask: Ask) -> None:
    kept = await decide(ask())
    rows = {
        Why.DROPPED: replace(kept, question=None),
        Why.UNANSWERED_THEN: altered(kept, cause="policy_unavailable"),
        Why.DAMAGED: replace(kept, verdict="{}"),
    }

    for why, row in rows.items():
        with pytest.raises(NotReplayable) as left:
            past_of(row)
        assert left.value.why is why

    for damaged in (replace(kept, question=b"{"), replace(kept, question=b"[]")):
        with pytest.raises(NotReplayable, match=Why.DAMAGED.value):
            past_of(damaged)
