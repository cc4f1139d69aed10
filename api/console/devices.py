"""The devices of the tenant: searched for in the whole fleet, shown a page at a time."""

from urllib.parse import quote

from nicegui import ui

from api.actions import Action
from api.console.asking import attempt
from api.console.office import Office
from api.console.strangers import strangers_line
from brain.domain.device import Device
from brain.domain.identity import Principal

_MOST = 500
_COLUMNS = [
    {"name": name, "label": label, "field": name, "align": "left", "sortable": True}
    for name, label in (
        ("id", "Device"),
        ("model", "Model"),
        ("firmware", "Firmware"),
        ("root", "Data model"),
        ("node", "Access node"),
        ("seen", "Heard from (UTC)"),
    )
]


class DevicesPage:
    """A table with when each was heard from, and a field that narrows it."""

    def __init__(self, office: Office, who: Principal) -> None:
        self._office, self._who = office, who

    async def show(self) -> None:
        """Draw the page."""
        with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1200px"):
            with ui.row().classes("items-center gap-3 w-full"):
                self._count = ui.label().classes("gw-title")
                ui.space()
                self._search = ui.input(
                    placeholder="Part of an id, serial, model, firmware or subscriber",
                    on_change=lambda: attempt(self._look),
                )
                self._search.props("outlined dense clearable debounce=300")
                self._search.style("min-width: 380px")
            await strangers_line(self._office, self._who.tenant)
            self._table = ui.table(columns=_COLUMNS, rows=[], row_key="id", pagination=25)
            self._table.props("flat bordered dense").classes("w-full")
            self._table.on("rowClick", lambda event: ui.navigate.to(_page_of(event.args[1]["id"])))
        await self._look()

    async def _look(self) -> None:
        who = await self._office.still(self._who, Action.READ)
        search = self._search.value or ""
        async with self._office.gatewright.store.read() as tx:
            found = await tx.devices.list(who.tenant, search=search, limit=_MOST + 1)
        self._count.set_text(_counted(len(found)))
        self._table.rows = [_row(each) for each in found[:_MOST]]


def _counted(number: int) -> str:
    if number > _MOST:
        return f"The first {_MOST} devices: search for others"
    return "1 device" if number == 1 else f"{number} devices"


def _row(device: Device) -> dict[str, str]:
    return {
        "id": device.id,
        "model": device.model or device.product_class,
        "firmware": device.firmware,
        "root": device.root.rstrip("."),
        "node": device.access_node or "",
        "seen": f"{device.last_seen:%Y-%m-%d %H:%M:%S}" if device.last_seen else "never",
    }


def _page_of(device: str) -> str:
    return f"/devices/{quote(device, safe='')}"
