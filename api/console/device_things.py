"""What else speaks in the home of a gateway, on its page. Only looked at."""

from nicegui import ui

from api.console.device_part import DevicePart, reader
from brain.domain.thing import Thing

_COLUMNS = [
    {"name": name, "label": label, "field": name, "align": "left", "sortable": True}
    for name, label in (
        ("name", "Name"),
        ("kind", "Kind"),
        ("bridge", "Through"),
        ("model", "Model"),
        ("heard", "Heard"),
    )
]


class DeviceThings(DevicePart):
    """A table; nothing where nothing else speaks."""

    async def show(self) -> None:
        """Draw it here."""
        who = await reader(self._office, self._who)
        if who is None:
            return
        async with self._office.gatewright.store.read() as tx:
            household = await tx.households.get(who.tenant, self._device.id)
        if household is None or not household.things:
            return
        with ui.column().classes("gw-card gap-2"):
            ui.label("In this home").classes("gw-title")
            rows = [{"key": n, **_row(each)} for n, each in enumerate(household.things)]
            table = ui.table(columns=_COLUMNS, rows=rows, row_key="key", pagination=15)
            table.props("flat dense").classes("w-full gw-entries")


def _row(thing: Thing) -> dict[str, str]:
    heard = f"{thing.heard_at:%Y-%m-%d %H:%M} UTC" if thing.heard_at else ""
    return {
        "name": thing.name,
        "kind": thing.kind.value.replace("_", " "),
        "bridge": thing.bridge,
        "model": f"{thing.maker} {thing.model}".strip(),
        "heard": heard,
    }
