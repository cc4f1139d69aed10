"""``gatewright device timeline``, ``measures`` and ``patterns``: what devices were over time."""

from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Option

from api.cli.command import desk
from api.cli.durations import past
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.devices import EventShape
from api.shapes.history import MeasuresShape, PatternShape, SeriesShape
from brain.domain.history import EventKind

Device = Annotated[str, Argument(help="The device's id.", show_default=False)]
Since = Annotated[str, Option(help="From then on: 7d, 12h or 2026-01-31T18:00Z.")]
Until = Annotated[str, Option(help="Before then, written alike.")]
_BARS = "▁▂▃▄▅▆▇█"
_WIDE = 24


def timeline(  # noqa: PLR0913 - one option each
    context: Context,
    device: Device,
    since: Since = "",
    until: Until = "",
    kind: Annotated[
        list[EventKind] | None, Option(help="Only these; may be given several times.")
    ] = None,
    path: Annotated[
        str, Option(help="One parameter, or all below an object that ends in a dot.")
    ] = "",
    limit: Annotated[int, Option(min=1, max=500)] = 50,
) -> None:
    """Show what happened to a device, newest first, and who changed what."""
    at = desk(context)
    query = {
        "since": _moment(since, "--since"),
        "until": _moment(until, "--until"),
        "kind": [each.value for each in kind or []],
        "path": path,
        "limit": limit,
    }
    page = at.server().get(f"/v1/devices/{quote(device, safe='')}/timeline", query)
    at.present(page, Page[EventShape], lambda shown: _timeline(at.output, shown))


def measures(
    context: Context,
    device: Device,
    path: Annotated[
        list[str] | None, Option(help="One parameter, of any kind; may be given several times.")
    ] = None,
    since: Since = "7d",
    until: Until = "",
) -> None:
    """Show numbers of a device over time, one line each."""
    at = desk(context)
    query = {
        "path": path or [],
        "since": _moment(since, "--since"),
        "until": _moment(until, "--until"),
    }
    found = at.server().get(f"/v1/devices/{quote(device, safe='')}/measures", query)
    at.present(found, MeasuresShape, lambda shown: _measures(at.output, shown))


def patterns(
    context: Context,
    kind: Annotated[EventKind, Option(help="What to look for.")] = EventKind.FAULT,
    since: Annotated[str, Option(help="From then on, 31 days ago at most.")] = "7d",
    least: Annotated[int, Option(min=1, help="On so many devices at least.")] = 2,
) -> None:
    """Show what happened alike to devices of one model and firmware, the widest spread first."""
    at = desk(context)
    query = {"kind": kind.value, "since": _moment(since, "--since"), "least": least}
    page = at.server().get("/v1/patterns", query)
    at.present(page, Page[PatternShape], lambda shown: _patterns(at.output, shown))


def sparkline(values: list[float], wide: int = _WIDE) -> str:
    """At most so many of the newest values as a row of bars, the lowest and highest as ends."""
    shown = values[-wide:]
    low, high = min(shown), max(shown)
    if low == high:
        return _BARS[0] * len(shown)
    steps = len(_BARS) - 1
    return "".join(_BARS[round((each - low) / (high - low) * steps)] for each in shown)


def _moment(text: str, field: str) -> str:
    return past(text, field).isoformat() if text else ""


def _timeline(output: Output, shown: Page[EventShape]) -> None:
    if not shown.items:
        output.say("Nothing of that has happened to this device.")
        return
    output.table(
        ("When", "What", "Path", "Value", "By", "Detail"),
        ((each.at, each.kind, each.path, each.value, each.by, each.detail) for each in shown.items),
    )


def _measures(output: Output, shown: MeasuresShape) -> None:
    if not shown.series:
        output.say("Nothing is known of that time.")
        return
    output.table(
        ("Path", "Over time", "Last", "Unit", "Lowest", "Highest", "Points"),
        (_line(each) for each in shown.series),
    )
    output.hint(f"As a picture: gatewright device plot {shown.device} PATH --out plot.png")


def _line(series: SeriesShape) -> tuple[object, ...]:
    last, count = series.points[-1].value, len(series.points)
    numbers = series.numbers
    if numbers is None:
        return (series.path, "", last, series.units, "", "", count)
    low, high = f"{min(numbers):g}", f"{max(numbers):g}"
    return (series.path, sparkline(numbers), last, series.units, low, high, count)


def _patterns(output: Output, shown: Page[PatternShape]) -> None:
    if not shown.items:
        output.say("Nothing of that happened alike to several devices.")
        return
    output.table(
        ("What", "By", "Make and model", "Firmware", "Devices", "Times", "First", "Last"),
        (
            (
                each.what,
                each.by,
                f"{each.manufacturer} {each.model}".strip(),
                each.firmware,
                each.devices,
                each.times,
                each.first,
                each.last,
            )
            for each in shown.items
        ),
    )
