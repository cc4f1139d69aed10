"""What rules say is read from the comment above them, and nowhere else."""

import json
import re
import subprocess

import pytest

from brain.domain.errors import InvalidInput
from brain.domain.verdict import Severity
from policies.bundle import Bundle
from policies.check import shipped_rules
from policies.findings import RuleText, rule_texts

RULE = """
# METADATA
# title: Too loud
# description: Power {power} is over {limit}.
# custom:
#   code: radio.too_loud
#   severity: deny
#   remedy: Ask for less.
deny contains {"code": "radio.too_loud", "path": change.path} if {
	some change in input.changes
}
"""


def test_the_words_of_a_rule_are_those_above_it() -> None:
    assert rule_texts("radio.rego", RULE) == (
        RuleText(
            code="radio.too_loud",
            severity=Severity.DENY,
            title="Too loud",
            message="Power {power} is over {limit}.",
            remedy="Ask for less.",
        ),
    )


def test_metadata_of_other_things_are_no_rules() -> None:
    package = "# METADATA\n# title: Radios\npackage gatewright.change.radio\n"

    assert [text.code for text in rule_texts("radio.rego", package + RULE)] == ["radio.too_loud"]


@pytest.mark.parametrize(
    ("from_", "to", "told"),
    [
        ("#   code: radio.too_loud\n", "", "no code"),
        ("#   remedy: Ask for less.\n", "", "no remedy"),
        ("# title: Too loud\n", "", "no title"),
        ("# description: Power {power} is over {limit}.\n", "", "no message"),
        ("#   code: radio.too_loud", "#   code: radio.other", "gives another code"),
        ('{"code": "radio.too_loud"', '{"code": "radio.too_quiet"', "gives another code"),
        ('"path": change.path}', '"path": "", "x": {"code": "radio.x"}}', "gives another code"),
        ("severity: deny", "severity: review", "says otherwise"),
        ("#   severity: deny\n", "", "says otherwise"),
        ("# METADATA\n", "", "have no METADATA"),
        ("# custom:", "# custom: {", "not YAML"),
    ],
)
def test_a_rule_that_cannot_be_explained_is_refused(from_: str, to: str, told: str) -> None:
    assert from_ in RULE

    with pytest.raises(InvalidInput, match=told) as refused:
        rule_texts("radio.rego", RULE.replace(from_, to))

    assert refused.value.field == "radio.rego"


def test_a_second_rule_below_one_comment_is_refused() -> None:
    twice = RULE + '\nreview contains {"code": "radio.more", "path": ""} if input.x\n'

    with pytest.raises(InvalidInput):
        rule_texts("radio.rego", twice)


def test_a_message_holds_the_values_of_the_rule() -> None:
    (text,) = rule_texts("radio.rego", RULE)

    found = text.finding("Device.WiFi.Radio.1.TransmitPower", {"power": 101, "limit": None})

    assert found.message == "Power 101 is over unknown."
    assert (found.code, found.severity, found.path, found.remedy) == (
        "radio.too_loud",
        Severity.DENY,
        "Device.WiFi.Radio.1.TransmitPower",
        "Ask for less.",
    )


@pytest.mark.parametrize(
    ("value", "said"), [(-0.0, "0"), (16.0, "16"), (1e15, "1000000000000000"), (0.5, "0.5")]
)
def test_a_whole_number_is_said_one_way_however_an_engine_writes_it(
    value: float, said: str
) -> None:
    (rule,) = rule_texts("radio.rego", RULE)

    assert rule.finding("", {"power": value}).message == f"Power {said} is over unknown."


def test_a_value_cannot_break_out_of_its_sentence() -> None:
    (text,) = rule_texts("radio.rego", RULE)

    found = text.finding("", {"power": "1\n\x1b[2J{limit}" + "x" * 1000, "limit": True})

    assert found.message.startswith("Power 1??[2J{limit}xxx")
    assert found.message.endswith(" is over true.")
    assert len(found.message) < 300


def test_every_shipped_rule_has_words_for_a_person(bundle: Bundle) -> None:
    assert len(bundle.findings) >= 30, "the check sees no rules"
    for code, text in bundle.findings.items():
        assert text.message.endswith("."), code
        assert text.remedy.endswith("."), code
        assert not text.title.endswith("."), code
        assert text.severity in (Severity.DENY, Severity.REVIEW), code


@pytest.mark.opa
def test_opa_reads_the_same_words(bundle: Bundle, opa_binary: str) -> None:
    rules = str(shipped_rules() / "gatewright")
    wanted = [opa_binary, "inspect", "--annotations", "--format=json", rules]
    ran = subprocess.run(wanted, capture_output=True, text=True, check=True)
    said = [each["annotations"] for each in json.loads(ran.stdout)["annotations"]]

    words = {
        each["custom"]["code"]: (each["title"], each["description"], each["custom"]["remedy"])
        for each in said
        if "custom" in each
    }
    assert words == {
        code: (text.title, text.message, text.remedy) for code, text in bundle.findings.items()
    }


MAY_BE_SAID = {
    *("band", "channel", "count", "feature", "freeze", "inventory", "kind", "last_hour"),
    *(
        "level",
        "limit",
        "longest",
        "max",
        "min",
        "minutes",
        "most",
        "radio",
        "ring",
        "scope",
        "shared",
        "tried",
    ),
    *("under_way", "waiting", "when", "width", "workflow"),
}
"""Reasons stay in the audit trail for ever: what stands here is no secret and of no subscriber."""


def test_no_rule_says_more_of_a_home_than_may_stay_in_the_audit_trail(bundle: Bundle) -> None:
    said = {
        gap
        for name, source in bundle.modules.items()
        for rule in rule_texts(name, source)
        for gap in re.findall(r"\{(\w+)\}", rule.message)
    }

    assert said == MAY_BE_SAID
