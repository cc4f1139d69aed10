"""``gatewright policy explain`` and ``fmt``: what rules mean, why a decision fell."""

import subprocess
from typing import Annotated

from typer import Argument, Context, Exit, Option

from api.cli.command import Desk, desk
from api.cli.output import Output
from api.cli.road import asked_for, sentence
from api.cli.rules import Folder, bundle_in, existing
from api.shapes.policy import ExplainedShape
from brain.domain.canonical import jsonable
from brain.domain.errors import InvalidInput
from policies.check import find_program, shipped_rules
from policies.explained import ExplainedRule, explained_rule
from policies.packed import ROOT

_SECONDS = 60


def explain(
    context: Context,
    what: Annotated[
        str, Argument(metavar="CODE|DECISION", help="A rule's code, or a decision's id (dec_...).")
    ],
    path: Folder = None,
) -> None:
    """Say what a rule means, where it stands and by which numbers; or why a decision fell."""
    at = desk(context)
    if what.startswith("dec_"):
        document = at.server().get(f"/v1/policy/decisions/{what}")
        at.present(document, ExplainedShape, lambda found: _show_decision(at.output, found))
        return
    rule = explained_rule(bundle_in(at.settings, path), what)
    if at.output.as_json:
        at.output.json(jsonable(rule))
    else:
        _show_rule(at.output, rule)


def fmt(
    context: Context,
    path: Folder = None,
    check: Annotated[bool, Option("--check", help="Change nothing; only say what would.")] = False,
) -> None:
    """Write rules the way `opa fmt` writes them; exit code 1 when --check finds some otherwise."""
    at = desk(context)
    existing(path)
    program = find_program("opa")
    if not program:
        raise InvalidInput(
            "the opa program is not installed",
            remedy="In the checkout run `make tools`; elsewhere put opa into PATH.",
        )
    folder = (path or shipped_rules()) / ROOT
    names = _formatted(program, str(folder), write=not check)
    _say_formatted(at, names, check=check)
    if check and names:
        raise Exit(1)


def _formatted(program: str, folder: str, *, write: bool) -> list[str]:
    """The files that are not as ``opa fmt`` writes them; written so, if asked to."""
    listed = _run(program, "fmt", "--list", folder)
    if write and listed:
        _run(program, "fmt", "--write", folder)
    return listed


def _run(*command: str) -> list[str]:
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
    if ran.returncode:
        raise InvalidInput(
            f"opa cannot read the rules: {ran.stderr.strip()[:500]}",
            field="--path",
            remedy="Mend them first; `gatewright policy check` says more.",
        )
    return ran.stdout.split("\n")[:-1]


def _say_formatted(at: Desk, names: list[str], *, check: bool) -> None:
    if at.output.as_json:
        at.output.json({"files": [*names], "written": not check})
        return
    for name in names:
        at.output.say(name)
    done = "would be written otherwise" if check else "were written anew"
    at.output.say(f"{len(names)} files {done}." if names else "All rules are as opa fmt writes.")


def _show_rule(output: Output, rule: ExplainedRule) -> None:
    output.facts(
        [
            ("Rule", rule.code),
            ("Says", rule.severity),
            ("When", rule.title),
            ("Message", rule.message),
            ("Remedy", rule.remedy),
            ("Goes away by itself", "yes" if rule.passing else "no"),
            ("Stands in", f"{rule.module}, line {rule.line}"),
        ]
    )
    if rule.numbers:
        output.heading("Numbers that its topic goes by")
        output.facts((name, value) for name, value in rule.numbers.items())


def _show_decision(output: Output, found: ExplainedShape) -> None:
    verdict = found.verdict
    output.facts(
        [
            ("Decision", verdict.decision_id),
            ("Outcome", verdict.decision),
            ("When", verdict.decided_at),
            ("At", f"{verdict.point}, by {verdict.engine}"),
            ("Rules", verdict.policy_revision),
            ("Change", found.change),
            ("Cause", verdict.cause),
            ("Asks for", asked_for(verdict)),
        ]
    )
    if not found.active:
        output.warn("Other rules are active now than those that decided this.")
    for each in verdict.findings:
        output.heading(f"{each.severity}: {found.titles.get(each.code) or each.code}")
        output.facts(
            [
                ("Rule", each.code),
                ("Path", each.path),
                ("Message", sentence(each.message)),
                ("Remedy", sentence(each.remedy)),
            ]
        )
    if verdict.findings:
        output.hint("What a rule means, and its numbers: gatewright policy explain CODE")
