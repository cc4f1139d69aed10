"""How many sessions a second can be taken in, as measured."""

import pytest

from tests.executors.acs.crowd_door import AWAITED, Door, box


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.mark.parametrize(("load", "possible"), [(1.0, 16), (0.3, 0)])
def test_sending_away_counts_as_work_where_the_processor_is_what_there_is_too_little_of(
    door: Door, load: float, possible: float
) -> None:
    door.fill(8)
    for number in range(200):
        door.come(number)
    door.now += 1.0
    door.busy += load
    door.come(1)

    # Two hundred sent away are twenty sessions.
    assert door.control.capacity.a_second == pytest.approx(10 + (possible - 10) * 0.3)


def test_the_capacity_is_what_was_done_while_there_was_more_to_do(door: Door) -> None:
    for _ in range(40):
        for number in range(8):
            door.come(number, AWAITED)
            door.come(500 + number)
        for number in range(4):
            door.control.done(box(number))
        door.now += 1.0
        door.come(7, AWAITED)

    assert door.control.capacity.a_second == pytest.approx(4, rel=0.2)


def a_second(door: Door, *, done: int, load: float) -> None:
    """Take in and finish so many while one is waiting outside."""
    for number in range(done):
        assert door.come(number) is None
        door.control.done(box(number))
    door.now += 1.0
    door.busy += load
    door.come(902, AWAITED)


@pytest.fixture
def waited_for() -> Door:
    """Somebody waits outside, and nobody is inside any longer."""
    door = Door(most=64)
    door.fill(63)
    door.come(900)
    door.now += 61
    door.come(901, AWAITED)
    return door


@pytest.mark.parametrize(("load", "possible"), [(0.2, 36), (0.9, 8)])
def test_the_capacity_is_what_leaves_a_fifth_of_the_processor(
    waited_for: Door, load: float, possible: float
) -> None:
    before = waited_for.control.capacity.a_second
    a_second(waited_for, done=9, load=load)

    assert waited_for.control.capacity.a_second == pytest.approx(before + (possible - before) * 0.3)


def test_a_few_that_come_say_nothing_of_what_the_processor_would_manage(waited_for: Door) -> None:
    before = waited_for.control.capacity.a_second
    a_second(waited_for, done=4, load=0.9)

    assert waited_for.control.capacity.a_second == before


def test_a_quiet_hour_says_nothing_of_the_capacity(door: Door) -> None:
    for _ in range(100):
        door.come(1)
        door.control.done(box(1))
        door.now += 36

    assert door.control.capacity.a_second == 10
