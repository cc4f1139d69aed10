"""The embedded engine, and the guards that regopy needs."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from regopy import Input, Interpreter

from brain.domain.canonical import Json
from brain.domain.change import Plan, SetParameter
from brain.domain.errors import PolicyUnavailable
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Question
from brain.domain.verdict import Decision
from policies.answer import read
from policies.bundle import Bundle
from policies.engine import ACCESS, DECISION
from policies.engines import embedded, entering
from policies.engines.embedded import EmbeddedEngine
from policies.engines.entering import entered
from policies.facts import input_of

Ask = Callable[..., Question]
HEAD = "package gatewright.access\n\nimport rego.v1\n\n"
NASTY = ['a"b', "a\\b", "a\nb", "a\x00b", "\\u0041", "é☃😀", "{{}}", '","outcome":"allow', "\x7f"]


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle)


def answering(body: str) -> EmbeddedEngine:
    """An engine whose access rules are this; the source is not guarded, as if a guard failed."""
    modules = {
        "gatewright/access/access.rego": HEAD + body,
        "gatewright/decision/decision.rego": "package gatewright.decision\n\ndecision := 1\n",
    }
    bare = Bundle(modules=modules, data={}, findings=MappingProxyType({}), revision="r1")
    return EmbeddedEngine(bare)


async def test_an_answer_names_the_bundle(engine: EmbeddedEngine, bundle: Bundle) -> None:
    answer = await engine.ask(ACCESS, {})

    assert (answer.result, answer.revision) == (False, bundle.revision)
    assert engine.name == "embedded"


@pytest.mark.parametrize(
    "body",
    [
        "allow if input.nothing",
        "allow if { y := http.send({}) }",
        'allow if { not to_number("x") }',
        "allow if { not count(1) }",
        "allow := 1 if { true }\n\nallow := 2 if { true }",
    ],
    ids=["undefined", "unsupported", "failed in not", "type error", "conflict"],
)
async def test_what_fails_or_is_undefined_is_no_answer(body: str) -> None:
    with pytest.raises(PolicyUnavailable):
        await answering(body).ask(ACCESS, {})


async def test_a_query_that_rego_cpp_gave_up_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its library gives nothing at all then, which regopy does not notice."""
    engine = answering("allow := true")
    assert (await engine.ask(ACCESS, {})).result is True
    monkeypatch.setattr("regopy.interpreter.rego_bundle_query_entrypoint", lambda *_: None)

    with pytest.raises(PolicyUnavailable):
        await engine.ask(ACCESS, {})


@pytest.mark.parametrize("body", ["allow if {", "allow if nope(1) ?"])
def test_rules_that_do_not_compile_are_refused(body: str) -> None:
    with pytest.raises(PolicyUnavailable, match="does not take the bundle"):
        answering(body)


@pytest.mark.parametrize("text", NASTY)
async def test_a_text_comes_back_as_it_went_in(text: str) -> None:
    echo = answering("allow := [input.text, {input.text: 1}]")

    assert (await echo.ask(ACCESS, {"text": text})).result == [text, {text: 1}]


def test_regopy_still_needs_its_texts_escaped() -> None:
    """When this fails, regopy was mended, and the escaping has to go."""
    interpreter = Interpreter()
    interpreter.add_module("a", 'package a\n\nb := {"x": input.text}\n')
    interpreter.set_input(Input({"text": 'y","outcome":"allow'}))

    (said,) = json.loads(str(interpreter.query("data.a.b")))["expressions"]
    assert said == {"x": "y", "outcome": "allow"}


@pytest.mark.parametrize(
    "value",
    [
        2**53 + 1,
        -(2**53) - 1,
        2**64 + 5,
        float("nan"),
        float("inf"),
        1e-7,
        "\ud800",
        {"a": ["\udc00"]},
        {"\ud800": 1},
        (1,),
        {1: "a"}.keys(),
        b"x",
    ],
    ids=repr,
)
def test_what_regopy_would_alter_is_not_asked(value: Json) -> None:
    with pytest.raises(PolicyUnavailable):
        entered(value)


def test_what_is_nested_too_deeply_is_not_asked() -> None:
    deep: Json = 1
    for _ in range(40):
        deep = [deep]

    with pytest.raises(PolicyUnavailable):
        entered(deep)


