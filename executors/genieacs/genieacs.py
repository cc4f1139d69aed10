"""The executor for devices behind an operator's own GenieACS.

    genie = GenieAcs(store=..., permits=..., clock=..., nbi=Nbi(options), options=options)

GenieACS answers for its memory and not for devices, so each write is: the device locked on our
side, read afresh, refused where GenieACS would skip it in silence, sent once with a key and an
expiry, its fault read and taken away, read back, and held against the presets. What waits there
is withdrawn before anything else is said.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from brain.datamodel.firmware import fetches_firmware
from brain.datamodel.managing import TAGS
from brain.domain.change import Command, Plan
from brain.domain.controller import GENIEACS, Capabilities
from brain.domain.device import DataModelRoot, Device
from brain.domain.errors import ControllerRefused, DeviceUnreachable
from brain.domain.identity import DeviceId
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.domain.ports import Clock, PermitCheck
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.dialect import Dialect, Tr098, Tr181
from executors.acs.feeding import Feed
from executors.acs.keeping import Keeping
from executors.genieacs.documents import Remembered, parameters
from executors.genieacs.fetching import Fetching
from executors.genieacs.names import genie_id
from executors.genieacs.nbi import Document, Nbi
from executors.genieacs.options import GenieOptions
from executors.genieacs.reading import FreshReading, Sleep
from executors.genieacs.tagging import Tagging, asks_for_tags, is_tagging, without_tags
from executors.genieacs.tasks import End, Errands
from executors.genieacs.writing import Writing

_TR181 = Tr181()
_KEPT = 2_000
_MAKER = DataModelRoot.INTERNET_GATEWAY_DEVICE + "DeviceInfo.Manufacturer"


@dataclass(kw_only=True)
class GenieAcs:
    """An ``Executor``. The caller closes the ``nbi``."""

    store: Store
    permits: PermitCheck
    clock: Clock
    nbi: Nbi
    options: GenieOptions
    feed: Feed = field(default_factory=Feed)
    """What the rules that open incidents are handed of what is read."""
    sleep: Sleep = asyncio.sleep
    capabilities: Capabilities = GENIEACS
    _explored: dict[DeviceId, str] = field(default_factory=dict)
    """The firmware under which GenieACS was made to read all of a TR-098 device."""
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def __post_init__(self) -> None:
        """Make what reads and what sends."""
        settle = self.options.settle.total_seconds()
        self._reading = FreshReading(nbi=self.nbi, settle=settle, sleep=self.sleep)
        self._keeping = Keeping(store=self.store, feed=self.feed)
        self._errands = Errands(nbi=self.nbi, sleep=self.sleep)

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """As ``brain.domain.ports.Reader``; what was said is kept in the store too.

        Raises ControllerRefused when the device was there and something was not read from it.
        """
        name, asked = genie_id(device), without_tags(paths)
        async with self._locked(name):
            dialect = await self._dialect(device, name)
            wanted = dialect.native(asked)
            tags = await self._tagging(name).read() if asks_for_tags(paths) else None
            ours = {} if tags is None else {TAGS: tags}
            if not wanted:
                return Snapshot(device=device.id, taken_at=self.clock(), values=ours)
            fresh = await self._reading.read(name, wanted)
        values = [_value(path, each) for path, each in fresh.said.items()]
        whole = dialect.whole(asked, wanted)
        heard = {**dialect.heard(values, asked=wanted), **ours}
        snapshot = Snapshot(device=device.id, taken_at=self.clock(), values=heard)
        await self._keeping.keep(device, snapshot, whole=whole)
        return snapshot

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """As ``brain.domain.ports.Executor``. The permit is spent before anything is asked.

        While a device fetches firmware it may be read.
        """
        await self.permits.spend(permit, device, plan)
        name = genie_id(device)

        async def send(task: Document) -> End:
            await self.permits.still(permit)
            left = (permit.expires_at - self.clock()).total_seconds()
            if left <= 0:
                raise DeviceUnreachable("the permit ran out before it was sent")
            return await self._errands.send(name, task, key=permit.change, expiry=left)

        if is_tagging(plan):
            await self.permits.still(permit)
            async with self._locked(name):
                return await self._tagging(name).carry_out(plan)
        change = plan.changes[0]
        if isinstance(change, Command) and fetches_firmware(change.path):
            fetching = Fetching(
                nbi=self.nbi,
                errands=self._errands,
                clock=self.clock,
                options=self.options,
                sleep=self.sleep,
            )
            async with self._locked(name):
                end = await fetching.begin(device, name, change, send)
            return end if isinstance(end, Outcome) else await fetching.end(name, end)
        async with self._locked(name):
            writing = Writing(
                dialect=await self._dialect_to_write(device, name),
                clock=self.clock,
                read=lambda names: self._reading.read(name, names),
                send=send,
                settle=lambda: self.sleep(self.options.settle.total_seconds()),
                presets=lambda: self.nbi.list("presets", {}),
                wrote=lambda names: self._reading.wrote(name, names),
            )
            return await writing.carry_out(plan)

    def _tagging(self, name: str) -> Tagging:
        return Tagging(nbi=self.nbi, clock=self.clock, name=name)

    def _locked(self, name: str) -> asyncio.Lock:
        """One of us at a time: two tasks of ours could otherwise be read in each other's light."""
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        return lock

    async def _dialect_to_write(self, device: Device, name: str) -> Dialect:
        try:
            return await self._dialect(device, name)
        except ControllerRefused as error:
            raise DeviceUnreachable(f"it was not written, since {error.message}") from None

    async def _dialect(self, device: Device, name: str) -> Dialect:
        """How it speaks. One that speaks TR-098 is read whole first, once per firmware.

        What GenieACS remembers may be no more than an Inform, and values tell instances apart.
        """
        if device.root is DataModelRoot.DEVICE:
            return _TR181
        root = DataModelRoot.INTERNET_GATEWAY_DEVICE
        if self._explored.get(device.id) != device.firmware:
            fresh = await self._reading.read(name, [root])
            if _MAKER not in fresh.said:  # each session renews what is in an Inform, and no more
                raise ControllerRefused("GenieACS did not read all of the device", paths=(_MAKER,))
            self._explored[device.id] = device.firmware
            while len(self._explored) > _KEPT:
                del self._explored[next(iter(self._explored))]
        document = await self.nbi.device(name, [root.rstrip(".")])
        return Tr098([_value(path, each) for path, each in parameters(document).items()])


def _value(path: str, each: Remembered) -> m.ParameterValue:
    return m.ParameterValue(path, each.value or "", each.type)
