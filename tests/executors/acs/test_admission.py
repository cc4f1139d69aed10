"""Who may begin a session in a crowd, who goes first, and when the others come back."""

from random import Random

import pytest

from executors.acs.admission import Urgency
from tests.executors.acs.crowd_door import AWAITED, EVENT, PERIODIC, Door, box, through


@pytest.fixture
def door() -> Door:
    return Door()


def test_where_there_is_room_everybody_comes_in(door: Door) -> None:
    assert [door.come(1, PERIODIC), door.come(2), door.come(3, AWAITED)] == [None, None, None]
    assert door.control.backlog == 0


def test_a_device_that_was_let_in_is_not_asked_again(door: Door) -> None:
    assert door.come(1, known=False) is None
    door.fill(8)

    assert door.come(1) is None
    assert door.come(2) is not None


@pytest.mark.parametrize(
    ("under_way", "admitted"),
    [(1, [PERIODIC, EVENT, AWAITED]), (2, [EVENT, AWAITED]), (4, [AWAITED]), (16, [])],
)
def test_periodic_ones_are_sent_away_first_and_awaited_ones_last(
    under_way: int, admitted: list[Urgency]
) -> None:
    let_in = []
    for urgency in (PERIODIC, EVENT, AWAITED):
        door = Door()
        door.fill(under_way)
        if door.come(1, urgency) is None:
            let_in.append(urgency)
        assert door.control.counts.shed[urgency] == (urgency not in admitted)

    assert let_in == admitted


def test_what_is_told_is_spread_over_the_capacity(door: Door) -> None:
    door.fill(8)

    waits = [door.come(number) for number in range(300)]

    # Ten a second, an eighth later, and nobody sooner than five seconds.
    assert waits[0] == 5
    assert waits[99] == 11
    assert waits[299] == 34


def test_equal_turns_are_told_different_times(door: Door) -> None:
    door.fill(8)
    first = door.come(1)
    door.random = lambda: 0.99
    second = door.come(2)

    assert (first, second) == (5, 10)


def test_one_that_is_not_heard_is_told_to_come_after_all_others(door: Door) -> None:
    door.fill(8)
    waits = [door.come(number) for number in range(300)]

    assert door.control.wait_unheard() == waits[-1]
    assert door.control.backlog == 300


def test_one_whose_turn_is_far_comes_to_ask_after_most_of_it(door: Door) -> None:
    door.fill(8)
    for number in range(3000):
        door.come(number)

    assert door.come(2999) == 187
    door.random = lambda: 1.0
    assert door.come(2999) == 262


def test_nobody_waits_for_longer_than_a_wrong_measurement_may_cost(door: Door) -> None:
    door.fill(8)
    door.random = lambda: 1.0

    assert max(door.come(number) or 0 for number in range(9000)) == 525


def test_those_who_were_called_and_found_no_room_are_spread_over_the_time_they_take(
    door: Door,
) -> None:
    door.fill(12)
    for number in range(300):
        door.come(number)
    door.now += 50  # all were called
    waits = [door.come(number) for number in range(300)]
    door.random = lambda: 1.0

    assert waits[0] == 5
    assert door.come(2) == round(5 + 300 / door.control.capacity.a_second)


def test_those_who_were_called_wait_no_longer_than_the_others(door: Door) -> None:
    door.fill(12)
    door.control.capacity.a_second = 20.0
    for number in range(900):
        door.come(number)
    door.now += 50
    for number in range(900):
        door.come(number)
    door.control.capacity.a_second = 1.0
    door.random = lambda: 1.0

    assert door.come(2) == 605


def test_one_who_was_called_and_found_no_room_stands_before_the_next(door: Door) -> None:
    door.fill(12)
    for number in range(300):
        door.come(number)
    door.now += 9  # ninety were called
    for number in range(90):
        door.come(number)
    door.now += 1
    door.control.capacity.a_second = 10.0

    # Nobody else was called in the second in which they found no room.
    assert door.come(150) == round((15.1 - 9.0) * 1.12)


