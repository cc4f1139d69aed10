"""An empty log lets no looser rules through: a probe for each rule is asked of both bundles."""

import os

import pytest

from brain.domain.errors import PolicyUnavailable
from brain.domain.policy_change import RulesState
from policies import probing
from policies.activation import Activation
from policies.bundle import Bundle
from policies.probing import probed
from policies.replay.worker import best_engine
from tests.policies.activation.conftest import STRICTER

pytestmark = pytest.mark.slow


def rewritten(bundle: Bundle, old: str, new: str) -> Bundle:
    """The rules with these words instead of those, wherever they stand."""
    modules = {name: text.replace(old, new) for name, text in bundle.modules.items()}
    assert modules != dict(bundle.modules)
    return Bundle.of(modules, bundle.data)


async def test_a_rule_that_no_longer_speaks_needs_people_though_the_log_is_empty(
    activation: Activation, bundle: Bundle
) -> None:
    softer = rewritten(bundle, "if not input.halted == false", "if input.halted == 7")

    change = await activation.propose("ana", softer, "tidying up")

    assert (change.state, change.loosens) == (RulesState.PROPOSED, True)
    assert any(line.startswith("core.halted: ") for line in change.probed)
    assert activation.policy.bundle is bundle


async def test_numbers_that_let_a_probe_through_need_people_though_the_log_is_empty(
    activation: Activation, bundle: Bundle
) -> None:
    wider = bundle.with_numbers({"limits": {"reach": {"max_shared": 1000}}})

    change = await activation.propose("ana", wider, "fewer reviews")

    assert change.state is RulesState.PROPOSED
    assert any(line.startswith("core.reaches_others: ") for line in change.probed)


async def test_rules_that_loosen_no_probe_are_active_at_once(
    activation: Activation, bundle: Bundle
) -> None:
    change = await activation.propose("ana", bundle.with_numbers(STRICTER), "smaller plans")

    assert (change.probed, change.state) == ((), RulesState.ACTIVE)


def test_a_rule_that_no_probe_makes_speak_counts_as_uncertain(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = {code: each for code, each in probing.SEEDS.items() if code != "resets.reboot"}
    monkeypatch.setattr(probing, "SEEDS", fewer)
    new = bundle.with_numbers(STRICTER)

    lines = probing.compared(bundle.to_tar_gz(), new.to_tar_gz(), best_engine())

    assert lines == ("resets.reboot: no probe makes it speak",)


def test_no_readable_answer_counts_as_uncertain(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "SEEDS", {"core.halted": {"halted": True, "now": object()}})

    class Mute:
        def __init__(self, *_: object) -> None:
            self.asker = self

        def ask(self, questions: list[object]) -> list[None]:
            return [None for _ in questions]

    monkeypatch.setattr(probing, "worker", Mute)

    lines = probing.compared(bundle.to_tar_gz(), bundle.to_tar_gz(), "")

    assert "core.halted: there is no readable answer to its probe" in lines


async def test_rules_that_crash_the_process_are_refused(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "compared", _crash)

    with pytest.raises(PolicyUnavailable):
        await probed(bundle, bundle)


def _crash(*_: object) -> None:
    os._exit(3)
