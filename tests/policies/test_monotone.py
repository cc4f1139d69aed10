"""More against a plan never makes it more welcome, and how it is laid out does not matter."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brain.domain.canonical import Json, canonical_bytes
from brain.domain.change import Command, Plan, SetParameter
from brain.domain.errors import InvalidPlan, PolicyUnavailable
from brain.domain.question import Question
from policies.bundle import Bundle
from policies.engine import DECISION
from policies.engines import embedded
from policies.engines.embedded import EmbeddedEngine
from policies.facts import input_of
from tests.policies.engines.test_parity import changes, question

pytestmark = pytest.mark.slow

WORTH = {"deny": 0, "review": 1, "allow": 2}
DEAF = """

# METADATA
# title: Never mind
# description: A rule that somebody added.
# custom:
#   code: core.added
#   severity: deny
#   remedy: Do without.
deny contains {"code": "core.added", "path": ""} if {
	some template in object.keys(input.plan.changes)
	startswith(template, "%s")
}
"""
look = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
chances = st.randoms(use_true_random=False)


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle, timeout=timedelta(seconds=30))


@pytest.fixture(scope="module")
def stricter(bundle: Bundle) -> list[EmbeddedEngine]:
    """The shipped rules with one more that denies."""
    core = next(name for name in bundle.modules if name.endswith("core/core.rego"))
    return [
        EmbeddedEngine(
            replace(bundle, modules={**bundle.modules, core: bundle.modules[core] + DEAF % what}),
            timeout=timedelta(seconds=30),
        )
        for what in ("Device.WiFi.", "Device.DNS.", "Device.X")
    ]


async def worth(engine: EmbeddedEngine, asked: dict[str, Json]) -> int:
    """How welcome the plan is: no answer is a denial."""
    try:
        answer: Any = (await engine.ask(DECISION, asked)).result
    except PolicyUnavailable:
        return WORTH["deny"]
    return WORTH[answer["outcome"]]


async def said(engine: EmbeddedEngine, asked: dict[str, Json]) -> object:
    """All of it, with no order where there is none."""
    try:
        answer: Any = (await engine.ask(DECISION, asked)).result
    except PolicyUnavailable:
        return "no answer"
    return (
        answer["outcome"],
        sorted(map(canonical_bytes, answer["findings"])),
        sorted(map(canonical_bytes, answer["obligations"]["approvals"])),
    )


def with_more(asked: Question, chance: random.Random) -> Question | None:
    """The same question about a plan of more changes; None where they do not go together."""
    paths = set(asked.plan.paths)
    more = [each for each in changes(chance) if each.path not in paths]
    try:
        plan = Plan(device=asked.plan.device, changes=(*asked.plan.changes, *more))
    except InvalidPlan:
        return None
    return replace(asked, plan=plan) if more else None


@look
@given(chance=chances)
async def test_another_change_never_makes_a_plan_more_welcome(
    engine: EmbeddedEngine, ask: Callable[..., Question], chance: random.Random
) -> None:
    asked = question(chance, ask)
    longer = with_more(asked, chance)
    if longer is None:
        return

    assert await worth(engine, input_of(longer)) <= await worth(engine, input_of(asked))


@look
@given(chance=chances)
async def test_another_rule_that_denies_never_makes_a_plan_more_welcome(
    engine: EmbeddedEngine,
    stricter: list[EmbeddedEngine],
    ask: Callable[..., Question],
    chance: random.Random,
) -> None:
    asked = input_of(question(chance, ask))

    before = await worth(engine, asked)
    assert all([await worth(each, asked) <= before for each in stricter])


async def test_a_rule_that_denies_does_deny(
    engine: EmbeddedEngine, stricter: list[EmbeddedEngine], ask: Callable[..., Question]
) -> None:
    asked = input_of(ask())

    assert await worth(engine, asked) > 0
    assert [await worth(each, asked) == 0 for each in stricter] == [False, True, False]


@look
@given(chance=chances)
async def test_the_order_of_changes_does_not_matter(
    engine: EmbeddedEngine, ask: Callable[..., Question], chance: random.Random
) -> None:
    asked = question(chance, ask)
    shuffled = [*asked.plan.changes]
    chance.shuffle(shuffled)
    turned = replace(asked, plan=Plan(device=asked.plan.device, changes=tuple(shuffled)))
    one, other = input_of(asked), input_of(turned)
    other["plan"]["digest"] = one["plan"]["digest"]  # type: ignore[call-overload, index]

    assert await said(engine, one) == await said(engine, other)


@look
@given(chance=chances, size=st.integers(1, 24))
async def test_how_a_plan_is_asked_in_parts_does_not_matter(
    engine: EmbeddedEngine,
    ask: Callable[..., Question],
    monkeypatch: pytest.MonkeyPatch,
    chance: random.Random,
    size: int,
) -> None:
    asked = input_of(question(chance, ask))
    whole = await said(engine, asked)

    with monkeypatch.context() as patch:
        patch.setattr(embedded, "CHUNK", size)
        parts = await said(engine, asked)

    assert parts == whole


def _only_the_first(answers: Any) -> Any:
    return next(iter(answers))


async def test_a_part_that_is_forgotten_is_noticed(
    engine: EmbeddedEngine, ask: Callable[..., Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault planted: only the first part counts, and what comes later is let through."""
    radio = "Device.WiFi.Radio.1."
    good = ask().plan.changes[0]
    bad = replace(good, path=radio + "Channel", after="14")  # type: ignore[call-arg]
    assert isinstance(good, SetParameter)
    assert not isinstance(bad, Command)
    asked = input_of(ask(good, bad))
    monkeypatch.setattr(embedded, "CHUNK", 1)
    whole = await worth(engine, asked)

    monkeypatch.setattr(embedded, "joined", _only_the_first)

    assert (whole, await worth(engine, asked) > whole) == (WORTH["deny"], True)
