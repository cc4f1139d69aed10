"""What stands behind a family of objects is never needed where a plan does not touch it."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.question import Question
from policies.bundle import Bundle
from policies.engine import DECISION
from policies.engines.embedded import EmbeddedEngine
from policies.facts import input_of
from policies.families import asked_about
from tests.policies.engines.test_parity import JUNK, question, said


@pytest.fixture(scope="module")
def inside(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle, timeout=timedelta(seconds=10))


@pytest.mark.slow
async def test_a_topic_that_was_not_asked_had_nothing_to_say(
    inside: EmbeddedEngine, bundle: Bundle, ask: Callable[..., Question]
) -> None:
    """Asked as if the plan touched every family, the answer is the same: no guard hides a rule."""
    chance = random.Random(20260104)
    guarded = asked_about(bundle.modules["gatewright/topics/topics.rego"]).values()
    every = {family: True for families in guarded if families for family in families}
    assert len(every) > 10

    for _ in range(200):
        asked = input_of(question(chance, ask))
        plan: Any = asked["plan"]
        as_it_is = await said(inside, DECISION, asked)
        wide = await said(inside, DECISION, asked | {"plan": plan | {"families": every}})
        assert as_it_is == wide, asked


async def test_families_that_nobody_named_let_nothing_through(
    inside: EmbeddedEngine, ask: Callable[..., Question]
) -> None:
    chance = random.Random(20260105)

    for families in [*JUNK, {"Device.Nowhere.": True}, ["Device.WiFi.", "Device.DNS."]] * 5:
        asked = input_of(question(chance, ask))
        plan: Any = asked["plan"]
        found: Any = await said(inside, DECISION, asked | {"plan": plan | {"families": families}})
        assert found == "no answer" or found["outcome"] == "deny", asked
