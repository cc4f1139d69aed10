"""What is looked at on a device while it is here anyway, and how often each of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Value, template_of
from executors.acs.drops import UPTIME

MEASURED: Final = frozenset(
    {
        "Device.DeviceInfo.MemoryStatus.Free",
        "Device.DeviceInfo.ProcessStatus.CPUUsage",
        "Device.Optical.Interface.{i}.OpticalSignalLevel",
        "Device.XPON.ONU.{i}.ANI.{i}.Transceiver.{i}.RxPower",
        "Device.DSL.Line.{i}.DownstreamNoiseMargin",
        "Device.DSL.Line.{i}.UpstreamNoiseMargin",
        "Device.DOCSIS.DownstreamChannel.{i}.Power",
        "Device.DOCSIS.DownstreamChannel.{i}.SignalQuality.SignalNoise",
        "Device.Cellular.Interface.{i}.RSRP",
        "Device.Cellular.Interface.{i}.RSRQ",
        "Device.WiFi.Radio.{i}.Stats.Noise",
        "Device.WiFi.DataElements.Network.Device.{i}.Radio.{i}.Utilization",
        "Device.WiFi.AccessPoint.{i}.AssociatedDeviceNumberOfEntries",
        "Device.IP.Interface.{i}.Stats.BytesReceived",
        "Device.IP.Interface.{i}.Stats.ErrorsReceived",
    }
)
"""What tells how good a home has it: the line, the air, the box, and how much it is used.

What only a rule looks at is not here: that is read more often than it is drawn.
"""
LINE: Final = frozenset(
    {
        "Device.Optical.Interface.{i}.Status",
        "Device.Optical.Interface.{i}.OpticalSignalLevel",
        "Device.XPON.ONU.{i}.ANI.{i}.Transceiver.{i}.RxPower",
        "Device.DSL.Line.{i}.Status",
        "Device.Cellular.Interface.{i}.Status",
        "Device.Ethernet.Interface.{i}.Status",
        "Device.PPP.Interface.{i}.Status",
    }
)
"""What neighbours are known to be well by, or not (``brain.topology.health``)."""
LINE_EVERY: Final = timedelta(hours=6)
"""What a device said of its line is believed for a day: so a call or two may be missed."""
_MOST: Final = 40
"""Parameters in one look: a line of 32 channels is not read channel by channel."""


class Look(NamedTuple):
    """One parameter, and how often it is looked at."""

    path: ParameterPath
    every: timedelta


Looks = tuple[Look, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """Who wants what how often; zero: never."""

    measures: timedelta = timedelta()
    line: timedelta = timedelta()
    rules: Callable[[str], timedelta | None] | None = None

    @property
    def anything(self) -> bool:
        """Whether anybody wants anything."""
        return bool(self.measures or self.line or self.rules)

    def looks(self, said: Mapping[ParameterPath, Value]) -> Looks:
        """Those of a device that said all this before, what is wanted most often first."""
        found = {path: every for path in said if (every := self._every(path, said))}
        found |= _to_tell_drops(found, said)
        ordered = sorted((Look(path, every) for path, every in found.items()), key=_often)
        return _same(tuple(ordered[:_MOST]))

    def points(self, device: DeviceId, last: datetime | None, now: datetime) -> bool:
        """Whether it is time for numbers to be drawn."""
        return bool(self.measures) and turned(device, self.measures, last, now)

    def _every(self, path: str, said: Mapping[ParameterPath, Value]) -> timedelta | None:
        template = template_of(path)
        wanted = [self.rules(path) if self.rules else None]
        if template in LINE and _is_uplink(path, said):
            wanted.append(self.line)
        if template in MEASURED:
            wanted.append(self.measures)
        return min((each for each in wanted if each), default=None)


def turned(device: DeviceId, every: timedelta, last: datetime | None, now: datetime) -> bool:
    """Whether a period of this length has begun since ``last``. Each device has its own beginnings:
    not all are looked at at once. A device that calls once a period is looked at once a period.
    """
    if last is None:
        return True
    seconds = every.total_seconds()
    ahead = crc32(device.encode()) % seconds
    return (last.timestamp() + ahead) // seconds != (now.timestamp() + ahead) // seconds


def _is_uplink(path: str, said: Mapping[ParameterPath, Value]) -> bool:
    """An Ethernet port is one where it says so; the other lines are."""
    if not path.startswith("Device.Ethernet."):
        return True
    return said.get(ParameterPath(path.removesuffix("Status") + "Upstream")) == "true"


def _to_tell_drops(
    found: Mapping[ParameterPath, timedelta], said: Mapping[ParameterPath, Value]
) -> dict[ParameterPath, timedelta]:
    """Beside each line's state since when it holds, and since when the device is up."""
    since = {
        ParameterPath(path.removesuffix("Status") + "LastChange"): every
        for path, every in found.items()
        if template_of(path) in LINE and path.endswith(".Status")
    }
    beside = {path: every for path, every in since.items() if path in said}
    if beside and UPTIME in said:
        beside[UPTIME] = min(beside.values())
    return beside


def _often(look: Look) -> tuple[timedelta, str]:
    return look.every, look.path


@lru_cache(maxsize=4_096)
def _same(looks: Looks) -> Looks:
    """The first that was equal: devices of one model share one."""
    return looks
