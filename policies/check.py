"""Checks and tests a bundle of rules: what ``gatewright policy check`` and ``test`` do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from brain.domain.errors import GatewrightError
from policies.bundle import Bundle
from policies.conventions import census
from policies.packed import ROOT

_SECONDS = 300
_TOOLS = Path(".tools") / "bin"
"""Where ``make tools`` puts programs, as seen from the checkout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One check: whether it held, and what to read when it did not. None means it was not run."""

    name: str
    held: bool | None
    detail: str


def shipped_rules() -> Path:
    """The folder of the rules that Gatewright comes with."""
    return Path(str(files("policies").joinpath("rego")))


def find_program(name: str) -> str:
    """The path of ``opa`` or ``regal``, from ``.tools/bin`` or PATH; empty when it is nowhere."""
    places = os.pathsep.join([str(_TOOLS.absolute()), os.environ.get("PATH", "")])
    return shutil.which(name, path=places) or ""


def run_checks(
    folder: Path | None = None,
    *,
    data: Path | None = None,
    resolvers: Sequence[str] = (),
    time_servers: Sequence[str] = (),
    actions: Collection[str] = (),
) -> list[Step]:
    """Load the bundle, try it in the embedded engine, and lint it with what is installed.

    The embedded engine is tried in a process of its own, since a rule that it cannot compile may
    crash it. ``actions`` are those that there are: with them the table of roles is looked at, too.
    """
    rules = folder or shipped_rules()
    try:
        bundle = Bundle.load(folder, data=data, resolvers=resolvers, time_servers=time_servers)
    except GatewrightError as error:
        return [Step(name="bundle", held=False, detail=str(error))]
    detail = f"{len(bundle.findings)} rules, revision {bundle.revision[:12]}"
    return [
        Step(name="bundle", held=True, detail=detail),
        _conventions(rules, bundle),
        *([_roles(bundle, actions)] if actions else []),
        _run("embedded engine", sys.executable, "-m", "policies.trial", str(rules)),
        _run("opa check", find_program("opa"), "check", "--strict", *_halves(rules)),
        _run("opa fmt", find_program("opa"), "fmt", "--list", "--fail", str(rules / ROOT)),
        _run("regal lint", find_program("regal"), "lint", str(rules)),
    ]


def run_tests(folder: Path | None = None, *, opa: str = "") -> Step:
    """Run the tests beside the rules, with the shipped numbers."""
    rules = folder or shipped_rules()
    return _run("opa test", opa or find_program("opa"), "test", *_halves(rules))


def _conventions(rules: Path, bundle: Bundle) -> Step:
    found = census(rules, bundle)
    detail = "\n".join([found.seen, *found.wrong])
    return Step(name="policy over the policies", held=not found.wrong, detail=detail)


def _roles(bundle: Bundle, actions: Collection[str]) -> Step:
    """A word that is no action gives nobody anything, and whoever wrote it meant something."""
    roles = bundle.data.get("roles")
    wrong = [
        f"{role}: there is no action {word}"
        for role, words in sorted(roles.items() if isinstance(roles, dict) else ())
        for word in (words if isinstance(words, list) else ())
        if word not in actions
    ]
    said = "\n".join(wrong) or f"every word is one of {len(actions)} actions"
    return Step(name="roles", held=not wrong, detail=said)


def _halves(rules: Path) -> list[str]:
    """Rules and data are two roots to OPA: the path below each is the path of the document."""
    return [str(rules / ROOT), str(rules / "data")]


def _run(name: str, program: str, *arguments: str) -> Step:
    if not program:
        detail = "not run: the program is not installed; `make tools` installs it"
        return Step(name=name, held=None, detail=detail)
    try:
        ran = subprocess.run(
            [program, *arguments], capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Step(name=name, held=False, detail=f"it could not be run: {error}")
    said = (ran.stdout + ran.stderr).strip()
    return Step(name=name, held=ran.returncode == 0, detail=said or f"exit {ran.returncode}")
