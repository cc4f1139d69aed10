"""What a device last said, on its page."""

from typing import Any

from nicegui import ui

from api.console.device_part import DevicePart, reader
from api.shapes.devices import ParameterShape, SnapshotShape

_MOST = 1000
_COLUMNS = [
    {"name": name, "label": label, "field": name, "align": "left", "sortable": True}
    for name, label in (("path", "Parameter"), ("value", "Value"), ("writable", "Writable"))
]


class DeviceParameters(DevicePart):
    """A table to search; a click on a parameter plots it."""

    async def show(self) -> None:
        """Draw it here."""
        with ui.column().classes("gw-card gap-2"):
            with ui.row().classes("items-center gap-3 w-full"):
                ui.label("Parameters").classes("gw-title")
                ui.space()
                self._below = ui.input(placeholder="Part of a path", on_change=self._look).props(
                    "outlined dense clearable debounce=300"
                )
            self._table = ui.table(columns=_COLUMNS, rows=[], row_key="path", pagination=15)
            self._table.props("flat dense").classes("w-full gw-entries")
            self._table.on("rowClick", self._clicked)
            self._hint = ui.label().classes("gw-soft gw-small")
        await self._look()

    async def _look(self) -> None:
        who = await reader(self._office, self._who)
        if who is None:
            return
        async with self._office.gatewright.store.read() as tx:
            said = await tx.snapshots.latest(who.tenant, self._device.id)
        if said is None:
            self._hint.text = "It has said nothing yet."
            return
        part = (self._below.value or "").strip().casefold()
        all_of_it = SnapshotShape.of(said, self._office.mask, below="", limit=len(said.values))
        fitting = [each for each in all_of_it.parameters if part in each.path.casefold()]
        self._table.rows = [_row(each) for each in fitting[:_MOST]]
        at = f"{said.taken_at:%Y-%m-%d %H:%M:%S} UTC"
        self._hint.text = f"{len(fitting)} of {all_of_it.total}, as said up to {at}."

    async def _clicked(self, event: Any) -> None:  # NiceGUI's, with what the browser sent
        await self._plot(str(event.args[1]["path"]))


def _row(parameter: ParameterShape) -> dict[str, str]:
    writable = {True: "yes", False: "no", None: ""}[parameter.writable]
    value = "••••••••" if parameter.masked else parameter.value or ""
    return {"path": parameter.path, "value": value, "writable": writable}
