"""Remediation: events in, incidents by rule, and the switch that stops what is unattended."""

from typing import Annotated

from fastapi import APIRouter, Header, Query

from api.actions import Action
from api.auth import Wired, may
from api.incidents import bounds_of, road_of_incident, shown
from api.rest.scope import Id, Limit, Masked, responses
from api.shapes.base import Page
from api.shapes.remediation import (
    EventsRequest,
    IncidentRoadShape,
    IncidentRuleShape,
    IncidentShape,
    RemediationShape,
    RulebookShape,
    SwitchRequest,
    TakenShape,
)
from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, Principal
from brain.domain.remediation import IncidentState
from brain.remediation.taking_in import Named

EVENTS = "/v1/events"
LARGEST = 1024 * 1024
"""A thousand events with long paths."""

router = APIRouter(tags=["remediation"])
Reader = Annotated[Principal, may(Action.READ)]
Sender = Annotated[Principal, may(Action.PROPOSE)]
Setter = Annotated[Principal, may(Action.MANAGE_HALT)]


@router.post(EVENTS, responses=responses(409, 422))
async def take_events(
    gatewright: Wired,
    who: Sender,
    sent: EventsRequest,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Names this call for 8 days. Sent again with the very same events it is "
            "answered alike, and they are not counted twice.",
        ),
    ] = None,
) -> TakenShape:
    """Keep events for the rules, at most a thousand at once. With the answer they are on disk.

    `503` with `Retry-After`: there is no room just now, and nothing was taken; send them again.
    """
    events = [
        Event(
            tenant=who.tenant,
            device=DeviceId(each.device),
            kind=EventKind(each.kind),  # a shape holds what was sent: its word
            at=each.at,
            path=each.path,
            value=each.value,
        )
        for each in sent.events
    ]
    named = Named(by=who.id, key=idempotency_key) if idempotency_key else None
    return TakenShape(taken=await gatewright.remediation.take(events, named))


@router.get("/v1/incidents", responses=responses(422))
async def list_incidents(
    gatewright: Wired,
    who: Reader,
    states: Annotated[
        list[IncidentState] | None, Query(alias="state", description="May be given several times.")
    ] = None,
    rule: Annotated[str, Query(max_length=64)] = "",
    limit: Limit = 100,
) -> Page[IncidentShape]:
    """The incidents of your tenant, newest first."""
    async with gatewright.store.read() as tx:
        found = await tx.incidents.list(who.tenant, states=states or (), rule=rule, limit=limit)
        return Page(items=[await shown(tx, each) for each in found])


@router.get("/v1/incidents/{incident}", responses=responses(404))
async def get_incident(
    gatewright: Wired, who: Reader, mask: Masked, incident: Id
) -> IncidentRoadShape:
    """One incident and its whole road: by which rule and events, how far it reaches, what it waits
    for, what the planner came to, its change, how it ended.
    """
    return await road_of_incident(gatewright, who.tenant, incident, mask)


@router.get("/v1/remediation", responses=responses())
async def get_remediation(gatewright: Wired, who: Reader) -> RemediationShape:
    """How remediation stands: off, dry run or on, stopped or not, and how much waits."""
    return RemediationShape.of(await gatewright.remediation.standing(who.tenant))


@router.put("/v1/remediation", responses=responses(422))
async def set_remediation(
    gatewright: Wired, who: Setter, wanted: SwitchRequest
) -> RemediationShape:
    """Stop remediation, or have it go on. Incidents are opened all the same, and wait."""
    await gatewright.remediation.turn(who, stopped=wanted.stopped, reason=wanted.reason)
    return RemediationShape.of(await gatewright.remediation.standing(who.tenant))


@router.get("/v1/remediation/rules", responses=responses())
async def list_incident_rules(gatewright: Wired, _who: Reader) -> RulebookShape:
    """The rules that open incidents, and what bounds the work that follows."""
    rulebook = gatewright.remediation.rulebook
    items = [IncidentRuleShape.of(each) for each in rulebook.rules]
    return RulebookShape(items=items, bounds=bounds_of(rulebook))
