"""``gatewright device``: what is out there."""

from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Option, Typer

from api.cli import rollouts
from api.cli.command import command, desk
from api.cli.diagnosing import diagnose, diagnosis
from api.cli.histories import measures, patterns, timeline
from api.cli.output import Output
from api.cli.plotting import plot
from api.shapes.base import Page
from api.shapes.devices import DeviceShape, SnapshotShape, ThingShape, WayShape
from brain.datamodel.managing import MANAGED_BY, TAGS
from brain.domain.device import ControllerName

app = Typer(no_args_is_help=True)
Device = Annotated[str, Argument(help="The device's id.", show_default=False)]


@command(app, "list")
def list_devices(
    context: Context,
    search: Annotated[str, Argument(help="Part of an id, serial, model or subscriber.")] = "",
    limit: Annotated[int, Option(min=1, max=500)] = 50,
    after: Annotated[str, Option(help="The last id of the page before.")] = "",
) -> None:
    """List devices, or search for some."""
    at = desk(context)
    query = {"search": search, "limit": limit, "after": after}
    page = at.server().get("/v1/devices", query)
    at.present(page, Page[DeviceShape], lambda shown: _list(at.output, shown))


@command(app, "show")
def show(
    context: Context,
    device: Device,
    below: Annotated[
        str, Option(help="Show what it said below this path, such as Device.WiFi.")
    ] = "",
) -> None:
    """Show one device, or with --below what it said."""
    at = desk(context)
    path = f"/v1/devices/{quote(device, safe='')}"
    if below:
        said = at.server().get(f"{path}/snapshot", {"below": below})
        at.present(said, SnapshotShape, lambda shown: _snapshot(at.output, shown))
    else:
        known = at.server().get(path)
        at.present(known, DeviceShape, lambda shown: _device(at.output, shown))


@command(app, "things")
def things(context: Context, device: Device) -> None:
    """Show what else speaks in the home of this gateway: sensors, lamps, bridges."""
    at = desk(context)
    found = at.server().get(f"/v1/devices/{quote(device, safe='')}/things")
    at.present(found, Page[ThingShape], lambda shown: _things(at.output, shown))


@command(app, "ways")
def ways(context: Context, device: Device) -> None:
    """Show how this device was asked to call in, and what came of it."""
    at = desk(context)
    found = at.server().get(f"/v1/devices/{quote(device, safe='')}/ways")
    at.present(found, Page[WayShape], lambda shown: _ways(at.output, shown))


@command(app, "move")
def move(
    context: Context,
    device: Device,
    controller: Annotated[ControllerName, Argument(help="Who acts on it from then on.")],
    follow: rollouts.Follow = False,
) -> None:
    """Have another controller act on a device, once another person approved it."""
    rollouts.begin(
        context,
        f"Manage through {controller.value}: {device}"[:80],
        sets=[f"{MANAGED_BY}={controller.value}"],
        devices=[device],
        follow=follow,
    )


@command(app, "tag")
def tag(
    context: Context,
    device: Device,
    tags: Annotated[
        list[str] | None, Argument(help="All that it is to bear; none takes all off.")
    ] = None,
    follow: rollouts.Follow = False,
) -> None:
    """Have a device bear exactly these tags in GenieACS, once another person approved it."""
    wanted = ",".join(sorted(set(tags or [])))
    rollouts.begin(
        context,
        f"Tags {wanted or 'off'}: {device}"[:80],
        sets=[f"{TAGS}={wanted}"],
        devices=[device],
        follow=follow,
    )


command(app, "timeline")(timeline)
command(app, "measures")(measures)
command(app, "diagnose")(diagnose)
command(app, "diagnosis")(diagnosis)
command(app, "patterns")(patterns)
command(app, "plot")(plot)


def _list(output: Output, shown: Page[DeviceShape]) -> None:
    if not shown.items:
        output.say("No device here.")
        output.hint(
            "Devices appear when they first call in, or with `gatewright inventory import`."
        )
        return
    output.table(
        ("Device", "Manufacturer", "Model", "Firmware", "Subscriber", "Last seen"),
        (
            (each.id, each.manufacturer, each.model, each.firmware, each.subscriber, each.last_seen)
            for each in shown.items
        ),
    )
    if shown.next:
        output.hint(f"There are more: add --after {shown.next}")


def _things(output: Output, shown: Page[ThingShape]) -> None:
    if not shown.items:
        output.say("Nothing else speaks in this home.")
        return
    output.table(
        ("Name", "Kind", "Bridge", "Maker", "Model", "Heard"),
        (
            (each.name, each.kind, each.bridge, each.maker, each.model, each.heard_at)
            for each in shown.items
        ),
    )


def _ways(output: Output, shown: Page[WayShape]) -> None:
    if not shown.items:
        output.say("Nobody ever had to ask this device to call in.")
        return
    output.table(
        ("Way", "Worked", "Failed", "In a row", "Why it failed"),
        (
            (each.way, each.worked_at, each.failed_at, each.failures, each.reason)
            for each in shown.items
        ),
    )
    output.hint("The first is tried first. One that failed is never left out.")


def _device(output: Output, shown: DeviceShape) -> None:
    output.facts((name.replace("_", " ").capitalize(), value) for name, value in shown)
    if shown.last_seen is None:
        output.hint("It was never heard from.")
    else:
        output.hint(f"What it said: gatewright device show {shown.id} --below {shown.root}")


def _snapshot(output: Output, shown: SnapshotShape) -> None:
    output.say(f"{shown.device} at {shown.taken_at:%Y-%m-%d %H:%M:%S %Z}")
    output.table(
        ("Path", "Value", "Writable"),
        (
            (each.path, "(masked)" if each.masked else each.value, each.writable)
            for each in shown.parameters
        ),
    )
    if shown.total > len(shown.parameters):
        output.hint(f"{shown.total} in all; narrow --below to see the rest.")
