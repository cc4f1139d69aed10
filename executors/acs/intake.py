"""Keeps what an Inform says: the device, how to reach it, its values and its timeline.

The device is answered after it is stored: with the answer it takes its events as delivered
(TR-069 3.7.1.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from brain.datamodel.catalogue import catalogue
from brain.domain.device import DataModelRoot, Device, device_id
from brain.domain.errors import Forbidden
from brain.domain.history import Event
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot, Value
from brain.domain.ports import Clock
from brain.store.store import Store
from brain.store.transaction import Transaction
from executors.acs import messages as m
from executors.acs.dialect import Dialect, Tr098, Tr181
from executors.acs.facts import Facts, events_of, facts_of
from executors.acs.gathering import Gathering

_LONGEST_TEXT = 64  # TR-069 A.3.3.1 DeviceIdStruct
_LONGEST_URL = 1024
_MOST = 64  # in one transaction: other writers wait for its end


@dataclass(frozen=True, slots=True)
class Arrival:
    """A device that informed us."""

    device: Device
    discover: bool
    """Its data model is not known, or not the one it has now."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """An Inform with all that can be made of it without the store."""

    inform: m.Inform
    facts: Facts
    values: dict[ParameterPath, Value]

    @property
    def id(self) -> DeviceId:
        said = self.inform.device
        return device_id(said.oui, said.product_class, said.serial)


class Intake:
    """Stores Informs, those that come at once in one transaction."""

    def __init__(self, *, store: Store, clock: Clock, tenant: TenantId, enrol: bool) -> None:
        self._store, self._clock = store, clock
        self._tenant, self._enrol = tenant, enrol
        self._gathering: Gathering[_Heard, Arrival] = Gathering(self._keep_all, most=_MOST)

    async def take(self, inform: m.Inform) -> Arrival:
        """Keep this Inform. Forbidden for an unknown device when none may enrol."""
        facts = facts_of(inform)
        values = _dialect(facts.root, inform).heard(inform.parameters)
        return await self._gathering.do(_Heard(inform, facts, values))

    async def add(self, event: Event) -> None:
        """Keep one event of a device that is known."""
        async with self._store.begin() as tx:
            await tx.events.add(event)

    async def close(self) -> None:
        """Take no more."""
        await self._gathering.close()

    async def _keep_all(self, batch: Sequence[_Heard]) -> Sequence[Arrival]:
        async with self._store.begin() as tx:
            return [await self._keep(tx, heard) for heard in batch]

    async def _keep(self, tx: Transaction, heard: _Heard) -> Arrival:
        inform, now = heard.inform, self._clock()
        device = await self._keep_device(tx, await tx.devices.find(heard.id), heard)
        await _keep_url(tx, device.id, heard.facts.connection_request_url)
        reset = inform.has("0 BOOTSTRAP")
        await _keep_values(tx, device, heard.values, now, void=reset)
        changed = {path: value for path, value in heard.values.items() if not _is_forced(path)}
        await tx.events.add(
            *events_of(inform, tenant=device.tenant, device=device.id, at=now, changed=changed)
        )
        known = await tx.models.firmware(device.tenant, device.id)
        return Arrival(device, discover=reset or known != device.firmware)

    async def _keep_device(self, tx: Transaction, before: Device | None, heard: _Heard) -> Device:
        inform, facts, now = heard.inform, heard.facts, self._clock()
        if before is None:
            device = self._enrolled(heard, now)
            await tx.devices.put(device)
            return device
        manufacturer = inform.device.manufacturer[:_LONGEST_TEXT] or before.manufacturer
        firmware, hardware = facts.firmware or before.firmware, facts.hardware or before.hardware
        version = facts.data_model_version or before.data_model_version
        root = facts.root if inform.parameters else before.root
        await tx.devices.touch(
            before.id,
            at=now,
            manufacturer=manufacturer,
            firmware=firmware,
            hardware=hardware,
            data_model_version=version,
            root=root,
        )
        return replace(
            before,
            manufacturer=manufacturer,
            firmware=firmware,
            hardware=hardware,
            data_model_version=version,
            root=root,
            last_seen=now,
        )

    def _enrolled(self, heard: _Heard, now: datetime) -> Device:
        if not self._enrol:
            raise Forbidden(
                "the device is not in the inventory",
                remedy="Import it, or allow devices to enrol.",
            )
        said, facts = heard.inform.device, heard.facts
        return Device(
            id=heard.id,
            tenant=self._tenant,
            oui=said.oui,
            product_class=said.product_class,
            serial=said.serial,
            manufacturer=said.manufacturer[:_LONGEST_TEXT],
            model=said.product_class,
            firmware=facts.firmware,
            hardware=facts.hardware,
            data_model_version=facts.data_model_version,
            root=facts.root,
            last_seen=now,
        )


async def _keep_url(tx: Transaction, device: DeviceId, url: str) -> None:
    """The newest Inform says where to call; credentials that are stored stay."""
    if not url or len(url) > _LONGEST_URL:
        return
    kept = await tx.controllers.get(device)
    if kept is None:
        await tx.controllers.put(device, url, "", "")
    elif kept.url != url:
        await tx.controllers.put(device, url, kept.username, kept.password)


async def _keep_values(
    tx: Transaction,
    device: Device,
    values: dict[ParameterPath, str],
    now: datetime,
    *,
    void: bool,
) -> None:
    whole: tuple[str, ...] = ()
    if void:
        # TR-069 3.7.1.5: at BOOTSTRAP nothing known of the device holds any longer.
        before = await tx.snapshots.latest(device.tenant, device.id)
        known = {} if before is None else {**before.values, **before.writable}
        whole = tuple({".".join(path.split(".", 2)[:2]) for path in known})
    if values or whole:
        snapshot = Snapshot(device=device.id, taken_at=now, values=values)
        await tx.snapshots.merge(device.tenant, snapshot, whole=whole)


def _dialect(root: DataModelRoot, inform: m.Inform) -> Dialect:
    if root is DataModelRoot.DEVICE:
        return Tr181()
    return Tr098({each.name: each.value for each in inform.parameters})


def _is_forced(path: ParameterPath) -> bool:
    entry = catalogue("tr181-cwmp").find(path)
    return entry is None or entry.forced_inform
