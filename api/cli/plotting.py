"""``gatewright device plot``: a parameter over time, as a PNG."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context, Option

from api.cli.command import desk
from api.cli.durations import past
from api.cli.histories import Device, Since, Until
from api.curves import Curve, curve
from api.shapes.history import MeasuresShape
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput, NotFound

_INK, _LINE = "#5b6b69", "#0c5f57"
_DAY = 86_400  # matplotlib counts days since 1970
_INCHES, _DOTS = (9.0, 3.4), 150


def plot(
    context: Context,
    device: Device,
    path: Annotated[str, Argument(help="The parameter, such as Device.WiFi.Radio.1.Channel.")],
    out: Annotated[Path, Option(help="The file to write.", dir_okay=False)] = Path("plot.png"),
    since: Since = "7d",
    until: Until = "",
) -> None:
    """Draw a parameter of a device over time into a PNG file."""
    at = desk(context)
    query = {
        "path": [path],
        "since": past(since, "--since").isoformat(),
        "until": past(until, "--until").isoformat() if until else "",
    }
    document = at.server().get(f"/v1/devices/{quote(device, safe='')}/measures", query)
    drawn = _only(document, path)
    draw(drawn, device, out)
    written: Json = {"file": str(out), "points": len(drawn.times)}
    if at.output.as_json:
        at.output.json(written)
    else:
        at.output.say(f"{out}: {len(drawn.times)} points of {path}, now {drawn.last} {drawn.unit}")


def draw(drawn: Curve, device: str, out: Path) -> None:
    """Write the picture. InvalidInput without the extra, or where nothing can be written."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:  # an extra that not everyone has
        raise InvalidInput(
            "drawing a picture needs the extra plots",
            field="--out",
            remedy="Run: pip install 'gatewright[plots]'. `device measures` needs nothing.",
        ) from None
    figure = Figure(figsize=_INCHES, dpi=_DOTS, layout="constrained")
    axes = figure.add_subplot()
    times = [at.timestamp() / _DAY for at in drawn.times]
    axes.step(times, drawn.heights, where="post", color=_LINE, linewidth=1.6)
    if len(drawn.times) < 60:
        axes.plot(times, drawn.heights, "o", color=_LINE, markersize=3)
    axes.xaxis_date()
    if drawn.words:
        axes.set_yticks(range(len(drawn.words)), [_plain(each) for each in drawn.words])
    axes.set_title(f"{drawn.path}\n{device}, UTC", loc="left", fontsize=9, color=_INK)
    axes.set_ylabel(_plain(drawn.unit), color=_INK)
    axes.tick_params(colors=_INK, labelsize=8)
    axes.grid(color="#dfe6e4", linewidth=0.7)
    axes.spines[["top", "right"]].set_visible(False)
    try:
        figure.savefig(out, format="png")
    except OSError as error:
        raise InvalidInput(
            f"{out} cannot be written: {error.strerror}", field="--out", remedy="Name another file."
        ) from error


def _only(document: Json, path: str) -> Curve:
    from api.cli.server import shaped

    found = [curve(each) for each in shaped(MeasuresShape, document).series]
    if not found or not found[0].times:
        raise NotFound(
            f"of {path} too little is known in that time",
            field="path",
            remedy="Ask from earlier on: --since 90d.",
        )
    return found[0]


def _plain(text: str) -> str:
    """Without what matplotlib would read as mathematics: it may come from a device."""
    return text.replace("$", r"\$")
