"""Decisions are only compared where it is plain what changed; else every one is asked anew."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policies.bundle import Bundle
from policies.replay.asking import OpaAsker
from policies.replay.comparing import OpaComparer
from policies.replay.mentions import Mentions
from policies.replay.reach import Reach, reach
from policies.replay.worker import Worker, worker
from tests.policies.conftest import Ask
from tests.policies.replay.conftest import Decide, altered
from tests.policies.replay.mutants import without_check

CORE, TOPICS = "gatewright/core/core.rego", "gatewright/topics/topics.rego"
RATES, DECISION = "gatewright/rates/rates.rego", "gatewright/decision/findings.rego"
STRICTER: dict[str, Any] = {"limits": {"presence": {"minutes": 5}}}


def mentions(body: str) -> set[tuple[str, ...]]:
    return set(Mentions.of(f"package gatewright.m\nimport rego.v1\n{body}").paths)


def edited(bundle: Bundle, name: str, before: str, after: str) -> Bundle:
    assert before in bundle.modules[name]
    source = bundle.modules[name].replace(before, after, 1)
    return without_check(bundle, modules={**bundle.modules, name: source})


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ("import data.gatewright.limits\na if limits.plan.most > 1", {("limits", "plan", "most")}),
        ("import data.gatewright.limits as l\na if l.plan > 1", {("limits", "plan"), ("limits",)}),
        ("import data.gatewright.limits\na := limits", {("limits",)}),
        ("import data.gatewright.pace\na if pace[x].y", {("pace",)}),
        ("import data.gatewright.pace\na := object.get(pace, [x], 1)", {("pace",)}),
        ('import data.gatewright.pace\na := object.get(pace, ["x"], 1)', {("pace", "x")}),
        ('import data.gatewright.pace\na := object.get(pace, "x", 1)', {("pace", "x")}),
        ("a if data.gatewright.core.deny", {("core", "deny")}),
        ("a if data.gatewright[x]", {()}),
        ("a if input.data.limits", set()),
        ("# data.gatewright.limits\na if true", set()),
    ],
)
def test_whatever_is_not_plainly_a_path_mentions_all_below_it(
    body: str, paths: set[tuple[str, ...]]
) -> None:
    assert mentions(body) == paths


@pytest.mark.parametrize(
    "body",
    [
        "a if data[x]",
        "a := data",
        "a if data.other.x",
        "import data",
        'import data.gatewright["limits"]',
        "import input.plan",
        "import data.gatewright.x as y\nimport data.gatewright.z as y",
        "a if b with input as 1",
        'a if input.x == "data.gatewright.core"',
        "a if $x",
    ],
)
def test_what_is_not_understood_is_an_error(body: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        mentions(body)


def test_one_number_reaches_the_rules_that_others_name_of_the_package_that_mentions_it(
    bundle: Bundle,
) -> None:
    found = reach(bundle, bundle.with_numbers(STRICTER))

    assert found is not None
    assert found.revision == bundle.revision
    assert set(found.rules) == {("core", n) for n in ("deny", "review", "too_large", "understood")}
    assert [*found.modules] == [CORE]
    assert "import data.gatewright_before.limits\n" in found.modules[CORE]
    assert "import data.gatewright.topics\n" in found.modules[CORE]


def test_numbers_that_no_decision_hangs_on_reach_no_rule(bundle: Bundle) -> None:
    groups = {"staff": {"tenant": "north", "roles": ["support"], "groups": []}}
    found = reach(bundle, bundle.with_numbers({"identity": {"groups": groups}}))  # type: ignore[dict-item]  # plain JSON

    assert found is not None
    assert found.rules == ()


def test_a_rule_more_is_compared_and_one_less_is_not(bundle: Bundle) -> None:
    silent = edited(bundle, CORE, "is_number(input.shared_by)\n", "is_string(input.shared_by)\n")
    text = bundle.findings["core.halted"]
    more = replace(silent, findings={**silent.findings, "core.new": text})

    assert reach(bundle, more) is not None
    assert reach(more, replace(silent, revision="another")) is None


def _new_package(bundle: Bundle) -> Bundle:
    more = {"gatewright/more/more.rego": "package gatewright.more\nimport rego.v1\na := 1\n"}
    return without_check(bundle, modules={**bundle.modules, **more})


def _package_gone(bundle: Bundle) -> Bundle:
    left = {name: text for name, text in bundle.modules.items() if name != RATES}
    return without_check(bundle, modules=left)


def _reworded(bundle: Bundle) -> Bundle:
    text = replace(bundle.findings["core.halted"], passing=True)
    return without_check(bundle, findings={**bundle.findings, "core.halted": text})


def _decision(bundle: Bundle) -> Bundle:
    return edited(bundle, DECISION, "not core.too_large", "core.understood")


def _number_of_the_decision(bundle: Bundle) -> Bundle:
    return bundle.with_numbers({"limits": {"approvals": {"approvers": 2}}})


def _dynamic(bundle: Bundle) -> Bundle:
    return edited(bundle, RATES, "is_null(counted)", "is_null(data.gatewright[counted])")


def _walks(bundle: Bundle) -> Bundle:
    return edited(bundle, RATES, "is_null(counted)", "some x in data")


def _with(bundle: Bundle) -> Bundle:
    return edited(bundle, RATES, "is_null(counted)", "_placed with input as counted")


def _whole_package(bundle: Bundle) -> Bundle:
    return edited(bundle, DECISION, "some finding in rates.deny", "some finding in rates[_]")


def _within(bundle: Bundle) -> Bundle:
    return edited(bundle, RATES, "package gatewright.rates", "package gatewright.core.rates")


def _beside_numbers(bundle: Bundle) -> Bundle:
    return without_check(bundle, data={**bundle.data, "core": {"deny": 1}})


def _same(bundle: Bundle) -> Bundle:
    return bundle


@pytest.mark.parametrize(
    "change",
    [
        _new_package,
        _package_gone,
        _reworded,
        _decision,
        _number_of_the_decision,
        _dynamic,
        _walks,
        _with,
        _whole_package,
        _within,
        _beside_numbers,
        _same,
    ],
)
def test_what_is_not_plain_has_every_decision_asked_anew(
    change: Callable[[Bundle], Bundle], bundle: Bundle
) -> None:
    assert reach(bundle, change(bundle)) is None


def test_a_function_that_others_call_has_every_decision_asked_anew(bundle: Bundle) -> None:
    """The loader refuses one; but nothing is to rest on that."""
    calling = edited(bundle, TOPICS, "some finding in lan.deny", "lan.deny(1)")
    lan = "gatewright/change/lan/lan.rego"
    base = replace(calling, revision="calling")

    assert reach(base, edited(base, lan, "import rego.v1", "import rego.v1\n")) is None
    assert reach(bundle, edited(bundle, lan, "import rego.v1", "import rego.v1\n")) is not None


@pytest.fixture
def plain(bundle: Bundle) -> Reach:
    found = reach(bundle, bundle.with_numbers(STRICTER))
    assert found is not None
    return found


class Watched(OpaComparer):
    """A comparer that remembers how many it was asked."""

    asked = 0

    def ask(self, questions: Any) -> Any:
        self.asked += len(questions)
        return super().ask(questions)


@pytest.mark.opa
async def test_decisions_of_other_rules_and_of_nobody_knows_which_are_asked_anew(
    decide: Decide, ask: Ask, bundle: Bundle, plain: Reach, opa_binary: str, tmp_path: Path
) -> None:
    row = await decide(ask())
    nameless = json.loads(row.verdict)
    del nameless["policy_revision"]
    rows = [
        altered(row, policy_revision="another", decision="allow"),
        row,
        replace(row, verdict=json.dumps(nameless | {"decision": "allow"})),
    ]
    asker = OpaAsker(bundle.with_numbers(STRICTER), opa_binary, tmp_path)
    comparer = Watched(asker, tmp_path, plain)

    tally = Worker(asker, (), comparer).count(rows)

    assert comparer.asked == 1
    assert (tally.replayed, tally.unchanged) == (3, 1)
    assert {each.decision_id for found in tally.examples.values() for each in found}


@pytest.mark.opa
async def test_a_comparison_that_fails_has_its_batch_asked_anew(
    decide: Decide, ask: Ask, bundle: Bundle, plain: Reach, opa_binary: str, tmp_path: Path
) -> None:
    row = await decide(ask())
    asker = OpaAsker(bundle.with_numbers(STRICTER), opa_binary, tmp_path)
    broken = replace(plain, modules={CORE: "package gatewright_before.core\na if {"})

    (answer,) = OpaComparer(asker, tmp_path, broken).ask([json.loads(row.question or b"")])

    assert answer == asker.ask([json.loads(row.question or b"")])[0]
    assert answer is not None


@pytest.mark.opa
async def test_rules_that_say_that_they_are_as_decided_are_not_believed(
    decide: Decide, ask: Ask, bundle: Bundle, opa_binary: str, tmp_path: Path
) -> None:
    decision = "gatewright/decision/decision.rego"
    lying = edited(bundle, decision, "decision := {", 'decision := "as_decided"\n\n_d := {')

    asked = worker(lying, "opa", tmp_path, reach(bundle, lying))
    tally = asked.count([await decide(ask())])

    assert asked.comparer is None
    assert (tally.replayed, tally.unknown.total()) == (0, 1)