def test_one_who_comes_again_and_again_holds_nobody_else_up(door: Door) -> None:
    door.fill(12)
    for number in range(300):
        door.come(number)
    door.now += 9
    for _ in range(50):
        door.come(1)
    door.now += 1
    door.control.capacity.a_second = 10.0

    assert door.come(150) == round((15.1 - 9.9) * 1.12)


def test_turns_are_as_far_apart_as_the_capacity_was_when_they_were_given(door: Door) -> None:
    door.fill(8)
    for number in range(100):
        door.come(number)
    door.control.capacity.a_second = 1.0
    later = door.come(100)
    door.control.capacity.a_second = 20.0

    assert (later, door.come(101)) == (round(11 * 1.12), round(11.05 * 1.12))


def test_one_that_came_in_at_last_is_not_counted_among_those_who_found_no_room(door: Door) -> None:
    door.fill(12)
    for number in range(300):
        door.come(number)
    door.now += 50
    for number in range(300):
        door.come(number)
    for number in range(1000, 1012):
        door.control.done(box(number))
    for number in range(150):
        door.come(number)
        door.control.done(box(number))
    door.fill(12)
    door.control.capacity.a_second = 10.0
    door.random = lambda: 1.0

    assert door.come(200) == 5 + 15


def test_a_crowd_that_heeds_what_it_is_told_is_sent_away_about_twice_a_device() -> None:
    """A server of ten a second, and turns of up to 400 seconds: to come and ask is what makes a
    session of a large crowd dearer. Told two minutes at the most, they came 2.6 times.
    """
    door = Door(most=32, random=Random(1).random)
    times, came = through(door, 4000)

    assert times.total() / 4000 < 1.7
    assert max(came.values()) < 400 * 1.2


def test_a_device_that_comes_early_keeps_its_place(door: Door) -> None:
    door.fill(8)
    for number in range(300):
        door.come(number)

    assert door.come(299) == 34
    assert door.control.backlog == 300


def test_a_device_whose_turn_has_come_goes_before_a_new_one(door: Door) -> None:
    door.fill(4)
    assert door.come(1) is not None
    door.now += 10

    assert door.come(2) is not None
    assert door.come(1) is None
    assert door.control.backlog == 1


def test_a_device_that_was_sent_away_again_goes_further_ahead(door: Door) -> None:
    door.fill(6)
    assert door.come(1, PERIODIC) is not None
    door.now += 10
    assert door.come(1, PERIODIC) is not None  # its turn has come, and there was no room

    assert door.come(2, EVENT) is not None
    assert door.come(1, PERIODIC) is None


def test_a_device_that_does_not_heed_what_it_is_told_is_let_in_at_its_fourth_call(
    door: Door,
) -> None:
    door.fill(11)
    for number in range(2, 3000):
        door.come(number)
    waits = [door.come(1) for _ in range(4)]

    assert None not in waits[:3]
    assert waits[3] is None
    assert door.come(2) is not None


def test_everybody_comes_in_within_the_time_that_the_backlog_takes() -> None:
    """A server of ten a second, and 600 devices that come when they are told."""
    door = Door(most=32, random=Random(1).random)
    began = door.now
    through(door, 600)

    assert 59 <= door.now - began < 60 * 1.3
    assert door.control.backlog == 0
    assert door.control.under_way == 0
    assert door.control.counts.admitted[EVENT] == 600


def test_those_who_only_claim_to_be_devices_take_no_room_from_those_who_proved_it(
    door: Door,
) -> None:
    for number in range(100):
        door.come(number, AWAITED, known=False)

    assert door.come(200, known=False) is not None
    assert door.come(201, known=True) is None


def test_a_claim_is_forgotten_in_seconds(door: Door) -> None:
    for number in range(4):
        door.come(number, known=False)
    assert door.come(8, known=False) is not None
    door.now += 4

    assert door.come(9, known=False) is None
    assert door.control.under_way == 1


def test_the_last_sessions_are_for_those_who_are_awaited(door: Door) -> None:
    door.live = 90

    assert door.come(1) is not None
    assert door.come(2, AWAITED) is None
    door.live = 100
    assert door.come(3, AWAITED) is not None


def test_those_who_never_come_back_are_forgotten(door: Door) -> None:
    door.fill(8)
    door.come(1)
    door.now += 4000
    door.come(2)

    assert door.control.backlog == 0
