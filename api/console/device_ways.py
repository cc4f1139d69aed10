"""How a device was asked to call in, on its page, and what came of it."""

from datetime import datetime

from nicegui import ui

from api.console import pieces
from api.console.device_part import DevicePart, reader
from api.shapes.devices import WayShape
from brain.domain.reachability import Way

_NAMES = {
    Way.HTTP: "Connection request (HTTP)",
    Way.UDP: "Through its NAT (UDP)",
    Way.XMPP: "Through the chat server (XMPP)",
}


class DeviceWays(DevicePart):
    """One line a way, the next to be tried first; nothing where none was ever tried."""

    async def show(self) -> None:
        """Draw it here."""
        who = await reader(self._office, self._who)
        if who is None:
            return
        async with self._office.gatewright.store.read() as tx:
            known = await tx.reachabilities.get(who.tenant, self._device.id)
        if ways := WayShape.of(known):
            with ui.column().classes("gw-card gap-2"):
                ui.label("How it is reached").classes("gw-title")
                for each in ways:
                    _line(each)


def _line(shown: WayShape) -> None:
    with ui.row().classes("items-center gap-3 w-full"):
        ui.label(_NAMES[shown.way]).style("min-width: 220px")
        if shown.failures:
            pieces.chip(f"failed {shown.failures} in a row", "warn")
            ui.label(f"{shown.reason}, {_at(shown.failed_at)}").classes("gw-small")
        else:
            pieces.chip("works", "good")
        if shown.worked_at:
            ui.label(f"last worked {_at(shown.worked_at)}").classes("gw-small gw-soft")


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
