"""What the parts of a device's page have in common."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.actions import Action
from api.console.office import Office
from brain.domain.device import Device
from brain.domain.errors import GatewrightError
from brain.domain.identity import Principal


async def reader(office: Office, who: Principal) -> Principal | None:
    """Whoever opened the page, while they may read it still; else None, and they are told why."""
    try:
        return await office.still(who, Action.READ)
    except GatewrightError as refused:
        ui.notify(str(refused), type="negative")
        return None


class DevicePart:
    """A part that somebody looks at; ``plot`` shows a parameter of the device as a line."""

    def __init__(
        self,
        office: Office,
        who: Principal,
        device: Device,
        plot: Callable[[str], Awaitable[None]],
    ) -> None:
        self._office, self._who, self._device, self._plot = office, who, device, plot
