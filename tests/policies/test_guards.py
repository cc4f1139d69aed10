"""Rego that the two engines would not answer alike is refused before it is asked."""

import pytest

from policies.bundle import Bundle
from policies.guards import BUILTINS, problems

HEAD = "package gatewright.x\n\nimport rego.v1\n\n"


def wrong(body: str) -> list[str]:
    return problems({"x.rego": HEAD + body})


@pytest.mark.parametrize(
    "body",
    [
        "a := 1",
        "a if input.b == 1",
        "a if {\n\tinput.b\n}",
        "_f(x) := x\n\na := _f(1)",
        'a contains {"b": c} if some c in input.d',
        "a := {1, 2} if input.b",
        "a := set() if {\n\tinput.b\n} else := {1}",
        "a if not input.b",
        'a if "http.send" in input.names  # http.send()',
    ],
)
def test_plain_rego_passes(body: str) -> None:
    assert wrong(body) == []


@pytest.mark.parametrize(
    "call",
    [
        'http.send({"url": input.url})',
        "opa.runtime()",
        'regex.match("^(a+)+$", input.x)',
        "time.now_ns()",
        "time.parse_rfc3339_ns(input.x)",
        'net.cidr_contains("10.0.0.0/8", input.x)',
        "semver.compare(input.x, input.y)",
        "rego.metadata.rule()",
        "to_number(input.x)",
        "sort(input.x)",
        "print(input.x)",
        "trim_space(input.x)",
        "anything(input.x)",
        "data.other.f(input.x)",
    ],
)
def test_a_call_that_is_not_on_the_list_is_refused(call: str) -> None:
    (problem,) = wrong(f"a if {call}")

    assert problem == f"x.rego: line 5: {call.partition('(')[0]} is not a function that " + (
        "rules may call"
    )


@pytest.mark.parametrize(
    "body", ["allow { true }", "allow[x] { x := 1 }", "a = 1 { true }", "a[1] if input.b"]
)
def test_rego_v0_is_refused(body: str) -> None:
    assert any("Rego v0" in problem for problem in wrong(body))


def test_a_module_that_does_not_import_v1_is_refused() -> None:
    assert problems({"x.rego": "package x\n\na := 1\n"}) == ["x.rego: it does not import rego.v1"]


def test_replacing_the_input_is_for_tests_alone() -> None:
    told = "x.rego: line 5: only tests replace the input or the data"

    assert wrong("a if data.x.y with input as input.z") == [told]


@pytest.mark.parametrize("text", [r'"a\"b"', r'"\u0041"', "`raw`"])
def test_texts_with_escapes_are_refused(text: str) -> None:
    assert wrong(f"a if input.b == {text}") == [
        "x.rego: line 5: texts are plain: no escapes and no raw strings"
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "is_number(input.x)",
        "_f(change.after)",
        "_f(input)",
        "_f(change, input.x)",
        'input.x in {"a"}',
        "input.x <= 3",
        "input.x == input.y",
        "input.x != 1",
        'startswith(input.x, "a")',
        "count(input.x) > 0",
    ],
)
def test_what_may_be_missing_does_not_stand_after_not(expression: str) -> None:
    told = "x.rego: line 7: what may be missing is put after not in a rule of its own"

    for body in (f"a if not {expression}", f"a if {{\n\tnot {expression}\n}}"):
        lines = "_f(x) := x\n\n" + body
        assert [problem.partition("line")[2][2:] for problem in wrong(lines)] == [
            told.partition("line")[2][2:]
        ]


@pytest.mark.parametrize(
    "expression",
    ["_a", "input.x", "input.x == 1", 'input.x == "a"', "input.x == true", "_f(x)", "_f(x, _a)"],
)
def test_a_name_a_constant_or_whole_variables_do(expression: str) -> None:
    assert wrong(f"_f(x) := x\n\na if not {expression}") == []


def test_what_cannot_be_cut_into_words_is_refused() -> None:
    assert wrong("a ? b") == ["x.rego: line 5: '?' begins no word of Rego"]


def test_the_shipped_rules_pass(bundle: Bundle) -> None:
    assert len(bundle.modules) >= 11
    assert problems(bundle.modules) == []


def test_no_builtin_is_allowed_that_no_rule_calls(bundle: Bundle) -> None:
    source = "\n".join(bundle.modules.values())

    assert [name for name in sorted(BUILTINS) if f"{name}(" not in source] == []
