"""Which dialect each device speaks.

To translate TR-098 one has to know the device's own values, since instances are told apart by
them. They are read from the device when this process does not have them, and kept per firmware.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable

from brain.domain.device import DataModelRoot, Device
from brain.domain.identity import DeviceId
from executors.acs import messages as m
from executors.acs.dialect import Dialect, Tr098, Tr181, writes_numbers
from executors.acs.reader import Ask, Reading

_KEPT = 2_000


class Dialects:
    """The dialects of devices, those of TR-098 remembered for a while."""

    def __init__(self, ask_of: Callable[[DeviceId], Ask], *, batch: int) -> None:
        self._ask_of = ask_of
        self._batch = batch
        self._tr181, self._numeric = Tr181(), Tr181(numeric=True)
        self._numbering: OrderedDict[DeviceId, None] = OrderedDict()
        """Those that write booleans as numbers."""
        self._old: OrderedDict[DeviceId, tuple[str, Tr098]] = OrderedDict()

    def learn(self, device: Device, said: Iterable[m.ParameterValue]) -> None:
        """What the device said of itself, all of it, under the firmware it has."""
        self._old[device.id] = (device.firmware, Tr098(said))
        self._old.move_to_end(device.id)
        while len(self._old) > _KEPT:
            self._old.popitem(last=False)

    def notice(self, device: DeviceId, said: Iterable[m.ParameterValue]) -> None:
        """How it spells what it says: it is answered in kind."""
        numbers = writes_numbers(said)
        if numbers is None:
            return
        self._numbering.pop(device, None)
        if numbers:
            self._numbering[device] = None
        while len(self._numbering) > _KEPT:
            self._numbering.popitem(last=False)

    async def of(self, device: Device, ask: Ask | None = None) -> Dialect:
        """How this device speaks. DeviceUnreachable when it had to be asked and did not come.

        ``ask`` is how to ask it; else it is woken.
        """
        if device.root is DataModelRoot.DEVICE:
            return self._numeric if device.id in self._numbering else self._tr181
        kept = self._old.get(device.id)
        if kept is None or kept[0] != device.firmware:
            reading = Reading(ask or self._ask_of(device.id), batch=self._batch, lenient=True)
            said = await reading.values([device.root])
            self.learn(device, said)
            kept = self._old[device.id]
        return kept[1]
