"""What happened to a device, on its page: by time, kind and path."""

from datetime import timedelta
from typing import Any

from nicegui import ui

from api.console.device_part import DevicePart, reader
from api.shapes.devices import EventShape
from brain.domain.history import By, EventKind, Window
from brain.history.timeline import timeline

KINDS = {
    EventKind.VALUE_CHANGE: "parameter changed",
    EventKind.CHANGE_APPLIED: "change applied",
    EventKind.CHANGE_ROLLED_BACK: "change taken back",
    EventKind.CHANGE_FAILED: "change failed",
    EventKind.CHANGE_UNKNOWN: "change, outcome unknown",
    EventKind.FAULT: "fault",
    EventKind.FIRMWARE: "other firmware",
    EventKind.BOOT: "started",
    EventKind.BOOTSTRAP: "reset, or new here",
    EventKind.TRANSFER_COMPLETE: "file transferred",
    EventKind.DIAGNOSTICS: "diagnostics done",
    EventKind.INFORM: "session",
}
BY = {
    By.US: "Gatewright",
    By.CONTROLLER: "another controller",
    By.SUBSCRIBER: "somebody at the box",
    By.RESET: "a reset",
    By.DEVICE: "the device itself",
    By.UNKNOWN: "not known",
}
_SPANS = {1: "last day", 7: "last week", 30: "last month", 365: "last year"}
_MOST = 200
_COLUMNS = [
    {"name": name, "label": label, "field": name, "align": "left"}
    for name, label in (
        ("at", "When (UTC)"),
        ("kind", "What"),
        ("path", "Path"),
        ("value", "Value"),
        ("by", "By"),
        ("detail", "Detail"),
    )
]


class DeviceHistory(DevicePart):
    """The timeline with its filters; a click on an entry of a parameter plots it."""

    async def show(self) -> None:
        """Draw it here."""
        with ui.column().classes("gw-card gap-2"):
            ui.label("What happened").classes("gw-title")
            with ui.row().classes("gw-form w-full gap-3 items-center"):
                self._days = ui.select(_SPANS, value=30, on_change=self._look)
                self._kinds = ui.select(
                    {kind.value: name for kind, name in KINDS.items()},
                    multiple=True,
                    value=[],
                    label="Everything",
                    on_change=self._look,
                )
                self._path = ui.input(
                    placeholder="Device.WiFi. or one parameter", on_change=self._look
                ).props("clearable debounce=300")
                for each in (self._days, self._kinds, self._path):
                    each.props("outlined dense")
            self._table = ui.table(columns=_COLUMNS, rows=[], row_key="number", pagination=15)
            self._table.props("flat dense").classes("w-full gw-entries")
            self._table.on("rowClick", self._clicked)
            self._hint = ui.label().classes("gw-soft gw-small")
        await self._look()

    async def _look(self) -> None:
        who = await reader(self._office, self._who)
        if who is None:
            return
        kinds = frozenset(EventKind(each) for each in self._kinds.value or ())
        window = Window(
            since=self._office.gatewright.clock() - timedelta(days=int(self._days.value or 30)),
            kinds=kinds or None,
            path=(self._path.value or "").strip(),
            limit=_MOST,
        )
        async with self._office.gatewright.store.read() as tx:
            found = await timeline(tx, who.tenant, self._device.id, window)
        shapes = [EventShape.of(each, self._office.mask) for each in found]
        self._table.rows = [_row(number, each) for number, each in enumerate(shapes)]
        self._hint.text = _told(len(shapes))

    async def _clicked(self, event: Any) -> None:  # NiceGUI's, with what the browser sent
        path = str(event.args[1].get("path") or "")
        if path and not path.endswith("."):
            await self._plot(path)


def _row(number: int, entry: EventShape) -> dict[str, object]:
    return {
        "number": number,
        "at": f"{entry.at:%Y-%m-%d %H:%M:%S}",
        "kind": KINDS[EventKind(entry.kind)],
        "path": entry.path,
        "value": "••••••••" if entry.value is None else entry.value,
        "by": BY[By(entry.by)] if entry.by else "",
        "detail": entry.detail,
    }


def _told(count: int) -> str:
    if not count:
        return "Nothing of that happened in this time."
    if count == _MOST:
        return f"The newest {_MOST}; ask for less time, a kind or a path to see further back."
    return "Click an entry of a parameter to plot it."
