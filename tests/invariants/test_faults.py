"""A check that cannot fail proves nothing: each invariant notices a fault planted to break it."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.invariants.checks import Broken
from tests.invariants.databases import Databases
from tests.invariants.faults import FAULTS, Fault
from tests.invariants.lives import live
from tests.invariants.machine import living_on

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
@pytest.mark.timeout(300)
@each
def test_the_machine_finds_the_fault_by_itself(
    fault: Fault, files: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any order of the steps that its life is made of, with any values."""
    fault.plant(monkeypatch)
    rules = {name for name, _ in fault.life} - {"begin"}

    with pytest.raises(Broken):
        run_state_machine_as_test(living_on(files, *rules), settings=LOOK)
