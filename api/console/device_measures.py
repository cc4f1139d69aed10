"""What a device's numbers were over time, on its page: many small lines, and one large."""

from collections.abc import Sequence
from datetime import timedelta

from nicegui import ui

from api.console import drawing
from api.console.device_part import reader
from api.console.office import Office
from api.curves import Curve, curve, short_name, telling
from api.shapes.history import MeasuresShape, SeriesShape
from brain.domain.device import Device
from brain.domain.identity import Principal
from brain.history.series import Span, measured, series

_SPANS = {1: "a day", 7: "a week", 30: "a month", 365: "a year"}
_AT_FIRST = 12
"""Lines that are drawn unasked: a box tells over a hundred numbers, most of which stand still."""


class DeviceMeasures:
    """The time that is looked at, the lines within it, and the one that somebody chose."""

    def __init__(self, office: Office, who: Principal, device: Device) -> None:
        self._office, self._who, self._device = office, who, device
        self._days, self._plotted = 7, ""
        self._rest: Sequence[Curve] = ()

    async def show(self) -> None:
        """Draw the frame of it here; ``draw`` fills it."""
        with ui.column().classes("gw-card gap-2"):
            with ui.row().classes("items-center gap-3 w-full"):
                ui.label("Over time").classes("gw-title")
                ui.space()
                spans = ui.select(_SPANS, value=self._days, on_change=self._other_span)
                spans.props("outlined dense").style("min-width: 120px")
            self._plot_place = ui.column().classes("w-full gap-1")
            self._sparks = ui.element("div").classes("gw-sparks")
            self._more = ui.button(on_click=self._draw_rest).props(
                "flat dense no-caps color=teal-9"
            )
            self._more.set_visibility(False)

    async def draw(self) -> None:
        """The small lines."""
        curves = telling(await self._read())
        self._rest = curves[_AT_FIRST:]
        self._sparks.clear()
        with self._sparks:
            if not curves:
                ui.label("No number of it was looked at in this time.").classes("gw-soft gw-small")
            for each in curves[:_AT_FIRST]:
                self._spark(each)
        self._more.set_visibility(bool(self._rest))
        self._more.set_text(f"Show {len(self._rest)} more")

    async def plot(self, path: str) -> None:
        """Draw one parameter large."""
        self._plotted = path
        found = await self._read(path)
        self._plot_place.clear()
        with self._plot_place:
            if not found:
                ui.label(f"Of {path} nothing is known in this time.").classes("gw-soft gw-small")
                return
            ui.label(path).classes("gw-mono")
            drawing.plot(curve(found[0]))

    def _draw_rest(self) -> None:
        self._more.set_visibility(False)
        with self._sparks:
            for each in self._rest:
                self._spark(each)

    async def _other_span(self, event: object) -> None:
        self._days = int(getattr(event, "value", self._days))
        await self.draw()
        if self._plotted:
            await self.plot(self._plotted)

    def _spark(self, drawn: Curve) -> None:
        with ui.column().classes("gw-row gap-0") as card:
            ui.label(short_name(drawn.path)).classes("gw-small").style("font-weight:600")
            ui.label(f"{drawn.last} {drawn.unit}").classes("gw-small gw-soft")
            drawing.sparkline(drawn)
        card.tooltip(drawn.path).on("click", lambda: self.plot(drawn.path))

    async def _read(self, path: str = "") -> list[SeriesShape]:
        """One parameter, or every measure."""
        who = await reader(self._office, self._who)
        if who is None:
            return []
        now = self._office.gatewright.clock()
        span = Span(since=now - timedelta(days=self._days), until=now)
        async with self._office.gatewright.store.read() as tx:
            if path:
                found = await series(tx, who.tenant, self._device.id, [path], span)
            else:
                found = await measured(tx, who.tenant, self._device.id, span)
        return MeasuresShape.shown(found, self._office.mask)
