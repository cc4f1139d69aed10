"""The page of one device: what it is, what it was over time, what it says."""

from urllib.parse import quote

from nicegui import ui

from api.console import pieces
from api.console.device_history import DeviceHistory
from api.console.device_measures import DeviceMeasures
from api.console.device_parameters import DeviceParameters
from api.console.device_things import DeviceThings
from api.console.device_ways import DeviceWays
from api.console.office import Office
from brain.domain.device import ControllerName, Device
from brain.domain.identity import DeviceId, Principal

_CONTROLLERS = {
    ControllerName.ACS: "TR-069, our own ACS",
    ControllerName.GENIEACS: "TR-069, GenieACS",
    ControllerName.USP: "TR-369, our own controller",
    ControllerName.OKTOPUS: "TR-369, Oktopus",
}


async def device_page(office: Office, who: Principal, device: str) -> None:
    """Draw it, or say that there is none."""
    async with office.gatewright.store.read() as tx:
        known = await tx.devices.get(who.tenant, DeviceId(device))
    if known is None:
        with ui.column().classes("p-6 gap-2"):
            ui.label(f"There is no device {device}.").classes("gw-title")
            ui.link("All devices", "/devices").classes("gw-link")
        return
    await _show(office, who, known)


async def _show(office: Office, who: Principal, device: Device) -> None:
    measures = DeviceMeasures(office, who, device)
    with ui.column().classes("p-4 gap-3 w-full").style("max-width: 1200px"):
        _what_it_is(device)
        await DeviceWays(office, who, device, measures.plot).show()
        await measures.show()
        await DeviceHistory(office, who, device, measures.plot).show()
        await DeviceParameters(office, who, device, measures.plot).show()
        await DeviceThings(office, who, device, measures.plot).show()
    await measures.draw()


def _what_it_is(device: Device) -> None:
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
        ("Managed over", _CONTROLLERS[device.controller]),
        ("Data model", f"{device.root.rstrip('.')} {device.data_model_version}".strip()),
        ("Site", device.site or ""),
        ("Subscriber", device.subscriber or ""),
        ("Access node", device.access_node or ""),
        ("Heard from", seen),
    )
    return [(label, value) for label, value in facts if value]
