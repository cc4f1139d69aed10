"""``gatewright remediation``: what is looked after unattended, and the switch that stops it."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Option, Typer

from api.cli.command import Desk, command, desk
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.remediation import (
    IncidentRoadShape,
    IncidentShape,
    RemediationShape,
    RulebookShape,
    SeenShape,
)
from brain.domain.remediation import Ending, IncidentState, Mode, Reach, Waiting

_DEVICES = 20
app = Typer(no_args_is_help=True)
Reason = Annotated[str, Option(help="Why; it is kept beside the audit trail.")]
_MODES = {
    Mode.OFF: "Off: no event is taken in. The operator turns it on with GATEWRIGHT_REMEDIATION.",
    Mode.DRY_RUN: "Dry run: incidents are opened and planned for, and nothing is submitted.",
    Mode.ON: "On: what the planner proposes for incidents goes to policy and people.",
}


@command(app)
def status(context: Context) -> None:
    """Say how it stands, and how much waits."""
    at = desk(context)
    at.present(
        at.server().get("/v1/remediation"), RemediationShape, lambda shown: _show(at.output, shown)
    )


@command(app, "list")
def list_incidents(
    context: Context,
    state: Annotated[
        list[IncidentState] | None, Option(help="Only in this state; may be given again.")
    ] = None,
    rule: Annotated[str, Option(help="Only those that this rule opened.")] = "",
    limit: Annotated[int, Option(min=1, max=500)] = 50,
) -> None:
    """List incidents, newest first: how far each reaches, and what it waits for."""
    at = desk(context)
    asked = {"state": [each.value for each in state or []], "rule": rule, "limit": limit}
    page = at.server().get("/v1/incidents", asked)
    at.present(page, Page[IncidentShape], lambda shown: _list(at.output, shown))


@command(app, "show")
def show(
    context: Context,
    incident: Annotated[str, Argument(help="The incident's id.", show_default=False)],
) -> None:
    """Show one incident's road: by which rule and events, how far it reaches, how it ended."""
    at = desk(context)
    road = at.server().get(f"/v1/incidents/{quote(incident, safe='')}")
    at.present(road, IncidentRoadShape, lambda shown: _road(at.output, shown))


@command(app, "rules")
def rules(
    context: Context,
    check: Annotated[
        Path | None, Option(help="Check this file of rules here, and ask no server.")
    ] = None,
) -> None:
    """List the rules that open incidents, or check a file of your own."""
    at = desk(context)
    if check is not None:
        _check(at, check)
        return
    answer = at.server().get("/v1/remediation/rules")
    at.present(answer, RulebookShape, lambda shown: _rules(at.output, shown))


@command(app)
def stop(context: Context, reason: Reason = "") -> None:
    """Plan and submit nothing more unattended; incidents are opened, and wait."""
    _turn(desk(context), stopped=True, reason=reason)


@command(app)
def start(context: Context, reason: Reason = "") -> None:
    """Go on with what waits."""
    _turn(desk(context), stopped=False, reason=reason)


def _turn(at: Desk, *, stopped: bool, reason: str) -> None:
    answer = at.server().put("/v1/remediation", {"stopped": stopped, "reason": reason})
    at.present(answer, RemediationShape, lambda shown: _show(at.output, shown))


def _show(output: Output, shown: RemediationShape) -> None:
    output.say(_MODES[Mode(shown.mode)])
    if shown.stopped:
        output.say(f"Stopped by {shown.stopped_by}: incidents wait.", style="red")
        output.hint("Go on with: gatewright remediation start")
    if shown.halted:
        output.say("All changes are halted, so incidents wait.", style="red")
    output.facts(
        (
            ("In the name of", shown.service),
            ("Events to be read", shown.unread),
            ("Devices to be judged", shown.unjudged),
        )
    )
    if shown.set_aside:
        output.heading("Set aside")
        output.table(
            ("What", "Why", "Times", "Last"),
            ((each.what, each.reason, each.count, each.at) for each in shown.set_aside),
        )


def _list(output: Output, shown: Page[IncidentShape]) -> None:
    if not shown.items:
        output.say("No incidents.")
        output.hint("What opens one: gatewright remediation rules")
        return
    output.table(
        ("Incident", "Rule", "About", "Is", "Why", "Opened"),
        (
            (each.id, each.rule, about(each), stands(each), each.reason, each.opened_at)
            for each in shown.items
        ),
    )
    output.hint("The whole road of one: gatewright remediation show INCIDENT")


def about(shown: IncidentShape) -> str:
    """Whom an incident is about."""
    if shown.reach == Reach.DEVICE:
        return shown.device
    return f"{shown.reach} {shown.scope_name or shown.scope}"


def stands(shown: IncidentShape) -> str:
    """Where it is, in a few words."""
    if shown.ending != Ending.NONE:
        return str(shown.ending).replace("_", " ")
    if shown.waiting != Waiting.NOTHING:
        return f"waits: {str(shown.waiting).replace('_', ' ')}"
    return str(shown.state)


def _road(output: Output, shown: IncidentRoadShape) -> None:
    one = shown.incident
    output.facts(
        (
            ("Incident", f"{one.id}{' (dry run)' if one.dry_run else ''}"),
            ("Rule", one.rule),
            ("About", about(one)),
            ("Devices", shown.device_count),
            ("Is", stands(one)),
            ("Why", one.reason),
            ("Looked at next", one.look_at),
            ("Change", one.change),
        )
    )
    output.heading("Devices")
    output.table(
        ("Device", "What", "Last seen there"),
        ((each.device, each.said, _last(each.seen)) for each in shown.devices[:_DEVICES]),
    )
    more = shown.device_count - len(shown.devices[:_DEVICES])
    if more:
        output.say(f"and {more:,} devices more")
    output.heading("Road")
    output.table(("When", "Step", ""), ((each.at, each.step, each.detail) for each in shown.steps))
    if one.change:
        output.hint(f"What became of the change: gatewright changes show {one.change}")


def _last(seen: list[SeenShape]) -> str:
    return f"{seen[-1].path or seen[-1].kind} {seen[-1].value}".strip() if seen else ""


def _rules(output: Output, shown: RulebookShape) -> None:
    output.table(
        ("Rule", "What", "Measure", "Threshold", "Within", "Cool-down", "Shared by"),
        (
            (
                each.id,
                each.title,
                each.measure.replace("_", " "),
                f"{each.threshold:g}",
                each.window,
                each.cool_down,
                ", ".join(each.shared),
            )
            for each in shown.items
        ),
    )
    spent = ", ".join(f"{name} {most}" for name, most in shown.bounds.budgets.items())
    output.facts(
        (
            ("Changes an hour", spent),
            ("Fleet looked at", shown.bounds.fleet or "when a rule asks"),
            ("Quiet hours", ", ".join(shown.bounds.quiet_hours) or "none"),
        )
    )


def _check(at: Desk, file: Path) -> None:
    from brain.remediation.rules import load_rules

    found = load_rules(file)
    if at.output.as_json:
        at.output.json({"rules": [each.id for each in found.rules]})
    else:
        at.output.say(f"{file} is right: {len(found.rules)} rules.", style="green")
