"""An OPA server that fails or lies in any way is a denial, and nothing else."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.errors import InvalidInput, PolicyUnavailable
from brain.domain.ports import Clock, NewId
from brain.domain.question import Question
from brain.domain.verdict import Decision
from policies.bundle import Bundle
from policies.engine import DECISION
from policies.engines.opa import OpaEngine
from policies.facts import input_of
from policies.gate import Gate
from policies.signing import PermitSigner

if TYPE_CHECKING:
    from tests.policies.engines.conftest import Liar

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


def engine_at(url: str, bundle: Bundle, seconds: float = 1.0) -> OpaEngine:
    return OpaEngine(url, bundle, timeout=timedelta(seconds=seconds))


@pytest.fixture
async def engine(liar: "Liar", bundle: Bundle) -> AsyncIterator[OpaEngine]:
    engine = engine_at(liar.url, bundle, 0.8)
    yield engine
    await engine.aclose()


@pytest.fixture
def gate(engine: OpaEngine, bundle: Bundle, clock: Clock, new_id: NewId, log: Any) -> Gate:
    signer = PermitSigner.from_bytes(bytes(32))
    return Gate(engine=engine, bundle=bundle, clock=clock, new_id=new_id, signer=signer, log=log)


def from_bundle(revision: str, result: object) -> dict[str, object]:
    return {"result": result, "provenance": {"bundles": {"b": {"revision": revision}}}}


@pytest.mark.parametrize("value", [2**53 + 1, 1e-7, "\ud800"], ids=ascii)
async def test_what_the_other_engine_would_read_differently_is_not_asked(
    engine: OpaEngine, liar: "Liar", bundle: Bundle, value: object
) -> None:
    liar.say(from_bundle(bundle.revision, ALLOW))

    with pytest.raises(PolicyUnavailable):
        await engine.ask(DECISION, {"value": value})  # type: ignore[dict-item]  # Json

    assert liar.requests == []


async def test_an_answer_from_the_active_bundle_is_taken(
    gate: Gate, liar: "Liar", bundle: Bundle, ask: Ask
) -> None:
    liar.say(from_bundle(bundle.revision, ALLOW))

    verdict = await gate.judge(ask())

    assert (verdict.decision, verdict.engine, verdict.cause) == (Decision.ALLOW, "opa", "")
    ((path, body),) = liar.requests
    assert path.startswith("/v1/data/gatewright/decision/decision?")
    assert "strict-builtin-errors=true" in path
    assert body == {"input": input_of(ask())}


@pytest.mark.parametrize(
    "lie",
    [
        {"status": 404},
        {"status": 500, "body": b'{"code": "internal_error"}'},
        {"status": 503},
        {"status": 204, "body": b""},
        {"status": 302},
        {"body": b"{}"},
        {"body": b"null"},
        {"body": b"[]"},
        {"body": b'"allow"'},
        {"body": b""},
        {"body": b'{"result": '},
        {"body": b"<html>allow</html>", "kind": "text/html"},
        {"body": b"\xff\xfe", "kind": "application/json"},
        {"body": b'{"result": {"outcome": "allow"}}'},
        {"delay": 1.2},
    ],
    ids=str,
)
async def test_a_server_that_fails_is_a_denial(
    gate: Gate, liar: "Liar", ask: Ask, lie: dict[str, Any]
) -> None:
    for name, value in lie.items():
        setattr(liar, name, value)

    verdict = await gate.judge(ask())

    assert (verdict.decision, verdict.cause) == (Decision.DENY, "policy_unavailable")
    assert len(liar.requests) == 1, "a failure is not asked again"


@pytest.mark.parametrize(
    "provenance",
    [
        None,
        {},
        [],
        {"bundles": None},
        {"bundles": {}},
        {"bundles": {"b": None}},
        {"bundles": {"b": {"revision": ""}}},
        {"bundles": {"b": {"revision": "another"}}},
        {"revision": "ours"},
    ],
)
async def test_an_answer_of_another_bundle_is_a_denial(
    gate: Gate, liar: "Liar", ask: Ask, provenance: object
) -> None:
    liar.say({"result": ALLOW, "provenance": provenance})

    verdict = await gate.judge(ask())

    assert (verdict.decision, verdict.cause) == (Decision.DENY, "policy_unavailable")
    assert "another bundle" in verdict.findings[0].message


async def test_other_bundles_may_be_loaded_beside_ours(
    gate: Gate, liar: "Liar", bundle: Bundle, ask: Ask
) -> None:
    bundles = {"other": {"revision": "x"}, "gatewright": {"revision": bundle.revision}}
    liar.say({"result": ALLOW, "provenance": {"bundles": bundles}})

    assert (await gate.judge(ask())).decision is Decision.ALLOW


async def test_a_server_that_is_not_there_is_no_answer(bundle: Bundle) -> None:
    engine = engine_at("http://127.0.0.1:1", bundle)

    with pytest.raises(PolicyUnavailable):
        await engine.ask(DECISION, {})
    await engine.aclose()


async def test_a_server_that_comes_back_is_asked_again(
    gate: Gate, liar: "Liar", bundle: Bundle, ask: Ask
) -> None:
    liar.status = 500
    assert (await gate.judge(ask())).decision is Decision.DENY

    liar.status = 200
    liar.say(from_bundle(bundle.revision, ALLOW))

    assert (await gate.judge(ask())).decision is Decision.ALLOW


async def test_closing_twice_and_asking_after_is_no_error(
    engine: OpaEngine, liar: "Liar", bundle: Bundle
) -> None:
    liar.say(from_bundle(bundle.revision, False))
    await engine.aclose()
    await engine.aclose()

    assert (await engine.ask("gatewright/access/allow", {})).result is False


@pytest.mark.parametrize(
    "url",
    ["", "opa:8181", "ftp://opa", "http://", "http://opa/path", "http://u@opa", "http://opa?x=1"],
)
def test_an_address_that_is_none_is_named(bundle: Bundle, url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        OpaEngine(url, bundle)

    assert refused.value.field == "GATEWRIGHT_OPA_URL"


@pytest.mark.opa
async def test_a_real_server_answers_from_the_packed_bundle(
    opa_url: str, bundle: Bundle, clock: Clock, new_id: NewId, log: Any, ask: Ask
) -> None:
    engine = engine_at(opa_url, bundle, 5)
    gate = Gate(
        engine=engine,
        bundle=bundle,
        clock=clock,
        new_id=new_id,
        signer=PermitSigner.from_bytes(bytes(32)),
        log=log,
    )

    assert await gate.ready()
    verdict = await gate.judge(ask())
    await engine.aclose()

    assert (verdict.decision, verdict.cause) == (Decision.REVIEW, "")


@pytest.mark.opa
async def test_a_real_server_with_an_older_bundle_is_a_denial(
    opa_url: str, clock: Clock, new_id: NewId, log: Any, ask: Ask
) -> None:
    newer = Bundle.load(resolvers=["192.0.2.53"])
    engine = engine_at(opa_url, newer, 5)
    gate = Gate(
        engine=engine,
        bundle=newer,
        clock=clock,
        new_id=new_id,
        signer=PermitSigner.from_bytes(bytes(32)),
        log=log,
    )

    assert not await gate.ready()
    verdict = await gate.judge(ask())
    await engine.aclose()

    assert (verdict.decision, verdict.cause) == (Decision.DENY, "policy_unavailable")


@pytest.mark.opa
async def test_a_question_with_no_rule_is_no_answer(opa_url: str, bundle: Bundle) -> None:
    engine = engine_at(opa_url, bundle, 5)

    with pytest.raises(PolicyUnavailable, match="no rule"):
        await engine.ask("gatewright/nothing/here", {})
    await engine.aclose()
