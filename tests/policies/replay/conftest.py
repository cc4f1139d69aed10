"""Past decisions, as the log keeps them: each the shipped policy's own, or altered by the test."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from brain.domain.canonical import jsonable
from brain.domain.identity import ChangeId
from brain.domain.question import Question
from brain.store.verdicts import KeptVerdict
from policies.bundle import Bundle
from policies.engines.embedded import EmbeddedEngine
from policies.facts import input_of
from policies.gate import Gate
from policies.signing import PermitSigner

DECIDED = datetime(2026, 1, 1, 12, tzinfo=UTC)
Decide = Callable[..., Awaitable[KeptVerdict]]


@pytest.fixture
def decide(bundle: Bundle, new_id: Any, log: Any) -> Decide:
    """Judges a question with the shipped rules, and gives the row of the log."""
    gate = Gate(
        engine=EmbeddedEngine(bundle),
        bundle=bundle,
        clock=lambda: DECIDED,
        new_id=new_id,
        signer=PermitSigner.from_bytes(bytes(32)),
        log=log,
    )

    async def judged(question: Question, change: str = "chg_1") -> KeptVerdict:
        verdict = await gate.judge(question)
        return KeptVerdict(
            decision_id=verdict.decision_id,
            change=ChangeId(change) if change else None,
            decided_at=verdict.decided_at,
            verdict=json.dumps(jsonable(verdict)),
            question=json.dumps(input_of(question)).encode(),
        )

    return judged


def altered(kept: KeptVerdict, **verdict: object) -> KeptVerdict:
    """The row with these fields of its verdict."""
    return replace(kept, verdict=json.dumps(json.loads(kept.verdict) | verdict))
