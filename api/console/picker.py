"""Finds the device that a conversation is about: by subscriber, serial or model."""

from urllib.parse import quote

from nicegui import ui

from api.console.office import Office
from brain.domain.device import Device
from brain.domain.identity import Principal

_MOST = 40


class DevicePicker:
    """A search field and what fits it."""

    def __init__(self, office: Office, who: Principal, chosen: str) -> None:
        self._office, self._who, self._chosen = office, who, chosen

    async def show(self) -> None:
        """Draw it here."""
        self._search = (
            ui.input(placeholder="Subscriber, serial or model", on_change=self._again)
            .props("outlined dense clearable debounce=250")
            .classes("w-full")
        )
        self._found = ui.column().classes("w-full gap-0")
        await self._again()

    async def _again(self) -> None:
        """List the devices that fit what was typed."""
        tenant = self._who.tenant
        async with self._office.gatewright.store.read() as tx:
            found = await tx.devices.list(tenant, search=self._search.value or "", limit=_MOST)
            people = [
                await tx.subscribers.get(tenant, device.subscriber) if device.subscriber else None
                for device in found
            ]
        self._found.clear()
        with self._found:
            if not found:
                ui.label("No device fits.").classes("gw-soft gw-small")
            for device, person in zip(found, people, strict=True):
                self._entry(device, person.name if person else "")

    def _entry(self, device: Device, name: str) -> None:
        model = device.model or device.product_class
        with ui.column().classes("gw-row gap-0") as row:
            ui.label(name or model).style("font-weight:600")
            ui.label(f"{model} · {device.serial}").classes("gw-mono gw-soft")
        row.on("click", lambda: ui.navigate.to(f"/?device={quote(device.id)}"))
        if device.id == self._chosen:
            row.classes("here")
