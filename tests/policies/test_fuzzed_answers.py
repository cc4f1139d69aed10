"""Whatever an engine says, only a well-formed yes is one: held against a reading written apart."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brain.domain.question import Question
from brain.domain.verdict import Decision
from brain.ids import new_id, utc_now
from policies import gate as gate_module
from policies.bundle import Bundle
from policies.engine import DECISION, RawAnswer
from policies.engines.embedded import EmbeddedEngine
from policies.facts import input_of
from policies.gate import Gate
from policies.signing import PermitSigner
from tests.invariants.faults import first_word
from tests.invariants.reading import outcome
from tests.policies.conftest import Log, Told

JUNK = st.recursive(
    st.sampled_from([None, True, False, 0, 1, -1, 2.5, "", "allow", "review", "deny", "approvers"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["outcome", "findings", "obligations", "approvals", "group", "min", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
look = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def genuine(bundle: Bundle, ask: Callable[..., Question]) -> Any:
    """What the engine really says of a plan that two groups may be asked about."""
    return (await EmbeddedEngine(bundle).ask(DECISION, input_of(ask()))).result


def gate_of(bundle: Bundle, told: Told) -> Gate:
    return Gate(
        engine=told,
        bundle=bundle,
        clock=utc_now,
        new_id=new_id,
        signer=PermitSigner(Ed25519PrivateKey.generate()),
        log=Log(),
    )


def spoilt(genuine: Any, data: st.DataObject) -> Any:
    """The genuine answer with up to three things in it replaced, added or taken out."""
    document = {"": deepcopy(genuine)}
    for _ in range(data.draw(st.integers(0, 3))):
        place: Any = document
        key: Any = ""
        while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
        what = data.draw(st.sampled_from(["replace", "replace", "take out", "add"]))
        if what == "take out" and isinstance(place, dict) and place is not document:
            del place[key]
        elif what == "add" and isinstance(place, dict) and place is not document:
            place[data.draw(st.sampled_from(["outcome", "extra", "min"]))] = data.draw(JUNK)
        else:
            place[key] = data.draw(JUNK)
    return document[""]


async def checked(bundle: Bundle, asked: Question, answer: object, revision: str) -> Decision:
    """Judge it; what the gate lets through must be a yes in the other reading, too."""
    told = Told(answer, revision)
    verdict = await gate_of(bundle, told).judge(asked)
    raw = RawAnswer(result=answer, revision=revision)  # type: ignore[arg-type]
    if verdict.decision is not Decision.DENY:
        meant, obliged = outcome(raw, bundle)
        assert verdict.decision == meant
        asks = {each.group: each.min for each in verdict.obligations.approvals}
        assert verdict.decision is Decision.ALLOW or asks == obliged
    return verdict.decision


@look
@given(data=st.data())
async def test_a_spoilt_answer_lets_nothing_through_that_it_does_not_say(
    bundle: Bundle, ask: Callable[..., Question], genuine: Any, data: st.DataObject
) -> None:
    revision = data.draw(st.sampled_from([bundle.revision] * 4 + ["", "another"]))

    decided = await checked(bundle, ask(), spoilt(genuine, data), revision)

    assert decided is Decision.DENY or revision == bundle.revision


@look
@given(answer=JUNK)
async def test_junk_lets_nothing_through(
    bundle: Bundle, ask: Callable[..., Question], answer: object
) -> None:
    assert await checked(bundle, ask(), answer, bundle.revision) is Decision.DENY


async def test_a_genuine_answer_is_believed(
    bundle: Bundle, ask: Callable[..., Question], genuine: Any
) -> None:
    """Else nothing above would mean anything."""
    assert await checked(bundle, ask(), genuine, bundle.revision) is Decision.REVIEW


async def test_an_answer_that_is_skimmed_is_noticed(
    bundle: Bundle, ask: Callable[..., Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault planted: whatever has the word allow somewhere is an allowance."""
    monkeypatch.setattr(gate_module, "read", lambda raw, **_: first_word(None, raw))

    with pytest.raises(AssertionError):
        await checked(bundle, ask(), {"outcome": "allow"}, bundle.revision)
