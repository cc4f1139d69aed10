"""``gatewright inventory``: what the operator knows of homes, network and devices."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Typer

from api.cli.command import command, desk
from api.shapes.inventory import Imported
from brain.domain.errors import InvalidInput

app = Typer(no_args_is_help=True)


@app.callback()
def inventory() -> None:
    """Take in sites, subscribers, access network and devices."""


@command(app, "import")
def import_file(
    context: Context,
    file: Annotated[Path, Argument(help="A JSON document of sites, subscribers, nodes, devices.")],
) -> None:
    """Take in a whole document, or nothing of it; running it twice does no harm."""
    at = desk(context)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"cannot be read ({error.strerror})", field=str(file), remedy="Name a readable file."
        ) from None
    answer = at.server().post_bytes("/v1/inventory", content)
    at.present(
        answer,
        Imported,
        lambda shown: at.output.say(
            f"Taken in: {shown.sites} sites, {shown.subscribers} subscribers, "
            f"{shown.nodes} access nodes, {shown.devices} devices."
        ),
    )
