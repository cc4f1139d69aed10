"""The doctor sees what is wrong, says how to mend it, and touches nothing."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.checks import (
    Check,
    acs_port,
    admin_token,
    data_directory,
    database,
    examine,
    keys,
    model_server,
)
from api.local import local_books
from api.names import TOKEN_FILE
from api.token_keeping import TokenRequest, add_token
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import Role, TenantId
from brain.keys import FOLDER
from brain.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def made(tmp_path: Path, **more: object) -> Settings:
    return load_settings(data_dir=tmp_path / "data", **more)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


async def fine(_settings: Settings) -> Check:
    return Check(name="policy", ok=True, detail="answers")


async def silent(_settings: Settings) -> Check:
    raise PolicyUnavailable("no answer", remedy="Start it.")


async def test_a_fresh_machine_is_well_and_stays_untouched(tmp_path: Path) -> None:
    settings = made(tmp_path, port=0, acs_port=0)

    checks = await examine(settings, policy=fine, opa=fine, model=model_server)

    assert [check.name for check in checks if not check.ok] == []
    assert not settings.data_dir.exists()


async def test_an_installation_that_was_used_is_well(tmp_path: Path) -> None:
    settings = made(tmp_path, port=0, acs_port=0)
    request = TokenRequest(name="ana", tenant=TenantId("n"), roles=frozenset({Role.SUPPORT}))
    async with local_books(settings, create=True) as books:
        await add_token(books, request)

    checks = {
        check.name: check
        for check in await examine(settings, policy=fine, opa=fine, model=model_server)
    }

    assert all(check.ok for check in checks.values())
    assert checks["database"].detail == "SQLite answers, up to date"
    assert "gatewright user add NAME" in checks["people"].detail
    assert "whole" in checks["keys"].detail


async def test_a_check_that_fails_says_how_to_mend_it(tmp_path: Path) -> None:
    checks = await examine(
        made(tmp_path, port=0, acs_port=0), policy=silent, opa=fine, model=model_server
    )

    (failed,) = [check for check in checks if not check.ok]
    assert (failed.name, failed.detail, failed.remedy) == ("policy", "no answer", "Start it.")


async def test_keys_that_were_lost_are_not_taken_for_a_fresh_start(tmp_path: Path) -> None:
    settings = made(tmp_path)
    settings.data_dir.mkdir()
    (settings.data_dir / "gatewright.db").write_bytes(b"")

    checks = await examine(settings, policy=fine, opa=fine, model=model_server)

    lost = next(check for check in checks if check.name == "keys")
    assert not lost.ok
    assert "backup" in lost.remedy
    assert not (settings.data_dir / FOLDER).exists()


async def test_a_token_that_others_can_read_is_told(tmp_path: Path) -> None:
    settings = made(tmp_path)
    settings.data_dir.mkdir()
    path = settings.data_dir / TOKEN_FILE
    path.write_text("gwt_x")
    path.chmod(0o644)

    check = await admin_token(settings)

    assert not check.ok
    assert "chmod 600" in check.remedy
    assert "gwt_x" not in check.detail + check.remedy


async def test_a_data_directory_that_others_may_write_to_is_told(tmp_path: Path) -> None:
    settings = made(tmp_path)
    settings.data_dir.mkdir()
    settings.data_dir.chmod(0o777)

    assert not (await data_directory(settings)).ok
    settings.data_dir.chmod(0o700)
    assert (await data_directory(settings)).ok


async def test_a_port_that_another_program_has_is_told(tmp_path: Path, taken: int) -> None:
    settings = made(tmp_path, acs_host="127.0.0.1", acs_port=taken, port=1)

    check = await acs_port(settings)

    assert not check.ok
    assert "GATEWRIGHT_ACS_PORT" in check.remedy


async def test_a_model_that_is_configured_and_not_there_is_told_without_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hunter2")

    check = await model_server(made(tmp_path))

    assert not check.ok
    assert "OPENAI_BASE_URL" in check.remedy
    assert "hunter2" not in str(check)


async def test_looking_at_keys_and_database_makes_neither(tmp_path: Path) -> None:
    settings = made(tmp_path)
    settings.data_dir.mkdir()

    assert (await keys(settings)).ok
    assert (await database(settings)).ok
    assert list(settings.data_dir.iterdir()) == []
