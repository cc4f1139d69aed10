"""The trail's key is rotated on the command line, and the trail checked with every key it had."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from brain.keys import FOLDER, Keys
from brain.lock import only_process

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell


@pytest.fixture
async def trail(terminal: "Shell") -> "Shell":
    """An installation whose trail has an entry."""
    ran = await terminal.run("token", "create", "--name", "ana", "--role", "support")
    assert ran.code == 0
    return terminal


async def exported(terminal: "Shell", file: Path) -> list[str]:
    """The arguments that check it; the file."""
    ran = await terminal.run("audit", "export", str(file), "--json")
    assert ran.code == 0, ran.err
    keys = [("--key", key) for key in ran.document["public_keys"]]
    return ["audit", "verify", "--file", str(file), *(word for pair in keys for word in pair)]


async def test_a_key_is_rotated_and_everything_still_checks(trail: "Shell", tmp_path: Path) -> None:
    old = Keys.open(trail.data_dir)

    first = await trail.run("audit", "rotate-key", "--by", "olga")
    await trail.run("token", "create", "--name", "ben", "--role", "support")
    second = await trail.run("audit", "rotate-key", "--by", "olga", "--json")

    new = Keys.open(trail.data_dir)
    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert second.document["public_keys"] == [key.hex() for key in new.audit_publics]
    assert new.audit_publics[0] == old.audit_public
    assert len(set(new.audit_publics)) == 3
    here = await trail.run("audit", "verify", "--offline")
    away = await trail.run(*await exported(trail, tmp_path / "trail.jsonl"))
    assert (here.code, away.code) == (0, 0), here.out + away.out


async def test_an_export_is_checked_without_the_installation(
    trail: "Shell", tmp_path: Path
) -> None:
    check = await exported(trail, tmp_path / "trail.jsonl")
    trail.data_dir.rename(tmp_path / "gone")

    whole = await trail.run(*check)
    unknown = await trail.run(*check[:4])

    assert whole.code == 0, whole.out
    assert unknown.code == 1
    assert "there are no keys here" in unknown.err
    assert not trail.data_dir.exists(), "checking makes nothing"


async def test_an_export_holds_its_checkpoints_and_says_who_signed_it(
    trail: "Shell", tmp_path: Path
) -> None:
    await trail.run("audit", "rotate-key", "--by", "olga")  # writes checkpoints
    file = tmp_path / "trail.jsonl"
    check = await exported(trail, file)

    lines = file.read_text().splitlines()
    ran = await trail.run(*check, "--json")

    assert lines[0].startswith('{"gatewright_audit":{"keys":["SHA256:')
    assert lines[1].startswith('{"checkpoint":')
    assert ran.document["checkpoints"] > 0
    assert ran.document["signed_by"] in lines[0]


async def test_what_is_wrong_is_said_with_its_line(trail: "Shell", tmp_path: Path) -> None:
    await trail.run("token", "create", "--name", "ben", "--role", "support")
    file = tmp_path / "trail.jsonl"
    check = await exported(trail, file)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([lines[0], lines[1], lines[2].replace("ben", "eva"), *lines[3:]]))

    ran = await trail.run(*check, "--json")

    assert ran.code == 1
    first = ran.document["problems"][0]
    assert (first["line"], first["seq"], first["code"]) == (3, 2, "altered")


async def test_a_key_is_not_rotated_under_a_running_server(trail: "Shell") -> None:
    before = Keys.open(trail.data_dir).audit_public

    with only_process(trail.data_dir):
        ran = await trail.run("audit", "rotate-key", "--by", "olga")

    assert ran.code == 1
    assert "another Gatewright" in ran.err
    assert Keys.open(trail.data_dir).audit_public == before


async def test_a_rotation_that_was_cut_short_is_finished_by_the_next(
    trail: "Shell", monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise InterruptedError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr("api.cli.audit_keeping.retire_audit_key", dies)
        with pytest.raises(AssertionError):
            await trail.run("audit", "rotate-key", "--by", "olga")
    stuck = await trail.run("token", "create", "--name", "ben", "--role", "support")

    ran = await trail.run("audit", "rotate-key", "--by", "olga")

    assert (stuck.code, ran.code) == (1, 0), ran.err
    assert "rotate-key" in stuck.err
    assert not (trail.data_dir / FOLDER / "audit-signing.next.pem").exists()
    assert (await trail.run("audit", "verify", "--offline")).code == 0
    after = await trail.run("token", "create", "--name", "ben", "--role", "support")
    assert after.code == 0
