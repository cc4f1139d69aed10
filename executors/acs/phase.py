"""When in its interval each device calls: its own moment, so that a fleet does not call at once."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from brain.domain.identity import DeviceId

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


def periodic_inform_time(device: DeviceId, interval: timedelta) -> datetime:
    """The ``ManagementServer.PeriodicInformTime`` of this device (TR-069 3.2.1.2, TR-181), in UTC.

    Informs come at this moment and whole intervals before and after it. It follows from the device
    alone, so that setting it again changes nothing, and is spread evenly over the interval, to the
    second. ValueError for an interval under a second.
    """
    seconds = int(interval.total_seconds())
    if seconds < 1:
        raise ValueError("an interval is at least a second")
    drawn = int.from_bytes(sha256(device.encode()).digest()[:8])
    return _EPOCH + timedelta(seconds=drawn % seconds)
