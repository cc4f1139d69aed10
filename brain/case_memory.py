"""What the planner asks of a case's past, and the one way a case is turned to another device."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from brain.domain.canonical import Json
from brain.domain.device import Device
from brain.domain.errors import NotFound
from brain.domain.identity import Principal
from brain.domain.incident import Case
from brain.domain.parameter import Snapshot
from brain.ledger.audit import AuditTrail
from brain.planner.recollection import Housemate, Recollection, Tried
from brain.store.store import Store
from brain.store.transaction import Transaction

_LOOK_BACK: Final = 100
"""How many changes of a device are looked through for those of the case."""
_KINDS: Final = {
    "Device.WiFi.EndPoint.": "extender",
    "Device.Optical.Interface.": "ont",
    "Device.Services.STBService.": "set-top",
    "Device.NAT.": "gateway",
}
"""What a device is, by the objects that only such a device has."""


@dataclass(frozen=True, slots=True)
class KeptCases:
    """The planner's ``CaseMemory`` over the store."""

    store: Store
    audit: AuditTrail

    async def recall(self, case: Case) -> Recollection:
        """What was said and done in this case: the tenant's own, and no other case's."""
        async with self.store.read() as tx:
            messages = await tx.messages.of_case(case.tenant, case.id)
            return Recollection(messages=tuple(messages), tried=await _tried(tx, case))

    async def housemates(self, device: Device) -> Sequence[Housemate]:
        """The other devices at the device's site, of the same tenant."""
        async with self.store.read() as tx:
            others = await _others(tx, device)
            return [
                Housemate(
                    device=each, kinds=_kinds(await tx.snapshots.latest(each.tenant, each.id))
                )
                for each in others
            ]

    async def turn_to(self, case: Case, device: Device, asker: Principal) -> Case:
        """The case about this device from now on; NotFound unless it is in the same home."""
        async with self.store.begin() as tx:
            kept = await tx.cases.get(asker.tenant, case.id)
            now = kept and await tx.devices.get(asker.tenant, kept.device)
            others = {each.id for each in await _others(tx, now)} if now else set()
            if kept is None or device.id not in others:
                raise NotFound("there is no such device in this home", field="device")
            await tx.cases.set_device(kept.tenant, kept.id, device.id)
            about: dict[str, Json] = {"case": kept.id, "from": kept.device, "device": device.id}
            await self.audit.append(
                tx,
                tenant=kept.tenant,
                actor=str(asker.id),
                kind="case.turned_to",
                payload=about,
            )
        return replace(kept, device=device.id)


async def _tried(tx: Transaction, case: Case) -> tuple[Tried, ...]:
    """The changes of the case on whichever device it was about, the newest first."""
    proposals = {each.id: each for each in await tx.proposals.of_case(case.tenant, case.id)}
    records = [
        record
        for device in {each.device for each in proposals.values()}
        for record in await tx.changes.list(case.tenant, device=device, limit=_LOOK_BACK)
        if record.case == case.id
    ]
    newest = sorted(records, key=lambda each: (each.created_at, each.id), reverse=True)
    return tuple(
        [
            Tried(
                record=record,
                proposal=proposals.get(record.proposal),
                backup=await tx.backups.get(case.tenant, record.id),
            )
            for record in newest
        ]
    )


async def _others(tx: Transaction, device: Device) -> list[Device]:
    if device.site is None:
        return []
    there = await tx.devices.at_site(device.tenant, device.site)
    return [each for each in there if each.id != device.id]


def _kinds(said: Snapshot | None) -> frozenset[str]:
    told = {kind for prefix, kind in _KINDS.items() if said and said.below(prefix)}
    return frozenset(told - {"gateway"} if "extender" in told else told)
