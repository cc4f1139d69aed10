"""Both engines answer alike under an operator's own windows, freezes, rates and matrix."""

import random
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from brain.domain.question import Question
from brain.domain.verdict import Point
from evals.demo.stage import free_port
from policies.answer import read
from policies.bundle import Bundle
from policies.engine import DECISION, RawAnswer
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from policies.facts import input_of
from tests.policies.engines.serving import start
from tests.policies.engines.test_parity import NOT_AS_SHIPPED, question, said, spoiled

pytestmark = pytest.mark.opa

OWN = """
schedule:
  freezes:
    xmas: {from: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z", countries: [JP, GB]}
    north: {from: "2026-01-03T00:00:00Z", until: "2026-01-04T00:00:00Z", tenants: [north]}
    south: {from: "2026-01-03T00:00:00Z", until: "2026-01-04T00:00:00Z", tenants: [south]}
  windows: {noon: {weekdays: [thu, sun], from: "12:00", until: "00:30"}}
  kinds: {radio: {templates: [Device.WiFi.], windows: [noon, night]}}
  max_wait_minutes: 10080
matrix:
  unknown: {machine: review, person: review}
  models:
    Acme: {G1: {"*": {"*": yellow}, "1.0": {config: green, reboot: red}, "2.0": {config: red}}}
pace:
  port: {under_way: 2, last_hour: 3}
"""


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    own = tmp_path_factory.mktemp("own") / "policy.yaml"
    own.write_text(OWN)
    return Bundle.load(data=own)


@pytest.fixture(scope="module")
def url(tuned: Bundle, opa_binary: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    packed: Path = tmp_path_factory.mktemp("tuned") / "bundle.tar.gz"
    packed.write_bytes(tuned.to_tar_gz())
    port = free_port()
    server = start(opa_binary, port, packed)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture
async def opa(url: str, tuned: Bundle) -> AsyncIterator[OpaEngine]:
    engine = OpaEngine(url, tuned, timeout=timedelta(seconds=10))
    yield engine
    await engine.aclose()


def somewhere(chance: random.Random, ask: Callable[..., Question]) -> Question:
    """A question at any time of the week, of a device of any firmware, mostly at the write."""
    asked = question(chance, ask)
    device = replace(
        asked.device,
        firmware=chance.choice(["1.0", "2.0", "3.0", ""]),
        ring=chance.choice([None, "pilot", "general"]),
    )
    return replace(
        asked,
        device=device,
        point=chance.choice([Point.EXECUTE, Point.EXECUTE, *Point]),
        now=asked.now + timedelta(minutes=chance.randrange(7 * 24 * 60)),
        zone=chance.choice(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
    )


@pytest.mark.slow
async def test_tuned_numbers_are_judged_alike(
    tuned: Bundle, opa: OpaEngine, ask: Callable[..., Question]
) -> None:
    inside = EmbeddedEngine(tuned, timeout=timedelta(seconds=10))
    chance = random.Random(20260104)
    codes: set[str] = set()
    waits = 0

    for number in range(400):
        asked = input_of(somewhere(chance, ask))
        asked = spoiled(chance, asked) if number % 4 == 0 else asked
        one, other = await said(inside, DECISION, asked), await said(opa, DECISION, asked)
        assert one == other, asked
        if number % 4 == 0:
            continue
        raw = RawAnswer(result=one, revision=tuned.revision)  # type: ignore[arg-type]
        broken = asked["break_glass"] is not None
        found = read(raw, revision=tuned.revision, rules=tuned.findings, broken=broken)
        codes |= {finding.code for finding in found.findings}
        waits += found.obligations.wait is not None

    assert NOT_AS_SHIPPED - {"calendar.unreadable", "compatibility.unreadable"} <= codes
    assert {"calendar.outside_window", "rates.too_many_at_once"} <= codes
    assert 20 < waits < 390
