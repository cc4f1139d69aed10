"""``gatewright policy``: the rules that decide, whether they hold together, and their tests."""

import asyncio
import shutil
import subprocess
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option, Typer

import policies
from api.checks import Check
from api.cli.command import Desk, command, desk
from api.cli.output import Output
from brain.domain.canonical import Json, jsonable
from brain.domain.errors import InvalidInput, PolicyUnavailable
from brain.settings import Settings
from policies.bundle import Bundle
from policies.engine import ACCESS
from policies.engines.embedded import EmbeddedEngine
from policies.findings import RuleText

app = Typer(help="The rules that decide.", no_args_is_help=True)
Folder = Annotated[Path | None, Option(help="Another folder of rules; default: the shipped ones.")]
_NOBODY: dict[str, Json] = {"action": "", "principal": None, "tenant": ""}


@command(app, "check")
def check(context: Context, path: Folder = None) -> None:
    """Load rules and numbers as the server does, and have the engine answer from them."""
    at = desk(context)
    bundle = _bundle(at.settings, path)
    asyncio.run(_answers(bundle))
    if at.output.as_json:
        at.output.json({"ok": True, "revision": bundle.revision, "rules": len(bundle.findings)})
        return
    at.output.say(
        f"{len(bundle.modules)} modules with {len(bundle.findings)} rules hold together.",
        style="green",
    )
    at.output.facts([("Revision", bundle.revision), ("Own numbers", at.settings.policy_data)])


@command(app, "show")
def show(
    context: Context,
    code: Annotated[str, Argument(help="One rule, such as radio.channel_not_allowed.")] = "",
    path: Folder = None,
) -> None:
    """List every rule, or say what one means and what to do about it."""
    at = desk(context)
    rules = _bundle(at.settings, path).findings
    if code and code not in rules:
        raise InvalidInput(
            f"there is no rule {code}", field="CODE", remedy="`gatewright policy show` lists them."
        )
    shown = [rules[code]] if code else list(rules.values())
    if at.output.as_json:
        at.output.json([jsonable(rule) for rule in shown])
    elif code:
        _one(at.output, shown[0])
    else:
        _all(at.output, shown)


@command(app, "test")
def run_tests(
    context: Context,
    path: Folder = None,
    opa: Annotated[str, Option(envvar="GATEWRIGHT_OPA", help="The opa program.")] = "opa",
) -> None:
    """Run the tests that stand beside the rules, with OPA."""
    at = desk(context)
    folder = path or Path(policies.__file__).parent / "rego"
    ran = _opa_test(at, opa, folder)
    if at.output.as_json:
        at.output.json({"ok": ran.returncode == 0, "said": ran.stdout.strip()})
    else:
        at.output.say(ran.stdout.strip() or ran.stderr.strip())
    if ran.returncode != 0:
        raise Exit(1)


async def look_at_policy(settings: Settings) -> Check:
    """Whether the engine answers from the active rules, for ``gatewright doctor``."""
    bundle = _bundle(settings, None)
    await _answers(bundle)
    detail = f"the embedded engine answers; {len(bundle.findings)} rules, {bundle.revision[:12]}"
    return Check(name="policy", ok=True, detail=detail)


def _bundle(settings: Settings, path: Path | None) -> Bundle:
    if path is not None and not path.is_dir():
        raise InvalidInput("is not a folder", field="--path", remedy="Name a folder of rules.")
    return Bundle.load(path, data=settings.policy_data, resolvers=settings.resolvers)


async def _answers(bundle: Bundle) -> None:
    """Raise PolicyUnavailable unless nobody is refused: the one answer that is sure."""
    raw = await EmbeddedEngine(bundle).ask(ACCESS, _NOBODY)
    if raw.result is not False or raw.revision != bundle.revision:
        raise PolicyUnavailable(
            "the engine does not answer from these rules",
            remedy="Run `gatewright policy check`; if it stays, install Gatewright anew.",
        )


def _opa_test(at: Desk, opa: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    program = shutil.which(opa)
    if program is None:
        raise InvalidInput(
            "the opa program is not here",
            field="--opa",
            remedy="Install OPA, put it into PATH or name it with GATEWRIGHT_OPA.",
        )
    wanted = [program, "test", "--v1-compatible", str(folder)]
    return subprocess.run(wanted, capture_output=True, text=True, check=False, timeout=300)


def _all(output: Output, rules: list[RuleText]) -> None:
    output.table(
        ("Code", "Says", "When"), ((rule.code, rule.severity, rule.title) for rule in rules)
    )
    output.hint("What one means: gatewright policy show CODE")


def _one(output: Output, rule: RuleText) -> None:
    output.facts(
        [
            ("Rule", rule.code),
            ("Says", rule.severity),
            ("When", rule.title),
            ("Message", rule.message),
            ("Remedy", rule.remedy),
        ]
    )
