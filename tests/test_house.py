"""The rules of the house that a machine can keep."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("brain", "policies", "executors", "evals", "api")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listed.returncode:  # an unpacked archive, not a checkout
        pytest.skip("not a git checkout, so nobody knows which files are the project's")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    found = tracked(*(f"{package}/*.py" for package in PACKAGES))
    assert len(found) > 50, "the check sees no sources"
    return found


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text().splitlines())
        for path in [*sources(), *tracked("tests/*.py", "policies/*.rego")]
    }

    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = [path for path in sources() if not path.read_text().startswith('"""')]

    assert silent == []


def test_a_package_file_holds_its_docstring_and_nothing_else() -> None:
    busy = [
        path
        for path in sources()
        if path.name == "__init__.py" and len(ast.parse(path.read_text()).body) != 1
    ]

    assert busy == []


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}

    assert [path for path in sources() if path.stem in drawers] == []


def test_nothing_names_a_registry_or_a_machine() -> None:
    hosts = ["pypi" + ".org", "python" + "hosted", "npm" + "js.org", "proxy.go" + "lang.org"]
    places = ["deb.deb" + "ian.org", "/wor" + "k/", "/ro" + "ot/"]
    telling = re.compile("|".join(re.escape(word) for word in hosts + places))
    found = [
        path.relative_to(ROOT)
        for path in tracked()
        if path.suffix not in {".png", ".gz"} and telling.search(path.read_text(errors="replace"))
    ]

    assert found == []


def test_nothing_tracked_is_large() -> None:
    assert [path for path in tracked() if path.stat().st_size > 1024 * 1024] == []


def test_every_test_asserts_something() -> None:
    idle = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in tracked("tests/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not _asserts(node)
    ]

    assert idle == []


def _asserts(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    said = ast.unparse(test)
    return any(word in said for word in ("assert", "raises", "check", "expect"))
