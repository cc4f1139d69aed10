"""``gatewright autonomy``: how far each playbook may go by itself on each model."""

from typing import Annotated

from typer import Argument, Context, Option, Typer

from api.cli.command import Desk, command, desk
from api.cli.output import Output
from api.shapes.autonomy import AgreementShape, EvidenceShape, ShadowShape, StandingShape
from api.shapes.base import Page
from brain.domain.autonomy import Level
from brain.domain.canonical import Json
from brain.domain.proposal import Cause

app = Typer(no_args_is_help=True)
CauseOf = Annotated[Cause, Argument(help="What the playbook treats.", show_default=False)]
Manufacturer = Annotated[str, Argument(help="Of the model.", show_default=False)]
Model = Annotated[str, Argument(help="As devices say it.", show_default=False)]
LevelOf = Annotated[Level, Argument(help="How far it may go.", show_default=False)]
Reason = Annotated[str, Option(help="Why; it is kept encrypted, beside the audit trail.")]


@command(app, "list")
def list_(context: Context) -> None:
    """List where each playbook stands on each model, and what that rests on."""
    at = desk(context)
    page = at.server().get("/v1/autonomy")
    at.present(page, Page[StandingShape], lambda shown: _list(at.output, shown))


@command(app, "show")
def show(
    context: Context,
    cause: CauseOf,
    model: Annotated[str, Option(help="Only on this model.")] = "",
) -> None:
    """Show one playbook: its level on each model, who moved it there, and why."""
    at = desk(context)
    page = at.server().read(Page[StandingShape], "/v1/autonomy")
    found = [each for each in page.items if each.cause == cause and model in ("", each.model)]
    document: Json = {"items": [each.model_dump(mode="json") for each in found], "next": ""}
    at.present(document, Page[StandingShape], lambda shown: _show(at.output, shown))


@command(app, "raise")
def raise_(
    context: Context,
    cause: CauseOf,
    manufacturer: Manufacturer,
    model: Model,
    level: LevelOf,
    reason: Reason,
) -> None:
    """Let a playbook do more by itself, as far as the evidence carries it."""
    _move(desk(context), "raise", (cause, manufacturer, model), level, reason)


@command(app, "lower")
def lower(
    context: Context,
    cause: CauseOf,
    manufacturer: Manufacturer,
    model: Model,
    level: LevelOf,
    reason: Reason,
) -> None:
    """Let a playbook do less by itself, at once, until a person raises it again."""
    _move(desk(context), "lower", (cause, manufacturer, model), level, reason)


@command(app, "agreement")
def agreement(context: Context) -> None:
    """Say how often people did what was proposed and not applied."""
    at = desk(context)
    page = at.server().get("/v1/autonomy/agreement")
    at.present(page, Page[AgreementShape], lambda shown: _agreement(at.output, shown))


@command(app, "shadows")
def shadows(context: Context, limit: Annotated[int, Option(min=1, max=500)] = 50) -> None:
    """List proposals that were not applied, and what people did instead; newest first."""
    at = desk(context)
    page = at.server().get("/v1/autonomy/shadows", {"limit": limit})
    at.present(page, Page[ShadowShape], lambda shown: _shadows(at.output, shown))


def _move(at: Desk, way: str, playbook: tuple[Cause, str, str], level: Level, reason: str) -> None:
    cause, manufacturer, model = playbook
    body: Json = {
        "cause": cause.value,
        "manufacturer": manufacturer,
        "model": model,
        "level": level.value,
        "reason": reason,
    }
    answer = at.server().post(f"/v1/autonomy/{way}", body)
    at.present(answer, StandingShape, lambda shown: _one(at.output, shown))


def _list(output: Output, page: Page[StandingShape]) -> None:
    if not page.items:
        output.say("Nothing was carried out or shadowed yet, so everything observes.")
        return
    output.table(
        ("Cause", "Manufacturer", "Model", "Level", "Held", "Sure", "People agreed", "By"),
        (_row(each) for each in page.items),
    )
    for each in page.items:
        if each.carried == Level.ALONE and each.level != Level.ALONE:
            output.hint(
                f"{each.cause} on {each.manufacturer} {each.model} could act alone: "
                f"gatewright autonomy raise {each.cause} '{each.manufacturer}' '{each.model}' "
                f"{Level.ALONE.value} --reason ..."
            )


def _row(each: StandingShape) -> tuple[str, ...]:
    return (
        each.cause,
        each.manufacturer,
        each.model,
        each.level,
        _counted(each.evidence),
        _sure(each.evidence),
        _counted(each.shadows),
        each.by,
    )


def _show(output: Output, page: Page[StandingShape]) -> None:
    if not page.items:
        output.say("Nothing was heard of it yet, so it observes.")
    for each in page.items:
        _one(output, each)


def _one(output: Output, each: StandingShape) -> None:
    output.heading(f"{each.cause} on {each.manufacturer} {each.model}")
    output.facts(
        (
            ("Level", each.level),
            ("Since", each.since),
            ("By", each.by),
            ("Why", each.why),
            ("Evidence carries", each.carried),
            ("Held", f"{_counted(each.evidence)}, {each.evidence.in_a_row} in a row"),
            ("Sure", _sure(each.evidence)),
            ("People agreed", _counted(each.shadows)),
            ("Lowered to", each.ceiling if each.ceiling != Level.ALONE else ""),
        )
    )


def _counted(evidence: EvidenceShape) -> str:
    return f"{evidence.succeeded} of {evidence.tried}" if evidence.tried else "-"


def _sure(evidence: EvidenceShape) -> str:
    return f"{evidence.low:.0%} to {evidence.high:.0%}" if evidence.tried else "-"


def _agreement(output: Output, page: Page[AgreementShape]) -> None:
    if not page.items:
        output.say("No proposal was kept as a shadow yet.")
        return
    output.table(
        ("Cause", "Model", "Planner", "Agreed", "Otherwise", "Nothing", "Open", "Rate"),
        (
            (
                each.cause,
                f"{each.manufacturer} {each.model}",
                each.planner,
                each.agreed,
                each.otherwise,
                each.nothing,
                each.open,
                f"{each.low:.0%} to {each.high:.0%}",
            )
            for each in page.items
        ),
    )


def _shadows(output: Output, page: Page[ShadowShape]) -> None:
    if not page.items:
        output.say("No proposal was kept as a shadow yet.")
        return
    output.table(
        ("Made", "Device", "Cause", "Would touch", "People", "Seen", "Proposal"),
        (
            (
                each.made_at,
                each.device,
                each.cause,
                ", ".join(each.touches),
                each.end,
                each.seen,
                each.proposal,
            )
            for each in page.items
        ),
    )
