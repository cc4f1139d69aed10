"""``gatewright model``: what the data model says of a path."""

from typing import Annotated

from typer import Argument, Context, Exit, Typer

from api.cli.command import command, desk
from api.cli.output import Output
from brain.datamodel.describe import Description, describe
from brain.domain.canonical import jsonable

app = Typer(no_args_is_help=True)
_SHOWN = 60


@app.callback()
def model() -> None:
    """Look a path up in TR-181 and TR-098: needs no server."""


@command(app, "show")
def show(
    context: Context,
    path: Annotated[
        str, Argument(help="A parameter, object or command, such as Device.WiFi.Radio.1.Channel.")
    ],
) -> None:
    """Say what a path is, what values it takes, and who may write it."""
    output = desk(context).output
    found = describe(path)
    if output.as_json:
        output.json(jsonable(found))
    elif found.known:
        _known(output, found)
    else:
        _unknown(output, found)
    if not found.known:
        raise Exit(1)


def _known(output: Output, found: Description) -> None:
    output.say(found.template, style="bold")
    output.facts((label[:1].upper() + label[1:], text) for label, text in found.facts)
    if found.children:
        output.heading("In it")
        output.say(", ".join(found.children[:_SHOWN]))
        if len(found.children) > _SHOWN:
            output.hint(f"and {len(found.children) - _SHOWN} more; --json lists all")


def _unknown(output: Output, found: Description) -> None:
    output.error(f"no data model has {found.path}.")
    if found.near:
        output.say("Did you mean:")
        for each in found.near:
            output.say(f"  {each}")
