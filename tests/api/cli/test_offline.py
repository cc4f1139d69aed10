"""What needs no server: tokens, the audit trail on this machine, the rules, the doctor."""

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from brain.keys import Keys
from policies.bundle import Bundle

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell

_DNS = '["192.0.2.53"]'


async def test_a_token_is_shown_once_and_says_whose_it_is(terminal: "Shell") -> None:
    ran = await terminal.run("token", "create", "--name", "ana", "--role", "approver")

    assert ran.code == 0
    assert ran.out.startswith("gwt_")
    assert len(ran.out.split()) == 1
    assert "shown once" in ran.err


async def test_a_reviewer_gets_a_group_and_a_job_is_a_machine(terminal: "Shell") -> None:
    ana = await terminal.run("token", "create", "--name", "ana", "--role", "approver", "--json")
    job = await terminal.run(
        "token", "create", "--name", "job", "--role", "automation", "--owner", "ana", "--json"
    )

    assert (ana.document["groups"], ana.document["kind"]) == (["approvers"], "person")
    assert (job.document["groups"], job.document["kind"]) == ([], "machine")


async def test_a_role_that_there_is_not_is_exit_code_2(terminal: "Shell") -> None:
    ran = await terminal.run("token", "create", "--name", "ana", "--role", "king")

    assert ran.code == 2
    assert "approver" in ran.err
    assert not terminal.data_dir.exists()


async def test_a_token_is_revoked_by_its_name(terminal: "Shell") -> None:
    await terminal.run("token", "create", "--name", "ana", "--role", "support")

    first = await terminal.run("token", "revoke", "ana")
    second = await terminal.run("token", "revoke", "ana")

    assert (first.code, second.code) == (0, 1)
    assert "there is no token ana" in second.err


async def test_the_trail_is_verified_without_a_server(terminal: "Shell") -> None:
    await terminal.run("token", "create", "--name", "ana", "--role", "support")

    ran = await terminal.run("audit", "verify", "--offline", "--json")

    assert ran.code == 0
    assert (ran.document["ok"], ran.document["records"]) == (True, 1)


@pytest.mark.parametrize(
    "damage",
    [lambda text: text.replace("support", "approver"), lambda text: text.split("\n", 1)[1]],
    ids=["altered", "cut"],
)
async def test_an_exported_trail_that_was_touched_is_exit_code_1(
    terminal: "Shell", tmp_path: Path, damage: Callable[[str], str]
) -> None:
    await terminal.run("token", "create", "--name", "ana", "--role", "support")
    file = tmp_path / "trail.jsonl"
    await terminal.run("audit", "export", str(file))
    key = Keys.open(terminal.data_dir).audit_public.hex()

    whole = await terminal.run("audit", "verify", "--file", str(file), "--public-key", key)
    file.write_text(damage(file.read_text()))
    touched = await terminal.run("audit", "verify", "--file", str(file), "--public-key", key)

    assert (whole.code, touched.code) == (0, 1)
    assert "is whole" in whole.out
    assert "NOT whole" in touched.out


async def test_an_export_never_writes_over_a_file(terminal: "Shell", tmp_path: Path) -> None:
    await terminal.run("token", "create", "--name", "ana", "--role", "support")
    file = tmp_path / "diary.txt"
    file.write_text("dear diary")

    ran = await terminal.run("audit", "export", str(file))

    assert ran.code == 1
    assert file.read_text() == "dear diary"


@pytest.mark.slow
async def test_the_shipped_rules_hold_together(terminal: "Shell") -> None:
    ran = await terminal.run("policy", "check", "--json")

    assert ran.code == 0
    held = {step["name"]: step["held"] for step in ran.document["steps"]}
    assert (held["bundle"], held["embedded engine"]) == (True, True)


async def test_rules_that_do_not_hold_together_are_exit_code_1(
    terminal: "Shell", tmp_path: Path
) -> None:
    folder = tmp_path / "rules" / "gatewright"
    folder.mkdir(parents=True)
    (folder / "broken.rego").write_text("package gatewright.broken\nallow if {\n")

    ran = await terminal.run("policy", "check", "--path", str(folder.parent))

    assert ran.code == 1
    assert "failed" in ran.out


async def test_a_rule_says_what_it_means(terminal: "Shell") -> None:
    every = await terminal.run("policy", "show", "--json")
    code = every.document[0]["code"]
    one = await terminal.run("policy", "show", code)
    none = await terminal.run("policy", "show", "no.such_rule")

    assert every.document[0]["remedy"] in one.out
    assert (none.code, "gatewright policy show" in none.err) == (1, True)


async def test_the_bundle_is_written_for_an_opa_server(terminal: "Shell", tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"

    ran = await terminal.run(
        "policy", "bundle", "-o", str(file), "--json", GATEWRIGHT_RESOLVERS=_DNS
    )
    nowhere = await terminal.run("policy", "bundle", "-o", str(tmp_path / "no" / "file"))

    assert ran.document["revision"] == Bundle.load(resolvers=("192.0.2.53",)).revision
    with tarfile.open(file) as packed:
        assert "/.manifest" in packed.getnames()
    assert (nowhere.code, "cannot be written" in nowhere.err) == (1, True)


async def test_a_data_directory_that_cannot_be_made_is_said_so(
    terminal: "Shell", tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("")

    ran = await terminal.run("serve")

    assert ran.code == 1
    assert "GATEWRIGHT_DATA_DIR" in ran.err


async def test_rule_tests_that_could_not_run_did_not_pass(terminal: "Shell") -> None:
    ran = await terminal.run("policy", "test", "--opa", "/no/such/opa")

    assert ran.code == 1
    assert "could not be run" in ran.out


async def test_the_doctor_says_so_when_something_is_wrong(terminal: "Shell") -> None:
    terminal.data_dir.mkdir()
    terminal.data_dir.chmod(0o777)

    ran = await terminal.run("doctor", "--json")

    assert ran.code == 1
    assert ran.document["ok"] is False
    wrong = {each["name"]: each for each in ran.document["checks"]}["data directory"]
    assert "chmod 700" in wrong["remedy"]


async def test_a_setting_that_is_wrong_is_named(terminal: "Shell") -> None:
    ran = await terminal.run("doctor", GATEWRIGHT_PORT="eighty")

    assert ran.code == 1
    assert "GATEWRIGHT_PORT" in ran.err


async def test_the_data_model_is_looked_up_without_a_server(terminal: "Shell") -> None:
    known = await terminal.run("model", "show", "Device.WiFi.Radio.1.Channel")
    guess = await terminal.run("model", "show", "Device.WiFi.Radio.1.Chanel")
    document = await terminal.run("model", "show", "Device.WiFi.Radio.1.Channel", "--json")

    assert "unsignedInt" in known.out
    assert (guess.code, "Device.WiFi.Radio.{i}.Channel" in guess.out) == (1, True)
    assert document.document["template"] == "Device.WiFi.Radio.{i}.Channel"
