"""``gatewright case``: what a case has cost in calls to a language model."""

from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Typer

from api.cli.command import command, desk
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.cases import CaseShape, ModelCallShape

app = Typer(no_args_is_help=True)
Case = Annotated[str, Argument(help="The id of the case, such as cas_01k0c8m2v7.")]


@command(app, "list")
def list_cases(context: Context) -> None:
    """List the cases, newest first."""
    at = desk(context)
    at.present(
        at.server().get("/v1/cases"), Page[CaseShape], lambda shown: _cases(at.output, shown)
    )


@command(app, "calls")
def calls(context: Context, case: Case) -> None:
    """List what was asked of a language model in a case: cost and outcome, and no words."""
    at = desk(context)
    page = at.server().get(f"/v1/cases/{quote(case, safe='')}/calls")
    at.present(page, Page[ModelCallShape], lambda shown: _calls(at.output, shown))


def _cases(output: Output, page: Page[CaseShape]) -> None:
    if not page.items:
        output.say("No case yet.")
        output.hint('Open one: gatewright chat --device DEVICE "the wifi is slow"')
        return
    output.table(
        ("Case", "Device", "Opened by", "At"),
        (
            (each.id, each.device, each.opened_by, f"{each.opened_at:%F %H:%M}")
            for each in page.items
        ),
    )


def _calls(output: Output, page: Page[ModelCallShape]) -> None:
    if not page.items:
        output.say("No language model was asked in this case.")
        return
    output.table(
        ("At", "Prompt", "Model", "Mode", "Outcome", "Tokens in", "out", "Seconds"),
        (_row(each) for each in page.items),
    )
    spent = sum(each.tokens_in + each.tokens_out for each in page.items)
    seconds = sum(each.seconds for each in page.items)
    output.hint(f"{len(page.items)} calls, {spent} tokens, {seconds:.1f} s")


def _row(call: ModelCallShape) -> tuple[str, ...]:
    return (
        f"{call.at:%F %T}",
        call.prompt,
        call.model,
        call.mode,
        f"{call.outcome.value}: {call.why}" if call.why else call.outcome.value,
        str(call.tokens_in),
        str(call.tokens_out),
        f"{call.seconds:.1f}",
    )
