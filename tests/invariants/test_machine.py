"""The invariants hold whatever happens, in whatever order, on both databases."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from brain.domain.life import State
from tests.invariants.calendar import is_open
from tests.invariants.databases import Databases
from tests.invariants.lives import (
    answer,
    begin,
    device,
    live,
    metric,
    run,
    stands_in,
    stranger,
    submit,
    waits,
    weather,
)
from tests.invariants.machine import living_on

AS_EVER = settings.get_profile("invariants")
QUICK = {
    "files": settings(AS_EVER, max_examples=15, stateful_step_count=20),
    "postgres": settings(AS_EVER, max_examples=5, stateful_step_count=20),
}
LONG = {
    "files": settings(AS_EVER, max_examples=150, stateful_step_count=40),
    "postgres": settings(AS_EVER, max_examples=40, stateful_step_count=40),
}


@pytest.mark.parametrize("where", ["files", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_every_invariant_holds(where: str, request: pytest.FixtureRequest) -> None:
    machine = living_on(request.getfixturevalue(where))

    run_state_machine_as_test(machine, settings=QUICK[where])

    assert machine.lives >= QUICK[where].max_examples


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("where", ["files", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_every_invariant_holds_for_long(where: str, request: pytest.FixtureRequest) -> None:
    machine = living_on(request.getfixturevalue(where))

    run_state_machine_as_test(machine, settings=LONG[where])

    assert machine.lives >= LONG[where].max_examples


def test_the_machine_gets_everywhere(files: Databases) -> None:
    """A machine that never sends, rolls back or loses sight of anything would prove nothing."""
    seen: set[State] = set()
    lives = {
        State.SUCCEEDED: (begin(), run(4)),
        State.ROLLED_BACK: (begin(promised=True), metric("230"), run(3), run(3), run(3)),
        State.UNKNOWN: (begin(), run(2), device("silent"), waits(601), run(1)),
        State.SUPERSEDED: (begin(), stranger(), run(3)),
        State.EXPIRED: (begin(), waits(1801), run(1)),
        State.DENIED: (begin(), weather("silent"), submit("channel 1")),
        State.FAILED: (begin(), device("refuses"), run(3)),
    }
    for end, steps in lives.items():
        turns = live(files, steps).world.journal.turns
        assert end in {turn.now for turn in turns}, end
        seen |= {turn.now for turn in turns}

    assert set(State) - seen == {State.REJECTED}


def test_whoever_stands_in_approves_in_the_stead_of_who_is_away(files: Databases) -> None:
    steps = (begin(asked=True), stands_in("alex", "kim"), answer("kim"), answer("ben"), run(4))

    journal = live(files, steps).world.journal

    assert [(each.by, each.to) for each in journal.lent] == [("alex", "kim")]
    assert [each.who.id for each in journal.answers] == ["kim", "ben"]
    assert [turn.now for turn in journal.turns][-1] is State.SUCCEEDED


def test_a_restart_waits_for_its_window_and_is_done_in_the_next(files: Databases) -> None:
    life = live(files, (begin("restart"), waits(901), run(3)))

    (sent,) = life.world.journal.sent
    (approved, *_) = life.world.journal.turns
    assert is_open(sent.at)
    assert sent.at.date() > approved.at.date()