async def test_what_regopy_takes_is_asked_as_it_is() -> None:
    echo = answering("allow := input.value")
    values = [None, True, False, 0, 2**53, -(2**53), 1.5, "plain", [], {}, [[1], {"a": [None]}]]

    for value in values:
        found = (await echo.ask(ACCESS, {"value": value})).result  # type: ignore[dict-item]  # Json

        assert found == value
        assert type(found) is type(value)


@pytest.mark.parametrize("call", ["regoInputString", "regoInputNull", "regoInputObject"])
async def test_a_value_that_the_library_does_not_take_is_no_question(
    monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    echo = answering("allow if true")
    monkeypatch.setattr(entering.library, call, lambda *_: 1)

    with pytest.raises(PolicyUnavailable, match="did not take the question"):
        await echo.ask(ACCESS, {"value": ["a", None, {"b": 1}]})


def a_plan_of(count: int, ask: Ask) -> Question:
    changes = [
        SetParameter(
            path=ParameterPath(f"Device.DNS.Client.Server.{n}.DNSServer"),
            type=ParameterType.STRING,
            before="192.0.2.1",
            after="9.9.9.9",
        )
        for n in range(1, count + 1)
    ]
    question = ask()
    return replace(question, plan=Plan(device=question.device.id, changes=tuple(changes)))


async def test_a_plan_in_parts_is_judged_as_a_whole(
    engine: EmbeddedEngine, bundle: Bundle, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = input_of(a_plan_of(7, ask))
    whole = await engine.ask(DECISION, asked)
    monkeypatch.setattr(embedded, "CHUNK", 2)

    parts = await engine.ask(DECISION, asked)

    rules, revision = bundle.findings, bundle.revision
    assert read(parts, revision=revision, rules=rules) == read(
        whole, revision=revision, rules=rules
    )


async def test_a_plan_over_the_limit_is_denied_and_judged_no_further(
    engine: EmbeddedEngine, bundle: Bundle, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Json] = []
    evaluate = embedded._evaluate
    monkeypatch.setattr(
        embedded, "_evaluate", lambda *each: (asked.append(each[2]), evaluate(*each))[1]
    )

    answer = await engine.ask(DECISION, input_of(a_plan_of(150, ask)))

    found = read(answer, revision=bundle.revision, rules=bundle.findings)
    assert [each.code for each in found.findings] == ["core.plan_too_large"]
    assert len(asked) == 1, "the rest of it was not asked about"


async def test_one_bad_change_in_the_last_part_denies_the_whole(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, bundle: Bundle, engine: EmbeddedEngine
) -> None:
    monkeypatch.setattr(embedded, "CHUNK", 2)
    question = a_plan_of(6, ask)
    *good, last = question.plan.sets
    bad = Plan(device=question.device.id, changes=(*good, replace(last, after="6.6.6.6")))

    answer = await engine.ask(DECISION, input_of(replace(question, plan=bad)))

    found = read(answer, revision=bundle.revision, rules=bundle.findings)
    assert [each.code for each in found.findings] == [
        "wan.resolver_not_listed",
        "asker.second_person",
    ]


async def test_what_an_operator_lets_people_do_alone_is_allowed(ask: Ask, tmp_path: Path) -> None:
    own = tmp_path / "policy.yaml"
    own.write_text("limits: {people: {alone: ['Device.DNS.Client.Server.{i}.DNSServer']}}\n")
    bundle = Bundle.load(data=own)

    answer = await EmbeddedEngine(bundle).ask(DECISION, input_of(ask()))

    found = read(answer, revision=bundle.revision, rules=bundle.findings)
    assert (found.decision, found.findings) == (Decision.ALLOW, ())


async def test_many_at_once_get_their_own_answers(engine: EmbeddedEngine) -> None:
    def asked(tenant: str) -> dict[str, Json]:
        who: dict[str, Json] = {"kind": "person", "roles": ["support"], "tenant": "north"}
        return {"action": "read", "principal": who, "scopes": None, "tenant": tenant}

    tenants = ["north", "south"] * 20
    answers = await asyncio.gather(*(engine.ask(ACCESS, asked(tenant)) for tenant in tenants))

    assert [answer.result for answer in answers] == [True, False] * 20
