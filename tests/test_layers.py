"""The layers hold, and each contract is shown to see what it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("brain", "policies", "executors", "evals", "api")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources alone, to be broken without harm."""
    house = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, house / package, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", house)
    return house


def lint(house: Path) -> tuple[int, str]:
    code = (
        "import sys; sys.path.insert(0, '.');"
        "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=house, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_the_layers_hold(copy: Path) -> None:
    code, said = lint(copy)

    assert code == 0, said
    assert "0 broken" in said


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("Arrows point down only", "brain/domain/breaks.py", "import brain.store.store"),
        ("Arrows point down only", "brain/store/breaks.py", "import brain.ledger.ledger"),
        ("Arrows point down only", "executors/breaks.py", "import policies.gate"),
        ("Arrows point down only", "brain/ledger/breaks.py", "import executors.execution"),
        ("The domain is standard library only", "brain/domain/breaks.py", "import pydantic"),
        ("The brain has no hands", "brain/planner/breaks.py", "import executors.simulated"),
        ("The brain has no hands", "brain/planner/breaks.py", "import policies.gate"),
        ("The brain has no hands", "brain/planner/breaks.py", "import socket"),
        ("The brain has no hands", "brain/planner/breaks.py", "import httpx"),
        ("Only wiring reads the settings", "policies/breaks.py", "import brain.settings"),
        ("SQL stays in the store", "brain/ledger/breaks.py", "import sqlalchemy"),
        ("Only the gate mints", "executors/breaks.py", "import policies.signing"),
    ],
)
def test_a_broken_contract_is_seen(copy: Path, contract: str, module: str, line: str) -> None:
    bad = copy / module
    bad.write_text(f'"""Breaks a contract."""\n\n{line}\n')
    try:
        code, said = lint(copy)
    finally:
        bad.unlink()

    assert code == 1
    broken = [row for row in said.splitlines() if "BROKEN" in row]
    assert any(contract in row for row in broken), said
