"""Keeps what an Inform says: the device, how to reach it, its values and its timeline.

One transaction an Inform, and the device is answered after it: an event counts as delivered only
when it is stored (TR-069 3.7.1.5).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from brain.datamodel.catalogue import catalogue
from brain.domain.device import DataModelRoot, Device, device_id
from brain.domain.errors import Forbidden
from brain.domain.history import Event
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock
from brain.store.store import Store
from brain.store.transaction import Transaction
from executors.acs import messages as m
from executors.acs.dialect import Dialect, Tr098, Tr181
from executors.acs.facts import Facts, events_of, facts_of

_LONGEST_TEXT = 64  # TR-069 A.3.3.1 DeviceIdStruct
_LONGEST_URL = 1024


@dataclass(frozen=True, slots=True)
class Arrival:
    """A device that informed us."""

    device: Device
    discover: bool
    """Its data model is not known, or not the one it has now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Stores Informs."""

    store: Store
    clock: Clock
    tenant: TenantId
    enrol: bool

    async def take(self, inform: m.Inform) -> Arrival:
        """Keep this Inform. Forbidden for an unknown device when none may enrol."""
        now, facts = self.clock(), facts_of(inform)
        values = _dialect(facts.root, inform).heard(inform.parameters)
        said = device_id(inform.device.oui, inform.device.product_class, inform.device.serial)
        async with self.store.begin() as tx:
            before = await tx.devices.find(said)
            device = await self._keep_device(tx, before, inform, facts)
            await _keep_url(tx, device.id, facts.connection_request_url)
            await _keep_values(tx, device, values, now, void=inform.has("0 BOOTSTRAP"))
            changed = {path: value for path, value in values.items() if not _is_forced(path)}
            await tx.events.add(
                *events_of(inform, tenant=device.tenant, device=device.id, at=now, changed=changed)
            )
            known = await tx.models.firmware(device.tenant, device.id)
        discover = inform.has("0 BOOTSTRAP") or known is None or known != device.firmware
        return Arrival(device, discover)

    async def add(self, event: Event) -> None:
        """Keep one event of a device that is known."""
        async with self.store.begin() as tx:
            await tx.events.add(event)

    async def _keep_device(
        self, tx: Transaction, before: Device | None, inform: m.Inform, facts: Facts
    ) -> Device:
        now = self.clock()
        if before is None:
            device = self._enrolled(inform, facts, now)
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

    def _enrolled(self, inform: m.Inform, facts: Facts, now: datetime) -> Device:
        if not self.enrol:
            raise Forbidden(
                "the device is not in the inventory",
                remedy="Import it, or allow devices to enrol.",
            )
        said = inform.device
        return Device(
            id=device_id(said.oui, said.product_class, said.serial),
            tenant=self.tenant,
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
