"""Looks at a device's numbers now and then, while it is here anyway, so that there is something to
plot: what nobody reads, nobody knows."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from brain.domain.device import Device
from brain.domain.errors import GatewrightError
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Snapshot, template_of
from brain.domain.ports import Clock
from brain.store.store import Store

_log = structlog.get_logger(__name__)

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
"""What tells how good a home has it: the line, the air, the box, and how much it is used."""
PARTS: Final = tuple(sorted({".".join(path.split(".")[:2]) + "." for path in MEASURED}))
_MOST: Final = 40
"""Parameters in one look: a line of 32 channels is not read channel by channel."""

Read = Callable[[Device, Sequence[ParameterPath]], Awaitable[Snapshot]]


def to_measure(known: Iterable[ParameterPath]) -> list[ParameterPath]:
    """What to look at on a device that has said all this before."""
    return sorted(path for path in known if template_of(path) in MEASURED)[:_MOST]


@dataclass(slots=True, kw_only=True)
class Sampling:
    """Runs beside the sessions, a few at a time; whoever finds no place is looked at next time."""

    store: Store
    clock: Clock
    read: Read
    every: timedelta
    """Zero: never."""
    at_once: int = 8
    _last: dict[DeviceId, datetime] = field(default_factory=dict)
    _running: dict[DeviceId, asyncio.Task[None]] = field(default_factory=dict)

    def begin(self, device: Device) -> None:
        """Look at it, if the last look was long enough ago."""
        now = self.clock()
        self._forget(now)
        if not self.every or device.id in self._last:
            return
        if device.id in self._running or len(self._running) >= self.at_once:
            return
        self._last[device.id] = now
        task = asyncio.create_task(self._look(device), name=f"sampling {device.id}")
        self._running[device.id] = task
        task.add_done_callback(lambda _: self._running.pop(device.id, None))

    async def settled(self) -> None:
        """Wait for those under way."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def close(self) -> None:
        """Stop them all."""
        for task in self._running.values():
            task.cancel()
        await self.settled()

    def _forget(self, now: datetime) -> None:
        """Those whose look was long enough ago; the oldest stand first."""
        while self._last:
            oldest = next(iter(self._last))
            if now - self._last[oldest] < self.every:
                return
            del self._last[oldest]

    async def _look(self, device: Device) -> None:
        try:
            async with self.store.read() as tx:
                said = await tx.snapshots.latest(device.tenant, device.id, below=PARTS)
            paths = to_measure(said.values if said else ())
            if paths:
                await self.read(device, paths)
        except GatewrightError as error:
            self._last.pop(device.id, None)
            _log.info("sampling_failed", device=device.id, reason=str(error))
