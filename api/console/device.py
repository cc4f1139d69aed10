"""The page of one device: what it is, what it was over time, what it says."""

from datetime import timedelta
from urllib.parse import quote

from nicegui import ui

from api.actions import Action
from api.console import drawing, pieces
from api.console.device_history import DeviceHistory
from api.console.device_parameters import DeviceParameters
from api.console.device_things import DeviceThings
from api.console.office import Office
from api.curves import Curve, curve, short_name
from api.shapes.history import MeasuresShape, SeriesShape
from brain.domain.device import Device
from brain.domain.errors import GatewrightError
from brain.domain.identity import DeviceId, Principal
from brain.history.series import Span, measured, series

_SPANS = {1: "a day", 7: "a week", 30: "a month", 365: "a year"}


async def device_page(office: Office, who: Principal, device: str) -> None:
    """Draw it, or say that there is none."""
    async with office.gatewright.store.read() as tx:
        known = await tx.devices.get(who.tenant, DeviceId(device))
    if known is None:
        with ui.column().classes("p-6 gap-2"):
            ui.label(f"There is no device {device}.").classes("gw-title")
            ui.link("All devices", "/devices").classes("gw-link")
        return
    await DevicePage(office, who, known).show()


class DevicePage:
    """What several parts of the page share: the time that is looked at, and the plot."""

    def __init__(self, office: Office, who: Principal, device: Device) -> None:
        self._office, self._who, self._device = office, who, device
        self._days, self._plotted = 7, ""

    async def show(self) -> None:
        """Draw all of it."""
        history = DeviceHistory(self._office, self._who, self._device, self.plot)
        with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1200px"):
            self._what_it_is()
            with ui.column().classes("gw-card gap-2"):
                with ui.row().classes("items-center gap-3 w-full"):
                    ui.label("Over time").classes("gw-title")
                    ui.space()
                    spans = ui.select(_SPANS, value=self._days, on_change=self._other_span)
                    spans.props("outlined dense").style("min-width: 120px")
                self._plot_place = ui.column().classes("w-full gap-1")
                self._sparks = ui.element("div").classes("gw-sparks")
            await history.show()
            await DeviceParameters(self._office, self._who, self._device, self.plot).show()
            await DeviceThings(self._office, self._who, self._device, self.plot).show()
        await self._draw_sparks()

    async def plot(self, path: str) -> None:
        """Draw one parameter large."""
        self._plotted = path
        found = await self._read(path)
        self._plot_place.clear()
        with self._plot_place:
            if not found:
                ui.label(f"Of {path} nothing is known in this time.").classes("gw-soft gw-small")
                return
            drawn = curve(found[0])
            ui.label(path).classes("gw-mono")
            drawing.plot(drawn)

    async def _other_span(self, event: object) -> None:
        self._days = int(getattr(event, "value", self._days))
        await self._draw_sparks()
        if self._plotted:
            await self.plot(self._plotted)

    async def _draw_sparks(self) -> None:
        found = await self._read()
        self._sparks.clear()
        with self._sparks:
            if not found:
                ui.label("No number of it was looked at in this time.").classes("gw-soft gw-small")
            for each in found:
                self._spark(curve(each))

    def _spark(self, drawn: Curve) -> None:
        with ui.column().classes("gw-row gap-0") as card:
            ui.label(short_name(drawn.path)).classes("gw-small").style("font-weight:600")
            ui.label(f"{drawn.last} {drawn.unit}").classes("gw-small gw-soft")
            drawing.sparkline(drawn)
        card.tooltip(drawn.path).on("click", lambda: self.plot(drawn.path))

    async def _read(self, path: str = "") -> list[SeriesShape]:
        """One parameter, or every measure."""
        try:
            who = await self._office.still(self._who, Action.READ)
        except GatewrightError as refused:
            ui.notify(str(refused), type="negative")
            return []
        now = self._office.gatewright.clock()
        span = Span(since=now - timedelta(days=self._days), until=now)
        async with self._office.gatewright.store.read() as tx:
            if path:
                found = await series(tx, who.tenant, self._device.id, [path], span)
            else:
                found = await measured(tx, who.tenant, self._device.id, span)
        return MeasuresShape.shown(found, self._office.mask)

    def _what_it_is(self) -> None:
        device = self._device
        with ui.column().classes("gw-card gap-2"):
            with ui.row().classes("items-center gap-2 w-full"):
                name = device.model or device.product_class
                ui.label(f"{device.manufacturer} {name}".strip()).classes("gw-title")
                if device.firmware:
                    pieces.chip(f"firmware {device.firmware}", "brand")
                ui.space()
                ui.link("Open in the chat", f"/?device={quote(device.id)}").classes("gw-link")
            with ui.element("div").classes("gw-facts"):
                for label, value in _facts(device):
                    with ui.column().classes("gap-0"):
                        ui.label(label).classes("gw-head")
                        ui.label(value).classes("gw-mono")


def _facts(device: Device) -> list[tuple[str, str]]:
    seen = f"{device.last_seen:%Y-%m-%d %H:%M:%S} UTC" if device.last_seen else "never"
    facts = (
        ("Device", device.id),
        ("Serial", device.serial),
        ("Hardware", device.hardware),
        ("Data model", f"{device.root.rstrip('.')} {device.data_model_version}".strip()),
        ("Site", device.site or ""),
        ("Subscriber", device.subscriber or ""),
        ("Access node", device.access_node or ""),
        ("Heard from", seen),
    )
    return [(label, value) for label, value in facts if value]
