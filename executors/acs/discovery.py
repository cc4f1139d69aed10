"""Reads the whole data model of a device once: its names, what is writable, and every value."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import structlog

from brain.domain.device import DataModelRoot, Device
from brain.domain.errors import GatewrightError
from brain.domain.history import Difference
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs.dialects import Dialects
from executors.acs.facts import inform_every
from executors.acs.feeding import Feed, told
from executors.acs.reader import Ask, Reading
from executors.recorder import Said, record

_log = structlog.get_logger(__name__)

_PATIENCE = 1.0
"""Seconds for what is under way to end by itself, when all is closed."""

_MODEL = ParameterPath("Device.DeviceInfo.ModelName")
_VERSION = ParameterPath("Device.RootDataModelVersion")
_LONGEST_LINE = 10_000


@dataclass(slots=True, kw_only=True)
class Discovery:
    """Runs beside the sessions, a few at a time; the others wait for their turn and are woken."""

    store: Store
    clock: Clock
    dialects: Dialects
    ask_of: Callable[[DeviceId], Ask]
    batch: int
    at_once: int
    feed: Feed
    _running: dict[DeviceId, asyncio.Task[None]] = field(default_factory=dict)
    _waiting: dict[DeviceId, Device] = field(default_factory=dict)

    def begin(self, device: Device) -> bool:
        """Start it, or put it in line; whether it was started.

        One that is under way is not started twice. When the line is full the device is left for
        its next Inform.
        """
        if device.id in self._running or not self.at_once:
            return False
        if len(self._running) >= self.at_once:
            if len(self._waiting) < _LONGEST_LINE:
                self._waiting[device.id] = device
            return False
        self._start(device)
        return True

    def _start(self, device: Device) -> None:
        self._waiting.pop(device.id, None)
        task = asyncio.create_task(self._run(device), name=f"discover {device.id}")
        self._running[device.id] = task
        task.add_done_callback(lambda _: self._ended(device.id))

    def _ended(self, device: DeviceId) -> None:
        self._running.pop(device, None)
        if self._waiting:
            self._start(next(iter(self._waiting.values())))

    async def close(self) -> None:
        """Stop them all; they begin anew at the next Inform."""
        self._waiting.clear()
        tasks = [*self._running.values()]
        if tasks:  # a transaction that is cut off leaves its connection hanging
            await asyncio.wait(tasks, timeout=_PATIENCE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Wait for those under way and in line."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            await asyncio.sleep(0)  # let the next in line begin

    async def _run(self, device: Device) -> None:
        try:
            await self.discover(device)
        except GatewrightError as error:
            # Nothing was kept, so the next Inform begins it anew.
            _log.info("discovery_failed", device=device.id, reason=str(error))

    async def discover(self, device: Device) -> None:
        """Read and keep all of it. DeviceUnreachable or ControllerRefused when it cannot be."""
        reading = Reading(self.ask_of(device.id), batch=self.batch, lenient=True)
        listed = await reading.names(device.root)
        leaves = [name for name in listed if not name.endswith(".")]
        said = await reading.values(leaves or [device.root])  # some devices list nothing at all
        names = listed or {each.name: False for each in said}
        if device.root is DataModelRoot.INTERNET_GATEWAY_DEVICE:
            self.dialects.learn(device, said)
        dialect = await self.dialects.of(device)
        snapshot = Snapshot(
            device=device.id,
            taken_at=self.clock(),
            values=dialect.heard(said),
            writable=dialect.writable(listed),
        )
        await self._keep(device, names, snapshot)
        _log.info("discovered", device=device.id, names=len(names), values=len(snapshot.values))

    async def _keep(self, device: Device, names: dict[str, bool], snapshot: Snapshot) -> None:
        async with self.store.begin() as tx:
            first = await tx.models.firmware(device.tenant, device.id) is None
            await tx.models.put(device.tenant, device.id, device.firmware, names)
            found = await tx.snapshots.merge(device.tenant, snapshot, whole=[DataModelRoot.DEVICE])
            before = await tx.forgotten.take(device.tenant, device.id)
            if first or before is not None:  # nobody had looked at all of it
                found = [_of_first_look(each) for each in found]
            reset = None if before is None else (before, snapshot)
            await record(tx, Said(device=device, found=found, at=snapshot.taken_at, reset=reset))
            since = () if reset else found
            await self.feed.give(tx, told(device, snapshot, since), snapshot.taken_at)
            await tx.devices.touch(
                device.id,
                at=snapshot.taken_at,
                model=snapshot.get(_MODEL) or None,
                data_model_version=snapshot.get(_VERSION) or None,
                inform_every=inform_every(snapshot),
            )


def _of_first_look(found: Difference) -> Difference:
    """What is said for the first time may have been there all along."""
    return replace(found, since=None) if found.before is None else found
