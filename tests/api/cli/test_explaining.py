"""A rule and a decision are explained to whoever met them; rules are written as opa fmt does."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import Role
from policies.check import find_program, shipped_rules

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front

needs_opa = pytest.mark.skipif(not find_program("opa"), reason="`make tools` installs OPA")


async def test_a_rule_is_explained_with_its_place_and_its_numbers(terminal: "Shell") -> None:
    ran = await terminal.run("policy", "explain", "core.reaches_others", "--json")
    said = await terminal.run("policy", "explain", "core.reaches_others")

    rule = ran.document
    source = (shipped_rules() / rule["module"]).read_text().splitlines()
    assert source[rule["line"] - 1].endswith("code: core.reaches_others")
    assert rule["numbers"]["limits.reach.max_shared"] == 0
    assert "reaches other homes" in said.out
    assert "limits.reach.max_shared" in said.out


async def test_a_rule_that_there_is_not_is_said_to_be_none(terminal: "Shell") -> None:
    ran = await terminal.run("policy", "explain", "core.nothing")

    assert ran.code == 1
    assert "there is no rule core.nothing" in ran.err


async def test_a_decision_is_explained_finding_by_finding(
    front: "Front", shell: "Shell", shared: list[str]
) -> None:
    token = await front.token("sam", Role.SUPPORT)

    ran = await shell.run("policy", "explain", shared[0], token=token)
    foreign = await shell.run("policy", "explain", shared[3], token=token)

    assert ran.code == 0
    assert "core.reaches_others" in ran.out
    assert "reaches other homes" in ran.out
    assert "Let the network team judge" in ran.out
    assert front.wiring.policy.bundle.revision in ran.out
    assert (foreign.code, "no such decision" in foreign.err) == (1, True)


@needs_opa
async def test_rules_are_written_the_one_way_and_checking_changes_nothing(
    terminal: "Shell", tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(shipped_rules(), folder)
    rule = folder / "gatewright" / "core" / "core.rego"
    tidy = rule.read_text()
    rule.write_text(tidy.replace("import rego.v1", "import    rego.v1"))
    untidy = rule.read_text()

    checked = await terminal.run("policy", "fmt", "--check", "--path", str(folder))
    assert rule.read_text() == untidy != tidy
    wrote = await terminal.run("policy", "fmt", "--path", str(folder), "--json")
    again = await terminal.run("policy", "fmt", "--check", "--path", str(folder))

    assert (checked.code, wrote.code, again.code) == (1, 0, 0)
    assert rule.read_text() == tidy
    assert [Path(name).name for name in wrote.document["files"]] == ["core.rego"]


@needs_opa
async def test_rules_that_opa_cannot_read_are_left_as_they_are(
    terminal: "Shell", tmp_path: Path
) -> None:
    rule = tmp_path / "gatewright" / "x.rego"
    rule.parent.mkdir()
    rule.write_text("package x\n{{{")

    ran = await terminal.run("policy", "fmt", "--path", str(tmp_path))

    assert ran.code == 1
    assert "cannot read" in ran.err
    assert rule.read_text() == "package x\n{{{"
