"""The policy over the policies: it sees every rule, and objects to what is missing."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from policies.bundle import Bundle
from policies.check import run_checks, run_tests, shipped_rules
from policies.conventions import census

RADIO = Path("gatewright") / "change" / "radio"
LIMITS = Path("data") / "gatewright" / "limits"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_rules(), tmp_path / "rego"))


def alter(file: Path, before: str, after: str) -> None:
    source = file.read_text()
    assert before in source
    file.write_text(source.replace(before, after))


def objections(rules: Path) -> str:
    return "; ".join(census(rules, Bundle.load(rules)).wrong)


def test_the_shipped_rules_keep_to_it() -> None:
    found = census(shipped_rules(), Bundle.load())

    assert found.wrong == ()
    assert found.seen == f"{found.rules} rules, {found.tests} tests and {found.numbers} files " + (
        "of numbers seen"
    )


def test_it_sees_as_much_as_there_is(opa_binary: str) -> None:
    found = census(shipped_rules(), Bundle.load())
    passed = run_tests(opa=opa_binary).detail.rpartition("/")[2]

    assert found.rules == len(Bundle.load().findings) >= 99
    assert found.tests == int(passed) >= 298
    assert found.numbers >= 15


def test_it_is_a_line_of_its_own_of_the_check(rules: Path) -> None:
    (rules / RADIO / "radio_test.rego").unlink()

    steps = {step.name: step for step in run_checks(rules)}

    assert steps["bundle"].held
    assert steps["policy over the policies"].held is False
    assert "rules, " in steps["policy over the policies"].detail
    assert "radio: there is no test beside it" in steps["policy over the policies"].detail


def test_nothing_is_not_taken_for_all(rules: Path, bundle: Bundle) -> None:
    for file in (rules / "gatewright").rglob("*_test.rego"):
        file.unlink()
    shutil.rmtree(rules / "data")

    found = census(rules, replace(bundle, findings={}))

    assert (found.rules, found.tests, found.numbers) == (0, 0, 0)
    assert found.wrong[:3] == (
        "no rule was seen",
        "no test was seen",
        "no file of numbers was seen",
    )


def test_a_rule_that_nobody_can_explain_is_counted(rules: Path) -> None:
    (rules / RADIO / "more.rego").write_text(
        "package gatewright.change.radio\n\nimport rego.v1\n\n"
        'deny := {"x"} if input.radios == "x"\n'
    )

    assert "radio: 6 rules deny or review, and 5 of them can be explained" in objections(rules)


def test_each_code_is_named_in_a_test_beside_its_rule(rules: Path) -> None:
    alter(rules / RADIO / "radio_test.rego", '"radio.power_out_of_range"', '"radio.power"')

    assert objections(rules) == "radio.power_out_of_range: no test beside the rule names it"


def test_a_test_elsewhere_does_not_count(rules: Path) -> None:
    tests = rules / RADIO / "radio_test.rego"
    tests.rename(rules / "gatewright" / "core" / "radio_test.rego")

    assert "radio.power_out_of_range: no test beside the rule names it" in objections(rules)


def test_a_message_without_its_value_is_told(rules: Path) -> None:
    alter(rules / RADIO / "radio.rego", "Channel {channel} of width", "Channel {chanel} of width")

    assert "radio.channel_not_allowed: nothing gives a value for {chanel}" in objections(rules)


def test_a_number_that_is_nowhere_is_told(rules: Path) -> None:
    source = rules / "gatewright" / "core" / "core.rego"
    alter(source, "limits.presence.minutes", "limits.presence.minuts")

    assert "there is no number limits.presence.minuts" in objections(rules)


def test_a_file_of_numbers_that_no_rule_reads_is_told(rules: Path) -> None:
    folder = rules / "data" / "gatewright" / "tea"
    shutil.copytree(rules / LIMITS, folder)

    found = census(rules, Bundle.load())

    assert found.wrong == (
        "data/gatewright/tea: there is no schema for it",
        "data/gatewright/tea: no rule reads it",
    )


def test_a_schema_without_its_file_is_told(rules: Path) -> None:
    shutil.rmtree(rules / LIMITS)

    found = census(rules, Bundle.load())

    assert found.wrong == ("data/gatewright/limits: there is a schema for it, and no file",)


def test_a_file_of_numbers_that_is_not_there_is_told(rules: Path) -> None:
    alter(
        rules / "gatewright" / "change" / "wifi" / "wifi.rego",
        "import data.gatewright.wifi",
        "import data.gatewright.tea",
    )

    assert "wifi.rego: there is no file of numbers tea" in objections(rules)
