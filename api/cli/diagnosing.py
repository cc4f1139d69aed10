"""``gatewright device diagnose`` and ``diagnosis``: run a diagnostic, and see what came of it."""

from typing import Annotated
from urllib.parse import quote

from typer import Argument, Context

from api.cli.command import desk
from api.cli.output import Output
from api.shapes.changes import ChangeShape
from api.shapes.diagnostics import DiagnosisShape
from brain.datamodel.diagnostics import Kind
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput

Device = Annotated[str, Argument(help="The device's id.", show_default=False)]
What = Annotated[Kind, Argument(help="Which diagnostic.", show_default=False)]


def diagnose(
    context: Context,
    device: Device,
    kind: What,
    inputs: Annotated[
        list[str] | None,
        Argument(help="Inputs as TR-181 names them: Host=192.0.2.1", show_default=False),
    ] = None,
) -> None:
    """Have a device run a diagnostic, if policy lets it."""
    at = desk(context)
    body: Json = {"inputs": dict(map(_input, inputs or []))}
    answer = at.server().post(_path(device, kind), body)
    at.present(answer, ChangeShape, lambda shown: _asked(at.output, shown, kind))


def diagnosis(context: Context, device: Device, kind: What) -> None:
    """Show what a device last found."""
    at = desk(context)
    answer = at.server().get(_path(device, kind))
    at.present(answer, DiagnosisShape, lambda shown: _found(at.output, shown))


def _path(device: str, kind: Kind) -> str:
    return f"/v1/devices/{quote(device, safe='')}/diagnostics/{kind}"


def _input(said: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    if not (name and equals):
        raise InvalidInput("an input has no value", field=name, remedy="Write Host=192.0.2.1.")
    return name, value


def _asked(output: Output, shown: ChangeShape, kind: Kind) -> None:
    output.say(f"{shown.id}: {shown.state}. {shown.reason}".rstrip(". "))
    output.hint(f"Then see: gatewright device diagnosis {shown.device} {kind}")


def _found(output: Output, shown: DiagnosisShape) -> None:
    output.say(f"{shown.summary} ({shown.at:%Y-%m-%d %H:%M:%S %Z})")
    found = shown.model_dump(mode="json")["found"]
    rows = {name: value for name, value in found.items() if isinstance(value, list)}
    output.facts((name, value) for name, value in found.items() if name not in rows)
    for table in filter(None, rows.values()):
        output.table(tuple(table[0]), (tuple(row.values()) for row in table))
