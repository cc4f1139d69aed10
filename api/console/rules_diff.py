"""What other rules change, shown to whoever answers for them: text as it is, never markup."""

from nicegui import ui

from api.console import pieces
from api.shapes.rules import DifferenceShape, ModuleChangeShape, NumberChangeShape
from policies.difference import Turn

_COLOURS = {Turn.ADDED: "good", Turn.REMOVED: "bad", Turn.CHANGED: "warn"}
_MARKS = {"+": "in", "-": "out"}


def show_difference(found: DifferenceShape) -> None:
    """Numbers, rules and source; what there is nothing of is left out."""
    if found.numbers:
        pieces.head(f"Numbers that change ({len(found.numbers)})")
        with ui.element("table").classes("gw-diff"), ui.element("tbody"):
            for number in found.numbers:
                _number(number)
    for title, codes in (("added", found.rules_added), ("removed", found.rules_removed)):
        if codes:
            pieces.head(f"Rules {title} ({len(codes)})")
            for code in codes:
                ui.label(code).classes("gw-mono")
    if found.modules:
        pieces.head(f"Files of rules that change ({len(found.modules)})")
        for module in found.modules:
            _module(module)


def _number(number: NumberChangeShape) -> None:
    with ui.element("tr"):
        with ui.element("td"):
            ui.label(number.path).classes("gw-mono")
        with ui.element("td").classes("gw-mono"):
            ui.label(number.was).classes("gw-was kept")
        with ui.element("td").classes("arrow"):
            ui.label("→")
        with ui.element("td").classes("gw-mono"):
            ui.label(number.will).classes("gw-will")


def _module(module: ModuleChangeShape) -> None:
    with ui.row().classes("items-center gap-2"):
        pieces.chip(module.turn, _COLOURS[Turn(module.turn)])
        ui.label(module.name).classes("gw-mono")
    with ui.element("div").classes("gw-source gw-mono"):
        for line in module.diff.split("\n"):
            ui.label(line).classes(_MARKS.get(line[:1], ""))
