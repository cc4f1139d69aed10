"""Checking and testing a folder of rules."""

import shutil
from pathlib import Path

import pytest

from api.actions import Action
from policies.bundle import Bundle
from policies.check import find_program, run_checks, run_tests, shipped_rules

pytestmark = pytest.mark.slow


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_rules(), tmp_path / "rego"))


def alter(file: Path, before: str, after: str) -> None:
    source = file.read_text()
    assert before in source
    file.write_text(source.replace(before, after, 1))


def test_the_shipped_rules_hold_in_every_check_that_is_installed() -> None:
    steps = {step.name: step for step in run_checks()}

    assert set(steps) == {
        "bundle",
        "policy over the policies",
        "embedded engine",
        "opa check",
        "opa fmt",
        "regal lint",
    }
    assert steps["bundle"].held
    assert steps["embedded engine"].held
    assert [step for step in steps.values() if step.held is False] == []


def test_a_check_that_was_not_run_is_not_said_to_hold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    held = {step.name: step.held for step in run_checks()}

    assert held == {
        "bundle": True,
        "policy over the policies": True,
        "embedded engine": True,
        "opa check": None,
        "opa fmt": None,
        "regal lint": None,
    }
    assert find_program("opa") == ""
    assert run_tests().held is None


def test_a_bundle_that_is_refused_is_not_tried(rules: Path) -> None:
    radio = rules / "gatewright" / "change" / "radio" / "radio.rego"
    alter(radio, "is_string(radio.country)", "http.send(radio.country)")

    (step,) = run_checks(rules)

    assert step.held is False
    assert "http.send" in step.detail


def test_rules_that_crash_the_embedded_engine_do_not_crash_the_check(
    rules: Path, crashing: Bundle
) -> None:
    radio = "gatewright/change/radio/radio.rego"
    (rules / radio).write_text(crashing.modules[radio])

    steps = {step.name: step.held for step in run_checks(rules)}

    assert (steps["bundle"], steps["embedded engine"]) == (True, False)


def test_the_tests_beside_the_rules_pass(opa_binary: str) -> None:
    step = run_tests(opa=opa_binary)

    assert step.held, step.detail
    passed, _, all_of_them = step.detail.removeprefix("PASS: ").partition("/")
    assert int(passed) == int(all_of_them) >= 85


def test_a_test_that_fails_is_told(opa_binary: str, rules: Path) -> None:
    alter(rules / "data" / "gatewright" / "limits" / "data.yaml", "minutes: 15", "minutes: 16")

    step = run_tests(rules, opa=opa_binary)

    assert step.held is False
    assert "FAIL" in step.detail


def test_every_line_of_every_rule_is_tested(opa_binary: str) -> None:
    import json
    import subprocess

    rules = shipped_rules()
    wanted = [opa_binary, "test", "--coverage", str(rules / "gatewright"), str(rules / "data")]
    ran = subprocess.run(wanted, capture_output=True, text=True, check=True)
    report = json.loads(ran.stdout)

    assert len(report["files"]) > 20
    assert {
        name: each["not_covered"] for name, each in report["files"].items() if "not_covered" in each
    } == {}
    assert report["coverage"] == 100


@pytest.mark.parametrize(("said", "held"), [("", True), ("execute", False)])
def test_a_role_that_is_given_an_action_that_there_is_not_does_not_hold(
    rules: Path, monkeypatch: pytest.MonkeyPatch, said: str, held: bool
) -> None:
    monkeypatch.setattr("policies.check.find_program", lambda name: "")
    roles = rules / "data" / "gatewright" / "roles" / "data.yaml"
    if said:
        alter(roles, "support: [chat", f"support: [{said}, chat")

    steps = {step.name: step for step in run_checks(rules, actions=list(Action))}

    assert steps["roles"].held is held
    assert ("support: there is no action execute" in steps["roles"].detail) is not held
