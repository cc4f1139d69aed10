"""``gatewright enrolment``: who may come in."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Exit, Option, Typer

from api.cli.command import command, desk
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.enrolment import RegisteredShape, StrangerShape
from brain.domain.errors import InvalidInput

app = Typer(no_args_is_help=True)
Device = Annotated[str, Argument(help="The device's id.", show_default=False)]


@command(app, "register")
def register(
    context: Context,
    file: Annotated[
        Path,
        Argument(
            help="CSV: oui, serial, product_class (where a device says one: it is known by all "
            "three), mac, firmware, subscriber, username, password."
        ),
    ],
) -> None:
    """Register devices before they ship; each row is taken or named. Twice does no harm."""
    at = desk(context)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"cannot be read ({error.strerror})", field=str(file), remedy="Name a readable file."
        ) from None
    answer = at.server().post_bytes("/v1/registrations", content, kind="text/csv")
    refused: list[int] = []

    def show(shown: RegisteredShape) -> None:
        refused.append(shown.refused)
        _registered(at.output, shown)

    at.present(answer, RegisteredShape, show)
    if any(refused):
        raise Exit(1)


@command(app, "strangers")
def strangers(context: Context, limit: Annotated[int, Option(min=1, max=500)] = 50) -> None:
    """List devices that came and were given nothing."""
    at = desk(context)
    page = at.server().get("/v1/strangers", {"limit": limit})
    at.present(page, Page[StrangerShape], lambda shown: _list(at.output, shown))


@command(app, "admit")
def admit(context: Context, device: Device) -> None:
    """Let a stranger in: at its next call it is given credentials of its own."""
    at = desk(context)
    answer = at.server().post(f"/v1/strangers/{quote(device, safe='')}/admit")
    at.present(answer, StrangerShape, lambda shown: at.output.say(f"{shown.device} may come in."))


@command(app, "reject")
def reject(context: Context, device: Device) -> None:
    """Refuse a stranger from now on."""
    at = desk(context)
    answer = at.server().post(f"/v1/strangers/{quote(device, safe='')}/reject")
    at.present(answer, StrangerShape, lambda shown: at.output.say(f"{shown.device} is refused."))


def _registered(output: Output, shown: RegisteredShape) -> None:
    output.say(f"{shown.taken} registered, {shown.refused} refused.")
    if shown.faults:
        output.table(
            ("Row", "Field", "What is wrong", "What to do"),
            ((each.row, each.field, each.reason, each.remedy) for each in shown.faults),
        )
        output.hint("Correct these rows and send the file again: the others stay as they are.")


def _list(output: Output, shown: Page[StrangerShape]) -> None:
    if not shown.items:
        output.say("Nobody was turned away.")
        return
    output.table(
        ("Device", "Says it is by", "Firmware", "Why", "Answer", "Came", "Last"),
        (
            (
                each.device,
                each.manufacturer,
                each.firmware,
                each.why,
                each.answer,
                each.times,
                each.last_at,
            )
            for each in shown.items
        ),
    )
    output.hint("Let one in: gatewright enrolment admit DEVICE")
