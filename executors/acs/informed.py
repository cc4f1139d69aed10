"""What Informs change in the store: devices, the ways to call them, their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from brain.domain.credentials import ConnectionRequest, DeviceCredentials
from brain.domain.device import DataModelRoot, Device
from brain.domain.history import Difference
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Snapshot, Value
from brain.store.transaction import Transaction
from executors.acs.heard_inform import Heard
from executors.recorder import Said, record

_LONGEST_URL = 1024
_NO_WAY = ConnectionRequest(url="", username="", password="")


@dataclass(slots=True)
class _Together:
    """What Informs of one device brought that came at once."""

    device: Device
    values: dict[ParameterPath, Value] = field(default_factory=dict)
    announced: bool = False

    def said(self, found: Sequence[Difference], now: datetime) -> Said:
        return Said(device=self.device, found=found, at=now, announced=self.announced)


async def keep_devices(
    tx: Transaction, newest: Sequence[Device], known: Mapping[DeviceId, Device], now: datetime
) -> None:
    """Most Informs say of their device only that it is there: those take one statement."""
    news = [device for device in newest if device is not known.get(device.id)]
    await tx.devices.put(*news)
    await tx.devices.heard({each.id for each in newest} - {each.id for each in news}, now)


async def keep_ways(
    tx: Transaction,
    newest: Sequence[tuple[Device, Heard]],
    proven: Mapping[DeviceId, DeviceCredentials],
) -> None:
    """The newest Inform says where to call; what we say there stays, until other is proven."""
    kept = await tx.controllers.get_all([device.id for device, _ in newest])
    changed = []
    for device, heard in newest:
        before = kept.get(device.id, _NO_WAY)
        url = heard.facts.connection_request_url
        is_news = url != before.url and 0 < len(url) <= _LONGEST_URL
        way = replace(before, url=url) if is_news else before
        found = proven.get(device.id)
        if found is not None and found.current is not None:
            way = replace(way, username=found.username, password=found.current.wake)
        if way != before:
            changed.append((device, way))
    await tx.controllers.put_all(changed)


async def keep_values(
    tx: Transaction, pairs: Sequence[tuple[Device, Heard]], now: datetime
) -> Mapping[DeviceId, Sequence[Difference]]:
    """Gives what differs from what each device said before."""
    together: dict[DeviceId, _Together] = {}
    for device, heard in pairs:
        if heard.reset:
            await tx.reachabilities.forget(device.tenant, device.id)
            together.pop(device.id, None)
            await _forget(tx, device, Snapshot(device=device.id, taken_at=now, values=heard.values))
        elif heard.values:
            so_far = together.setdefault(device.id, _Together(device))
            so_far.values |= heard.values
            so_far.announced |= heard.inform.has("4 VALUE CHANGE")
    snapshots = [
        (each.device.tenant, Snapshot(device=each.device.id, taken_at=now, values=each.values))
        for each in together.values()
    ]
    merged = await tx.snapshots.merge_informs(snapshots, held=True)
    await record(tx, *(together[id].said(found, now) for id, found in merged.items()))
    return merged


async def _forget(tx: Transaction, device: Device, snapshot: Snapshot) -> None:
    """TR-069 3.7.1.5: at BOOTSTRAP nothing known of the device holds any longer.

    It is held against what the device says next, and a device that comes twice before it was read
    was reset once.
    """
    await tx.deadly_requests.forget(device.tenant, device.id)
    before = await tx.snapshots.latest(device.tenant, device.id)
    listed = await tx.models.firmware(device.tenant, device.id)
    await tx.snapshots.merge(device.tenant, snapshot, whole=[DataModelRoot.DEVICE])
    kept = await tx.forgotten.take(device.tenant, device.id) or (before if listed else None)
    if kept is not None:
        await tx.forgotten.put(device.tenant, kept)
