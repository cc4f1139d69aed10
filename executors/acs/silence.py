"""A device that comes after a silence: of all sessions on the timer, these are news."""

from datetime import datetime, timedelta
from typing import Final

from brain.domain.device import Device
from brain.domain.history import Event, EventKind
from executors.acs.facts import entry

_SHORTEST: Final = timedelta(hours=1)
"""Anything shorter is a box that was moved to another socket."""
_UNKNOWN: Final = timedelta(hours=26)
"""For a device of which nobody knows how often it calls; most call once a day at least."""
_LONGEST: Final = 86_400
_MISSED: Final = 3
"""So many calls on the timer in a row."""


def is_silence(device: Device, lasted: timedelta) -> bool:
    """Whether it is longer than the device usually says nothing."""
    every = device.inform_every
    usual = timedelta(seconds=min(every, _LONGEST)) * _MISSED if every else _UNKNOWN
    return lasted > max(usual, _SHORTEST)


def after_silence(device: Device, at: datetime, silence: timedelta) -> Event:
    """The entry of its return; the value is how many seconds it said nothing."""
    hours = silence / timedelta(hours=1)
    return entry(
        device,
        EventKind.INFORM,
        at,
        value=str(int(silence.total_seconds())),
        detail=f"after {hours:.0f} h of silence",
    )
