"""What a case has cost in calls to a language model, over REST and for Prometheus."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.console.cost import in_a_line
from api.conversation import Conversations
from api.metrics import Metrics
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.domain.incident import Case
from brain.domain.model_call import CallOutcome, ModelCall
from brain.errands import KeptCalls
from brain.planner.events import PlannerEvent

if TYPE_CHECKING:
    from tests.api.conftest import Front


@pytest.fixture
def call(case: Case) -> ModelCall:
    return ModelCall(
        tenant=case.tenant,
        case=case.id,
        proposal="prp_1",
        at=case.opened_at,
        prompt="intake",
        prompt_sha256="p" * 64,
        schema_sha256="s" * 64,
        outcome=CallOutcome.MENDED,
        model="small-1",
        mode="json_schema",
        requests=2,
        tokens_in=1000,
        tokens_out=200,
        seconds=2.25,
        asked='{"message":"name_5f03ab21 says it is slow"}',
    )


async def test_the_calls_of_a_case_are_told_without_a_word_of_what_was_asked(
    front: "Front", case: Case, call: ModelCall
) -> None:
    await KeptCalls(front.wiring.store)(call)

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(f"/v1/cases/{case.id}/calls")

    (told,) = response.json()["items"]
    assert (told["outcome"], told["model"], told["requests"]) == ("mended", "small-1", 2)
    assert (told["tokens_in"], told["tokens_out"], told["seconds"]) == (1000, 200, 2.25)
    assert "asked" not in told
    assert "name_5f03ab21" not in response.text


async def test_another_tenant_sees_none_of_them(
    front: "Front", case: Case, call: ModelCall
) -> None:
    await KeptCalls(front.wiring.store)(call)

    async with await front.caller("eve", Role.SUPPORT, tenant=TenantId("south")) as client:
        response = await client.get(f"/v1/cases/{case.id}/calls")

    assert response.status_code == 404


async def test_a_record_that_cannot_be_kept_ends_no_run(front: "Front", call: ModelCall) -> None:
    stray = replace(call, case=type(call.case)("cas_none"))

    await KeptCalls(front.wiring.store)(stray)

    async with front.wiring.store.read() as tx:
        assert await tx.model_calls.of_case(call.tenant, stray.case) == []


async def test_prometheus_is_told_of_calls_tokens_and_seconds(front: "Front", case: Case) -> None:
    made = {"prompt": "intake", "outcome": "refused", "tokens_in": 7, "tokens_out": 3}
    front.wiring.planner.script = [
        PlannerEvent(kind="done", text="", payload={"calls": [{**made, "seconds": 1.5}]})
    ]
    metrics = Metrics()
    sam = Principal(
        id=PrincipalId("sam"), tenant=case.tenant, kind=PrincipalKind.PERSON, roles=frozenset()
    )

    turn = await Conversations(front.wiring, metrics).say(case, "it is slow", sam)
    assert [event.kind async for event in turn] == ["done"]

    told = metrics.render().decode()
    assert 'gatewright_model_calls_total{outcome="refused",prompt="intake"} 1.0' in told
    assert 'gatewright_model_tokens_total{direction="in"} 7.0' in told
    assert 'gatewright_model_call_seconds_sum{prompt="intake"} 1.5' in told


def test_the_console_says_it_in_one_line(call: ModelCall) -> None:
    twice = [call, replace(call, prompt="diagnose")]

    assert in_a_line(twice) == "2 model calls, 2,400 tokens, 4.5 s, small-1"
