"""Every seat of a review takes another person, and a lent membership is one voice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from brain.domain.approval import (
    Answer,
    Approval,
    Voice,
    holds_until,
    latest_answer,
    satisfied,
    standing,
    whole,
)
from brain.domain.identity import ChangeId, PlanDigest, PrincipalId
from brain.domain.seating import seated
from brain.domain.verdict import Obligations, RequiredApproval

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DIGEST = PlanDigest("d" * 64)


def asks(**groups: int) -> Obligations:
    wanted = tuple(RequiredApproval(group=name, min=many) for name, many in groups.items())
    return Obligations(approvals=wanted)


def said(by: str, *groups: str, number: int = 1, minutes: int = 30, **but: object) -> Approval:
    approval = Approval(
        change=ChangeId("chg_1"),
        number=number,
        answer=Answer.APPROVE,
        by=PrincipalId(by),
        groups=frozenset(groups),
        plan_digest=DIGEST,
        fingerprint="f",
        policy_revision="r",
        answered_at=NOW,
        expires_at=NOW + timedelta(minutes=minutes),
    )
    return replace(approval, **but)  # type: ignore[arg-type]  # typed by what is asked for


def lent(group: str, of: str) -> tuple[Voice, ...]:
    return (Voice(group=group, of=PrincipalId(of)),)


def enough(
    obligations: Obligations, *approvals: Approval, parties: frozenset[str] = frozenset()
) -> bool:
    return satisfied(obligations, approvals, plan_digest=DIGEST, now=NOW, parties=parties)


def test_one_person_of_two_groups_does_not_fill_two_seats() -> None:
    both = asks(approvers=1, noc=1)

    assert not enough(both, said("ann", "approvers", "noc"))
    assert enough(both, said("ann", "approvers", "noc"), said("ben", "noc", number=2))


def test_somebody_of_two_groups_sits_where_they_are_needed_whoever_came_first() -> None:
    both = asks(approvers=1, noc=1)
    ann, ben = said("ann", "approvers", "noc"), said("ben", "approvers", number=2)

    for first, second in permutations([ann, ben]):
        assert enough(both, replace(first, number=1), replace(second, number=2))


def test_what_is_missing_is_said_for_each_group() -> None:
    found = standing(
        asks(approvers=2, noc=1), [said("ann", "approvers")], plan_digest=DIGEST, now=NOW
    )

    assert [(each.group, each.filled_by, each.missing) for each in found.seats] == [
        ("approvers", ("ann",), 1),
        ("noc", (), 1),
    ]


def test_somebody_who_stands_in_counts_for_the_group() -> None:
    assert enough(asks(noc=1), said("ben", "support", standing_in=lent("noc", "ann")))


def test_a_person_and_whoever_stands_in_for_them_are_one_voice() -> None:
    ann = said("ann", "noc")
    ben = said("ben", number=2, standing_in=lent("noc", "ann"))
    eve = said("eve", number=3, standing_in=lent("noc", "ann"))

    assert not enough(asks(noc=2), ann, ben)
    assert not enough(asks(noc=2), replace(ben, number=1), replace(ann, number=2))
    assert not enough(asks(noc=2), ben, eve)
    assert enough(asks(noc=2), ann, replace(ben, groups=frozenset({"noc"})))


def test_whoever_stands_in_for_two_is_still_one_person() -> None:
    both = lent("noc", "ann") + lent("noc", "eve")

    assert not enough(asks(noc=2), said("ben", standing_in=both))


def test_the_voice_of_an_asker_is_none_whoever_it_was_lent_to() -> None:
    ben = said("ben", standing_in=lent("noc", "sam"))

    assert not enough(asks(noc=1), ben, parties=frozenset({"sam"}))
    assert not enough(asks(noc=1), said("sam", "noc"), parties=frozenset({"sam"}))


def test_what_was_taken_back_does_not_count_and_can_be_given_again() -> None:
    yes = said("ann", "noc")
    back = replace(yes, number=2, answer=Answer.TAKE_BACK)

    assert not enough(asks(noc=1), yes, back)
    assert latest_answer([yes, back], PrincipalId("ann")) is None
    assert enough(asks(noc=1), yes, back, replace(yes, number=3))


def test_the_number_says_which_answer_is_the_latest_whatever_a_clock_said() -> None:
    yes = said("ann", "noc")
    back = replace(yes, number=2, answer=Answer.TAKE_BACK, answered_at=NOW - timedelta(hours=1))

    assert not enough(asks(noc=1), yes, back)


def test_they_hold_until_the_first_that_is_needed_runs_out() -> None:
    first, second = said("ann", "noc", minutes=30), said("ben", "noc", number=2, minutes=44)

    def until(**groups: int) -> datetime | None:
        return holds_until(asks(**groups), [first, second], plan_digest=DIGEST, now=NOW)

    assert until(noc=2) == NOW + timedelta(minutes=30)
    assert until(noc=1) == NOW + timedelta(minutes=44)
    assert until(noc=3) is None


def test_answers_are_whole_when_none_is_missing_and_none_was_slipped_in() -> None:
    one, two = said("ann"), said("ben", number=2)

    assert whole([two, one], 2)
    assert not whole([one], 2)
    assert not whole([two], 1)
    assert not whole([one, two], 1)
    assert not whole([one, one], 2)


_SEATS = st.lists(st.sampled_from("abc"), max_size=4)
_PEOPLE = st.dictionaries(
    st.sampled_from("ABCDE").map(PrincipalId), st.frozensets(st.sampled_from("abc")), max_size=5
)


@given(_SEATS, _PEOPLE)
def test_as_many_sit_as_any_arrangement_would_seat(
    wanted: list[str], people: dict[PrincipalId, frozenset[str]]
) -> None:
    taken = seated(wanted, people)

    assert len(set(taken.values())) == len(taken)
    assert all(wanted[seat] in people[person] for seat, person in taken.items())
    padded = [*people, *([None] * len(wanted))]
    best = max(
        sum(
            person is not None and group in people[person]
            for group, person in zip(wanted, row, strict=True)
        )
        for row in permutations(padded, len(wanted))
    )
    assert len(taken) == best
