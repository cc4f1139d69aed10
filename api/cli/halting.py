"""``gatewright halt``: the kill switch."""

from typing import Annotated

from typer import Context, Option, Typer

from api.cli.command import Desk, command, desk
from api.cli.output import Output
from api.shapes.operations import HaltShape
from brain.domain.canonical import Json

app = Typer(no_args_is_help=True)
Reason = Annotated[str, Option(help="Why; it goes into the audit trail.")]


@command(app)
def on(context: Context, reason: Reason = "") -> None:
    """Stop: no change is begun until it is turned off."""
    _turn(desk(context), halted=True, reason=reason)


@command(app)
def off(context: Context, reason: Reason = "") -> None:
    """Go on."""
    _turn(desk(context), halted=False, reason=reason)


@command(app)
def status(context: Context) -> None:
    """Say how it stands."""
    at = desk(context)
    _present(at, at.server().get("/v1/halt"))


def _turn(at: Desk, *, halted: bool, reason: str) -> None:
    _present(at, at.server().put("/v1/halt", {"halted": halted, "reason": reason}))


def _present(at: Desk, document: Json) -> None:
    at.present(document, HaltShape, lambda shown: _show(at.output, shown))


def _show(output: Output, shown: HaltShape) -> None:
    if shown.halted:
        output.say("Halted: no change is begun.", style="red")
        output.hint("Go on with: gatewright halt off")
    else:
        output.say("Running: changes are carried out as policy and people decide.")
