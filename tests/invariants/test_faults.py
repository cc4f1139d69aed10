"""A check that cannot fail proves nothing: each invariant notices a fault planted to break it."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.invariants.checks import Broken
from tests.invariants.databases import Databases
from tests.invariants.faults import FAULTS
from tests.invariants.lives import live
from tests.invariants.machine import living_on
from tests.invariants.planting import Fault

pytestmark = pytest.mark.slow

FOUND_BY_ITSELF = {
    "a halt is not looked at",
    "an altered entry is not seen",
    "an answer is skimmed",
    "an answer to another plan is taken",
    "an approval leaves no trace",
    "an entry is not chained",
    "anybody may answer",
    "comments are audited",
    "findings may contradict the outcome",
    "no backup is kept",
    "one may answer to what was done for oneself",
    "one person fills two seats",
    "policy is told secrets",
    "what a plan rests on may move",
    "what is sent is not the plan",
}
"""What a walk at random comes upon in thirty lives. The others take steps in just one order, with
just one value: in a few hundred lives most are not found, so their scripts alone are asked."""
LOOK = settings(settings.get_profile("invariants"), max_examples=150, stateful_step_count=15)
each = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)


@each
def test_the_invariant_notices_the_fault_and_nothing_without_it(
    fault: Fault, files: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(files, fault.life)
    fault.plant(monkeypatch)

    with pytest.raises(Broken) as noticed:
        live(files, fault.life)

    assert noticed.value.invariant == fault.breaks


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("what", sorted(FOUND_BY_ITSELF))
def test_the_machine_finds_the_fault_by_itself(
    what: str, files: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any order of the steps that its life is made of, with any values."""
    (fault,) = (each for each in FAULTS if each.what == what)
    fault.plant(monkeypatch)
    rules = {name for name, _ in fault.life} - {"begin"}

    with pytest.raises(Broken):
        run_state_machine_as_test(living_on(files, *rules), settings=LOOK)


def test_every_invariant_of_the_ledgers_life_has_a_fault() -> None:
    """Of the others, 5 is shown one in ``test_monotone``, 6 in ``test_corpus``, 15 in
    ``test_hostile_names``.
    """
    assert {fault.breaks for fault in FAULTS} == {*range(1, 16)} - {5, 6, 15}
    assert {fault.what for fault in FAULTS} >= FOUND_BY_ITSELF
    assert len({fault.what for fault in FAULTS}) == len(FAULTS)
