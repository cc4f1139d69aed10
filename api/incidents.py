"""An incident with its whole road, as REST and console show it."""

from dataclasses import replace

from api.found import there
from api.masking import Mask
from api.needs import Gatewright
from api.shapes.changes import ChangeShape
from api.shapes.remediation import (
    AffectedShape,
    BoundsShape,
    IncidentRoadShape,
    IncidentShape,
    IncidentStepShape,
)
from brain.domain.identity import TenantId
from brain.domain.remediation import Incident, IncidentId
from brain.remediation.fleet import named
from brain.remediation.measuring import span
from brain.remediation.rules import FleetLook, Rulebook
from brain.store.transaction import Transaction


async def shown(tx: Transaction, incident: Incident) -> IncidentShape:
    """An incident, with the name of its area where it is about one."""
    scope = await named(tx, incident.tenant, incident.scope)
    return IncidentShape.of(replace(incident, scope=scope))


async def road_of_incident(
    gatewright: Gatewright, tenant: TenantId, incident: str, mask: Mask
) -> IncidentRoadShape:
    """The road, its change's secrets masked; NotFound."""
    async with gatewright.store.read() as tx:
        found = there(await tx.incidents.get(tenant, IncidentId(incident)), "incident")
        devices = await tx.incidents.affected(tenant, found.id)
        count = await tx.incidents.how_many(tenant, found.id)
        steps = await tx.incidents.road(tenant, found.id)
        change = await tx.changes.get(tenant, found.change) if found.change else None
        incident_shown = await shown(tx, found)
    return IncidentRoadShape(
        incident=incident_shown,
        devices=[AffectedShape.of(each) for each in devices],
        device_count=count,
        steps=[IncidentStepShape.model_validate(each) for each in steps],
        change=ChangeShape.of(change, mask) if change else None,
    )


def bounds_of(rulebook: Rulebook) -> BoundsShape:
    """What bounds the work of all rules."""
    return BoundsShape(
        budgets=rulebook.budgets.model_dump(),
        fleet=_fleet(rulebook.fleet),
        quiet_hours=[f"{each.begins:%H:%M}-{each.ends:%H:%M}" for each in rulebook.quiet_hours],
    )


def _fleet(look: FleetLook | None) -> str:
    if look is None:
        return ""
    return f"every {span(look.every)}, the same again after {span(look.cool_down)}"
