"""Whatever goes wrong, a person reads one sentence and a program an exit code."""

import sys
from pathlib import Path

import pytest

from api.cli import main as command_line


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["gatewright", *arguments])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    return int(ended.value.code or 0)


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GATEWRIGHT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("GATEWRIGHT_URL", raising=False)
    monkeypatch.delenv("GATEWRIGHT_TOKEN", raising=False)


def test_an_expected_error_is_one_sentence_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "device", "list", "--json")

    said = capsys.readouterr()
    assert (code, said.out) == (1, "")
    assert said.err.startswith("Error: there is no token")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def test_an_unexpected_error_keeps_its_words_to_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(command_line, "app", broken)

    code = run(monkeypatch, "device", "list")

    said = capsys.readouterr()
    assert code == 1
    assert "RuntimeError" in said.err
    assert "--debug" in said.err
    assert "hunter2" not in said.err
    assert "Traceback" not in said.err


def test_with_debug_an_error_shows_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["gatewright", "--debug", "device", "list"])

    with pytest.raises(Exception, match="there is no token"):
        command_line.main()


def test_a_misspelt_command_is_exit_code_2_with_a_guess(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "device", "lst")

    assert code == 2
    assert "list" in capsys.readouterr().err


def test_the_version_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "--version")

    assert code == 0
    assert capsys.readouterr().out.startswith("gatewright ")
