"""A change moves only along the arrows that are drawn."""

import pytest

from brain.domain.errors import Conflict
from brain.domain.life import ARROWS, BEGINNINGS, ENDS, State, check_arrow


@pytest.mark.parametrize("end", sorted(ENDS - {State.UNKNOWN, State.SUCCEEDED}))
def test_nothing_follows_an_end(end: State) -> None:
    for state in State:
        with pytest.raises(Conflict):
            check_arrow(end, state)


def test_every_state_can_be_reached() -> None:
    reached = set(BEGINNINGS).union(*ARROWS.values())

    assert reached == set(State)


def test_nothing_is_executed_that_was_not_approved() -> None:
    before = {start for start, ends in ARROWS.items() if State.EXECUTING in ends}

    assert before == {State.APPROVED}


def test_nothing_becomes_approved_but_what_waited_for_it_or_was_so_before() -> None:
    before = {start for start, ends in ARROWS.items() if State.APPROVED in ends}

    assert before == {State.AWAITING_APPROVAL, State.EXECUTING}


def test_what_is_unknown_can_still_be_settled() -> None:
    check_arrow(State.UNKNOWN, State.VERIFYING)


def test_a_success_can_only_be_taken_back_on_the_road_of_every_way_back() -> None:
    assert ARROWS[State.SUCCEEDED] == {State.VERIFYING}
    with pytest.raises(Conflict):
        check_arrow(State.SUCCEEDED, State.ROLLED_BACK)
