"""Puts what arrives before the admission control: whom it comes from and how urgent it is."""

from collections.abc import Callable
from dataclasses import dataclass

from brain.domain.identity import DeviceId
from executors.acs import messages as m
from executors.acs.admission import AdmissionControl, Urgency
from executors.acs.glimpse import glimpse, urgency_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """An answer is None, or the seconds that the device is to come back after."""

    control: AdmissionControl
    awaited: Callable[[DeviceId], bool]
    """Whether a person or an execution waits for this device."""

    def unheard(self) -> int:
        """For a connection that there is no room for: always the seconds."""
        return self.control.wait_unheard()

    def seen(self, body: bytes) -> int | None:
        """For the body of one who has not authenticated, whoever that is.

        Where there is no room it would have to authenticate only to hear that.
        """
        found = glimpse(body)
        if found is None:
            return None
        device, urgency = found
        return self.control.ask(device, self._urgency(device, urgency), known=False)

    def heard(self, inform: m.Inform) -> int | None:
        """For an Inform that came with the right password."""
        device = inform.device.id
        codes = {event.number.encode() for event in inform.events}
        return self.control.ask(device, self._urgency(device, urgency_of(codes)), known=True)

    def done(self, inform: m.Inform) -> None:
        """The Inform was answered, or cannot be."""
        self.control.done(inform.device.id)

    def _urgency(self, device: DeviceId, urgency: Urgency) -> Urgency:
        return Urgency.AWAITED if self.awaited(device) else urgency
