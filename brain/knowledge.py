"""What ledger and planner ask of store, topology and history, answered for both of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from brain.domain.autonomy import NEVER, Standing
from brain.domain.change import Plan
from brain.domain.controller import Capabilities
from brain.domain.device import Device
from brain.domain.errors import NotFound
from brain.domain.history import Event, TrackRecord, Window
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock
from brain.domain.proposal import Cause
from brain.domain.topology import BlastRadius
from brain.domain.usage import Scopes
from brain.history.standing import Rules, standing, subject_for
from brain.history.timeline import timeline
from brain.history.track_record import track_record
from brain.planner.deps import Neighbourhood
from brain.store.store import Store
from brain.store.transaction import Transaction
from brain.topology.blast_radius import radius
from brain.topology.common_cause import common_cause
from brain.topology.health import neighbours_health
from brain.topology.neighbourhood import ancestors, siblings, surroundings
from brain.topology.scopes import scopes

_OF_THE_LINE: Final = ("Device.Ethernet.", "Device.IP.", "Device.Time.")
_SHARED: Final = re.compile(
    r"Device\.(?:Ethernet\.VLANTermination\.\d+\.VLANID|IP\.Interface\.\d+\.MaxMTUSize"
    r"|Time\.NTPServer[1-5])"
)
"""Settings that follow from the line or from the operator; nobody chose them for one home."""


@dataclass(frozen=True, slots=True)
class LedgerMemory:
    """The ledger's ``Memory``: it asks within its own transaction."""

    zone: str = "UTC"
    autonomy_rules: Rules = lambda: NEVER
    capabilities: Callable[[Device], Capabilities | None] = lambda device: None
    """What the controller of a device promises; None when nobody knows."""

    def controller(self, device: Device) -> Capabilities | None:
        """What the device's controller promises."""
        return self.capabilities(device)

    async def autonomy(self, tx: Transaction, device: Device, cause: Cause) -> Standing | None:
        """Where the playbook stands on this model; None when nobody knows the model."""
        subject = subject_for(cause, device.manufacturer, device.model)
        if subject is None:
            return None
        return await standing(tx, device.tenant, subject, self.autonomy_rules)

    async def track_record(
        self, tx: Transaction, device: Device, plan: Plan, cause: Cause
    ) -> TrackRecord | None:
        """How this kind of change fared on this model and firmware."""
        return await _record_of(tx, device, cause, plan.paths)

    async def radius(
        self, tx: Transaction, device: Device, plan: Plan, snapshot: Snapshot
    ) -> BlastRadius:
        """Who the change would reach, in the home and beyond."""
        return await radius(tx, device, plan.paths, snapshot)

    async def scopes(self, tx: Transaction, device: Device) -> Scopes | None:
        """Where the device lies: its port and OLT, its site, its model."""
        return await scopes(tx, device)


@dataclass(frozen=True, slots=True)
class PlannerKnowledge:
    """The planner's ``Knowledge``: reading it never wakes a device."""

    store: Store
    clock: Clock

    async def device(self, tenant: TenantId, device: DeviceId) -> Device:
        """The device; NotFound when the tenant has none of that id."""
        async with self.store.read() as tx:
            found = await tx.devices.get(tenant, device)
        if found is None:
            raise NotFound(f"there is no device {device}", field="device")
        return found

    async def snapshot(self, device: Device) -> Snapshot | None:
        """What the device last said."""
        async with self.store.read() as tx:
            return await tx.snapshots.latest(device.tenant, device.id)

    async def names(self, device: Device) -> Sequence[str]:
        """The subscriber's and the site's names, so that they can be kept from leaving."""
        async with self.store.read() as tx:
            person = device.subscriber and await tx.subscribers.get(
                device.tenant, device.subscriber
            )
            site = device.site and await tx.sites.get(device.tenant, device.site)
        return [each.name for each in (person, site) if each]

    async def neighbourhood(self, device: Device) -> Neighbourhood:
        """The neighbours on the same access node, and whether they suffer together."""
        async with self.store.read() as tx:
            graph = await surroundings(tx, device)
            health = await neighbours_health(tx, graph, now=self.clock())
            alike = await _alike(tx, device, [each for each, _ in siblings(graph)])
        cause = common_cause(ancestors(graph), health)
        return Neighbourhood(health=health, common_cause=cause, alike=alike)

    async def plan(self, device: Device) -> str:
        """What the books say the subscriber pays for."""
        if device.subscriber is None:
            return ""
        async with self.store.read() as tx:
            person = await tx.subscribers.get(device.tenant, device.subscriber)
        return person.plan if person else ""

    async def timeline(self, device: Device, *, limit: int) -> Sequence[Event]:
        """The latest events, newest first."""
        async with self.store.read() as tx:
            return await timeline(tx, device.tenant, device.id, Window(limit=limit))

    async def track_record(
        self, device: Device, cause: Cause, paths: Sequence[ParameterPath]
    ) -> TrackRecord | None:
        """How such a change fared on this model and firmware; None when nobody knows."""
        async with self.store.read() as tx:
            return await _record_of(tx, device, cause, paths)


async def _alike(
    tx: Transaction, device: Device, around: Sequence[Device]
) -> dict[str, tuple[str, ...]]:
    """How neighbours of the same model are set, where that follows from the line."""
    model = (device.manufacturer, device.model)
    same = [other.id for other in around if (other.manufacturer, other.model) == model]
    said = await tx.snapshots.latest_of(device.tenant, same, below=_OF_THE_LINE)
    told: dict[str, list[str]] = {}
    for other in same:
        for path, value in said[other].values.items() if other in said else ():
            if _SHARED.fullmatch(path) and value:
                told.setdefault(path, []).append(value)
    return {path: tuple(values) for path, values in told.items()}


async def _record_of(
    tx: Transaction, device: Device, cause: Cause, paths: Sequence[ParameterPath]
) -> TrackRecord | None:
    return await track_record(tx, device, cause=cause, paths=paths)
