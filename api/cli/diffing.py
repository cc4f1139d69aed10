"""``gatewright policy diff``: what other rules change, before anybody answers for them."""

from typing import Annotated

from typer import Argument, Context

from api.cli.command import Desk, desk
from api.cli.output import Output
from api.shapes.rules import DifferenceShape
from brain.domain.errors import NotFound

_URL = "/v1/policy/changes"
_SHORTEST = 8
_STYLES = {"+": "green", "-": "red"}


def diff(
    context: Context,
    revision: Annotated[
        str,
        Argument(metavar="REVISION", help="Of the rules, or its beginning, or the change's ID."),
    ],
) -> None:
    """Show what rules change against those they were compared with: numbers, source and rules."""
    at = desk(context)
    document = at.server().get(f"{_URL}/{_change(at, revision)}/diff")
    at.present(document, DifferenceShape, lambda found: show_difference(at.output, found))


def show_difference(output: Output, found: DifferenceShape) -> None:
    """Every part that there is something of."""
    output.facts([("Compared with", found.base), ("Revision", found.revision)])
    if found.numbers:
        output.heading("Numbers that change")
        output.table(
            ("Number", "", "Was", "Would be"),
            ((each.path, each.turn, each.was, each.will) for each in found.numbers),
        )
    for title, codes in (("added", found.rules_added), ("removed", found.rules_removed)):
        if codes:
            output.heading(f"Rules {title}")
            output.say("\n".join(codes))
    for module in found.modules:
        output.heading(f"{module.turn}: {module.name}")
        for line in module.diff.expandtabs(4).split("\n"):
            output.say(line, style=_STYLES.get(line[:1], ""))


def _change(at: Desk, wanted: str) -> str:
    """The newest change of the rules that is meant."""
    document = at.server().get(_URL, {"limit": 500})
    items = document["items"] if isinstance(document, dict) else []
    for each in items if isinstance(items, list) else ():
        known = each if isinstance(each, dict) else {}
        begins = len(wanted) >= _SHORTEST and str(known.get("revision")).startswith(wanted)
        if begins or known.get("id") == wanted:
            return str(known["id"])
    raise NotFound(
        f"there is no change of the rules {wanted}",
        field="REVISION",
        remedy=f"Give the ID, or {_SHORTEST} or more characters of the revision: "
        "`gatewright policy status` lists those that wait.",
    )
