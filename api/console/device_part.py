"""What the parts of a device's page have in common."""

from collections.abc import Awaitable, Callable

from api.console.office import Office
from brain.domain.device import Device
from brain.domain.identity import Principal


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
