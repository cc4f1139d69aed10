"""The gate: whatever the engine does, only a readable allowance or review is one."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.change import SetParameter
from brain.domain.errors import PolicyUnavailable, StoreUnavailable
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.ports import Clock, NewId
from brain.domain.question import Question
from brain.domain.topology import BlastRadius, ScopeKind
from brain.domain.verdict import Decision, Point, RequiredApproval
from policies.bundle import Bundle
from policies.engine import ACCESS, DECISION
from policies.engines.embedded import EmbeddedEngine
from policies.gate import Gate
from policies.signing import PermitSigner

if TYPE_CHECKING:
    from tests.policies.conftest import Log, Told

Ask = Callable[..., Question]
ALLOW = {
    "outcome": "allow",
    "findings": [],
    "obligations": {
        "approvals": [],
        "rates": {},
        "review_after": None,
        "rollback": "automatic",
        "wait": None,
    },
}


@pytest.fixture
def gate(bundle: Bundle, clock: Clock, new_id: NewId, log: "Log") -> Callable[[Any], Gate]:
    def make(engine: Any) -> Gate:
        seconds = iter([1.0, 1.25])
        return Gate(
            engine=engine,
            bundle=bundle,
            clock=clock,
            new_id=new_id,
            signer=PermitSigner.from_bytes(bytes(32)),
            log=log,
            stopwatch=lambda: next(seconds),
        )

    return make


async def test_a_verdict_names_what_it_rests_on(
    gate: Callable[[Any], Gate], told: Callable[..., "Told"], ask: Ask, bundle: Bundle, clock: Clock
) -> None:
    question = ask(point=Point.EXECUTE)

    verdict = await gate(told(ALLOW)).judge(question)

    assert verdict.decision is Decision.ALLOW
    assert (verdict.point, verdict.plan_digest) == (Point.EXECUTE, question.plan.digest)
    assert (verdict.policy_revision, verdict.engine) == (bundle.revision, "told")
    assert (verdict.decision_id, verdict.decided_at) == ("dec_" + "0" * 25 + "1", clock())
    assert (verdict.cause, verdict.seconds) == ("", 0.25)


async def test_a_verdict_keeps_whom_the_change_was_taken_to_reach(
    gate: Callable[[Any], Gate], told: Callable[..., "Told"], ask: Ask
) -> None:
    sharing = {ScopeKind.PORT: 255}

    verdict = await gate(told(ALLOW)).judge(ask(clients=3, shared_by=None, sharing=sharing))

    assert verdict.reaches == BlastRadius(clients=3, others=None, sharing=sharing)


async def test_the_question_is_asked_whole_and_logged_masked(
    gate: Callable[[Any], Gate], told: Callable[..., "Told"], ask: Ask, log: "Log"
) -> None:
    engine = told(ALLOW)
    passphrase = SetParameter(
        path=ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase"),
        type=ParameterType.STRING,
        before="",
        after="correct horse",
        secret=True,
    )

    verdict = await gate(engine).judge(ask(passphrase))

    ((entrypoint, asked),) = engine.asked
    assert entrypoint == DECISION
    assert log.kept == [("north", verdict, asked)]
    assert "correct horse" not in json.dumps(asked)


@pytest.mark.parametrize(
    "answer",
    [PolicyUnavailable("it is down"), None, {}, {"result": True}, "allow", ALLOW | {"more": 1}],
    ids=["raises", "none", "undefined", "foreign", "text", "more"],
)
async def test_an_engine_without_a_readable_answer_is_a_denial(
    gate: Callable[[Any], Gate], told: Callable[..., "Told"], ask: Ask, log: "Log", answer: object
) -> None:
    verdict = await gate(told(answer)).judge(ask())

    assert (verdict.decision, verdict.cause) == (Decision.DENY, "policy_unavailable")
    assert [each.code for each in verdict.findings] == ["policy.unavailable"]
    assert verdict.obligations.approvals == ()
    assert len(log.kept) == 1


async def test_an_answer_of_another_bundle_is_a_denial(
    gate: Callable[[Any], Gate], told: Callable[..., "Told"], ask: Ask
) -> None:
    verdict = await gate(told(ALLOW, "another")).judge(ask())

    assert (verdict.decision, verdict.cause) == (Decision.DENY, "policy_unavailable")
    assert "another bundle" in verdict.findings[0].message


async def test_a_verdict_that_cannot_be_logged_is_not_given(
    gate: Callable[[Any], Gate], told: Callable[..., "Told"], ask: Ask, log: "Log"
) -> None:
    log.broken = StoreUnavailable("the database is down")

    with pytest.raises(StoreUnavailable):
        await gate(told(ALLOW)).judge(ask())


async def test_a_person_s_channel_change_is_reviewed_by_the_shipped_rules(
    gate: Callable[[Any], Gate], ask: Ask, bundle: Bundle
) -> None:
    channel = SetParameter(
        path=ParameterPath("Device.WiFi.Radio.1.Channel"),
        type=ParameterType.UNSIGNED_INT,
        before="1",
        after="6",
    )
    values = {
        "Device.WiFi.Radio.1.OperatingFrequencyBand": "2.4GHz",
        "Device.WiFi.Radio.1.RegulatoryDomain": "DE ",
    }

    verdict = await gate(EmbeddedEngine(bundle)).judge(ask(channel, values=values))

    assert verdict.decision is Decision.REVIEW
    assert [each.code for each in verdict.findings] == ["asker.second_person"]
    assert verdict.obligations.approvals == (RequiredApproval(group="approvers", min=1),)
    assert verdict.obligations.rollback == "automatic"


async def test_an_engine_that_answers_from_the_active_bundle_is_ready(
    gate: Callable[[Any], Gate], told: Callable[..., "Told"], bundle: Bundle
) -> None:
    engine = told(False)

    assert await gate(engine).ready()
    assert await gate(EmbeddedEngine(bundle)).ready()
    assert [entrypoint for entrypoint, _ in engine.asked] == [ACCESS]


@pytest.mark.parametrize(
    ("answer", "revision"),
    [(True, None), (None, None), (False, "another"), (PolicyUnavailable("down"), None)],
)
async def test_any_other_engine_is_not_ready(
    gate: Callable[[Any], Gate],
    told: Callable[..., "Told"],
    bundle: Bundle,
    answer: object,
    revision: str | None,
) -> None:
    assert not await gate(told(answer, revision or bundle.revision)).ready()
