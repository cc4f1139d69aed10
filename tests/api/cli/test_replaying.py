"""Replays from the command line: on a server, from an exported file, and what a person reads."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import Role
from policies.bundle import Bundle

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front

LOOSER = "limits: {reach: {max_shared: 9}}\n"


@pytest.fixture
def numbers(tmp_path: Path) -> str:
    file = tmp_path / "numbers.yaml"
    file.write_text(LOOSER)
    return str(file)


async def test_a_loosening_is_said_in_words_and_is_exit_code_1(
    front: "Front", shell: "Shell", shared: list[str], numbers: str
) -> None:
    token = await front.token("eva", Role.ADMIN)

    ran = await shell.run("policy", "replay", "--data", numbers, "--since", "4w", token=token)

    assert ran.code == 1
    assert "3 decisions would be LOOSER" in ran.out
    assert "core.reaches_others" in ran.out
    assert "no longer speak" in ran.out
    assert shared[2] in ran.out


async def test_rules_that_loosen_nothing_are_exit_code_0(
    front: "Front", shell: "Shell", shared: list[str], tmp_path: Path
) -> None:
    token = await front.token("eva", Role.ADMIN)
    packed = tmp_path / "rules.tar.gz"
    packed.write_bytes(Bundle.load().to_tar_gz())

    ran = await shell.run("policy", "replay", "--bundle", str(packed), "--json", token=token)

    assert ran.code == 0
    assert (ran.document["replayed"], ran.document["unchanged"]) == (3, 3)
    assert ran.document["loosens"] is False


async def test_an_exported_log_is_replayed_without_a_server(
    front: "Front", shell: "Shell", shared: list[str], numbers: str, tmp_path: Path
) -> None:
    token, file = await front.token("eva", Role.ADMIN), tmp_path / "log.jsonl"

    wrote = await shell.run("policy", "export", "-o", str(file), "--since", "4999w", token=token)
    ran = await shell.run(
        "policy", "replay", "--data", numbers, "--from", str(file), "--since", "4999w", "--json"
    )
    again = await shell.run("policy", "export", "-o", str(file), token=token)

    assert wrote.code == 0
    assert [json.loads(line)["decision_id"] for line in file.read_text().splitlines()] == shared[
        2::-1
    ]
    assert file.stat().st_mode & 0o77 == 0
    assert (ran.code, ran.document["looser"]) == (1, 3)
    assert (again.code, "cannot be written" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "neither rules nor numbers"),
        (("--bundle", "/nowhere"), "cannot be read"),
        (("--data", "/nowhere"), "cannot be read"),
        (("--data", "NUMBERS", "--since", "soon"), "--since"),
        (("--data", "NUMBERS", "--since", "0d"), "--since"),
        (("--data", "NUMBERS", "--from", "/nowhere"), "--from"),
        (("--data", "NUMBERS"), "no token"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence(
    terminal: "Shell", numbers: str, arguments: tuple[str, ...], said: str
) -> None:
    given = [numbers if each == "NUMBERS" else each for each in arguments]

    ran = await terminal.run("policy", "replay", *given)

    assert ran.code == 1
    assert said in ran.err
    assert "LOOSER" not in ran.out
