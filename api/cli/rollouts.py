"""``gatewright rollout``: one change for many devices, a few at a time, followed in one place."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Option, Typer

from api.cli.command import Desk, command, desk
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.rollouts import RolloutDeviceShape, RolloutShape
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput

app = Typer(no_args_is_help=True)
_EVERY = 2.0
Which = Annotated[str, Argument(help="The rollout's id.", show_default=False)]
Follow = Annotated[bool, Option("--follow", help="Say how far it has come until it has ended.")]


@command(app, "begin")
def begin(  # noqa: PLR0913 - each is an option of the command
    context: Context,
    name: Annotated[str, Argument(help="What it is, in a few words.", show_default=False)],
    sets: Annotated[
        list[str] | None, Option("--set", help="PATH=VALUE; may be given again.")
    ] = None,
    run: Annotated[str, Option(help="A command instead, such as Device.Reboot().")] = "",
    given: Annotated[
        list[str] | None,
        Option("--with", help="NAME=VALUE: an argument of the command; may be given again."),
    ] = None,
    devices: Annotated[
        list[str] | None, Option("--device", help="A device's id; may be given again.")
    ] = None,
    file: Annotated[
        Path | None, Option("--devices", help="A file of ids, one a line; - is standard input.")
    ] = None,
    at_once: Annotated[int, Option(min=1, max=500, help="Changes under way at most.")] = 20,
    first: Annotated[
        int, Option(min=1, max=500, help="So many at first; one more for each that succeeded.")
    ] = 1,
    most_failed: Annotated[int, Option(min=0, help="It stops by itself with one more.")] = 0,
    follow: Follow = False,
) -> None:
    """Begin a rollout: each device gets a change of its own, which policy and people judge."""
    at = desk(context)
    wanted: dict[str, Json] = {
        "name": name,
        "steps": [*_steps(sets or [], run, given or [])],
        "devices": [*(devices or []), *_listed(file)],
        "at_once": at_once,
        "first": first,
        "most_failed": most_failed,
    }
    made = at.server().post("/v1/rollouts", wanted)
    _present(at, made, follow=follow)


@command(app, "list")
def list_rollouts(context: Context, limit: Annotated[int, Option(min=1, max=500)] = 50) -> None:
    """List rollouts, newest first, each with how far it has come."""
    at = desk(context)
    page = at.server().get("/v1/rollouts", {"limit": limit})
    at.present(page, Page[RolloutShape], lambda shown: _list(at.output, shown))


@command(app, "show")
def show(context: Context, rollout: Which, follow: Follow = False) -> None:
    """Show how far one has come."""
    at = desk(context)
    _present(at, at.server().get(_path(rollout)), follow=follow)


@command(app, "devices")
def list_devices(
    context: Context,
    rollout: Which,
    limit: Annotated[int, Option(min=1, max=500)] = 100,
    after: Annotated[str, Option(help="`next` of the page before.")] = "",
) -> None:
    """List its devices, each with its change and where that is."""
    at = desk(context)
    page = at.server().get(f"{_path(rollout)}/devices", {"limit": limit, "after": after})
    at.present(page, Page[RolloutDeviceShape], lambda shown: _devices(at.output, shown))


@command(app, "stop")
def stop(
    context: Context,
    rollout: Which,
    reason: Annotated[str, Option(help="Why; it is kept beside the audit trail.")],
) -> None:
    """Submit nothing more, and take back what has not begun; what is under way is seen through."""
    at = desk(context)
    _present(at, at.server().post(f"{_path(rollout)}/stop", {"reason": reason}), follow=False)


def _steps(sets: list[str], run: str, given: list[str]) -> Iterator[Json]:
    if bool(sets) == bool(run):
        raise InvalidInput("give either --set or --run", field="--set")
    if given and not run:
        raise InvalidInput("only a command takes arguments", field="--with")
    for each in sets:
        path, value = _pair(each, "PATH=VALUE", "--set")
        yield {"path": path, "value": value}
    if run:
        yield {
            "path": run,
            "arguments": dict(_pair(each, "NAME=VALUE", "--with") for each in given),
        }


def _pair(text: str, shape: str, option: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise InvalidInput(f"{text} is not {shape}", field=option)
    return name, value


def _listed(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{file} cannot be read ({type(error).__name__})", field="--devices"
        ) from None
    return [line.strip() for line in text.splitlines() if line.strip()]


def _present(at: Desk, document: Json, *, follow: bool) -> None:
    """Once, or again and again while it goes on: a line for each step forward."""
    from api.cli.server import shaped

    shown = shaped(RolloutShape, document)
    if not follow:
        at.present(document, RolloutShape, lambda each: _show(at.output, each))
        return
    said = ""
    while True:
        if (now := _progress(shown)) != said:
            said = now
            if at.output.as_json:
                at.output.json_line(document)
            else:
                at.output.say(f"{shown.id}: {now}")
        if shown.ended:
            return
        time.sleep(_EVERY)
        document = at.server().get(_path(shown.id))
        shown = shaped(RolloutShape, document)


def _progress(shown: RolloutShape) -> str:
    parts = (
        f"{shown.state}, {shown.succeeded} of {shown.total} succeeded",
        f"{shown.open} under way",
        f"{shown.awaiting_approval} wait for people" if shown.awaiting_approval else "",
        f"{shown.failed} failed",
        f"{shown.not_done} not done",
        f"{shown.waiting} to come",
        shown.reason,
    )
    return "; ".join(filter(None, parts))


def _show(output: Output, shown: RolloutShape) -> None:
    output.say(f"{shown.name} ({shown.id}), asked for by {shown.asked_by}")
    for step in shown.steps:
        output.say(f"- {step.path}{'' if step.value is None else f' to {step.value}'}")
    output.say(_progress(shown))
    if shown.awaiting_approval:
        output.hint("For reviewers: gatewright reviews list, and gatewright approve --like")
    if not shown.ended:
        output.hint(f"Stop it with: gatewright rollout stop {shown.id} --reason WHY")


def _list(output: Output, shown: Page[RolloutShape]) -> None:
    if not shown.items:
        output.say("No rollout yet.")
        return
    output.table(
        ("Rollout", "Name", "State", "Succeeded", "Failed", "Not done", "Of", "Begun"),
        ((each.id, each.name, each.state, *_counts(each), each.created_at) for each in shown.items),
    )


def _counts(each: RolloutShape) -> tuple[int, int, int, int]:
    return each.succeeded, each.failed, each.not_done, each.total


def _devices(output: Output, shown: Page[RolloutDeviceShape]) -> None:
    output.table(
        ("Device", "State", "Change", "Why"),
        ((each.device, each.state, each.change, each.note) for each in shown.items),
    )
    if shown.next:
        output.hint(f"There are more: add --after {shown.next}")


def _path(rollout: str) -> str:
    return f"/v1/rollouts/{quote(rollout, safe='')}"
