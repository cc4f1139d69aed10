"""Each rule of the bundle speaks in the embedded engine, for the question that is its seed."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from brain.domain.canonical import Json
from policies.bundle import Bundle
from policies.engine import DECISION
from policies.engines.embedded import EmbeddedEngine
from policies.probes import NUMBERS, RESOLVER, SEEDS, WITHOUT, setting

CODES = sorted(Bundle.load().findings)


def holding(bundle: Bundle, numbers: Mapping[str, Json]) -> EmbeddedEngine:
    """An engine of the shipped rules with other numbers, whole or not."""
    return EmbeddedEngine(replace(bundle, data=MappingProxyType(dict(numbers))))


@pytest.fixture(scope="module")
def inside(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle.with_numbers(NUMBERS))


async def codes(engine: EmbeddedEngine, asked: dict[str, Json]) -> set[str]:
    answer = (await engine.ask(DECISION, asked)).result
    assert isinstance(answer, dict)
    findings = answer["findings"]
    assert isinstance(findings, list)
    return {str(each["code"]) for each in findings if isinstance(each, dict)}


def test_every_rule_has_a_seed_and_every_seed_a_rule() -> None:
    assert len(CODES) > 80, "the check sees no rules"
    assert set(CODES) == set(SEEDS)


@pytest.mark.parametrize("code", [code for code in CODES if code not in WITHOUT])
async def test_the_seed_of_a_rule_makes_it_speak(inside: EmbeddedEngine, code: str) -> None:
    assert code in await codes(inside, SEEDS[code])


@pytest.mark.parametrize("code", sorted(WITHOUT))
async def test_a_rule_about_missing_numbers_speaks_where_they_are_missing(
    bundle: Bundle, inside: EmbeddedEngine, code: str
) -> None:
    left = {name: each for name, each in bundle.data.items() if name != WITHOUT[code]}

    assert code in await codes(holding(bundle, left), SEEDS[code])
    assert code not in await codes(inside, SEEDS[code])


async def test_the_base_question_is_only_asked_of_a_second_person(bundle: Bundle) -> None:
    engine = EmbeddedEngine(bundle)

    assert await codes(engine, setting(RESOLVER, "9.9.9.9")) == {"asker.second_person"}
