"""What a device was over time, and what happened alike to many."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Masked, device_of, responses
from api.shapes.base import Page
from api.shapes.history import MeasuresQuery, MeasuresShape, PatternQuery, PatternShape
from brain.domain.errors import InvalidInput
from brain.domain.identity import Principal
from brain.history.series import Span, measured, series

router = APIRouter(prefix="/v1", tags=["history"])
Caller = Annotated[Principal, may(Action.READ)]
_WEEK = timedelta(days=7)
_LONGEST = timedelta(days=31)
"""How far back is looked over a whole fleet, in one go."""


@router.get("/devices/{device}/measures", responses=responses(404, 422))
async def get_measures(
    gatewright: Wired,
    who: Caller,
    mask: Masked,
    device: Id,
    asked: Annotated[MeasuresQuery, Query()],
) -> MeasuresShape:
    """Parameters of a device over time; every measure it told of, when none is named."""
    until = asked.until or gatewright.clock()
    span = Span(since=asked.since or until - _WEEK, until=until)
    if span.since >= span.until:
        raise InvalidInput(
            "the time ends before it begins", field="since", remedy="Give an earlier time."
        )
    async with gatewright.store.read() as tx:
        known = await device_of(tx, who.tenant, device)
        if asked.path:
            found = await series(tx, who.tenant, known.id, asked.path, span)
        else:
            found = await measured(tx, who.tenant, known.id, span)
    return MeasuresShape(
        device=known.id,
        since=span.since,
        until=span.until,
        series=MeasuresShape.shown(found, mask),
    )


@router.get("/patterns", responses=responses(422))
async def list_patterns(
    gatewright: Wired, who: Caller, asked: Annotated[PatternQuery, Query()]
) -> Page[PatternShape]:
    """What happened alike to devices of one make, model and firmware, the widest spread first."""
    now = gatewright.clock()
    since = asked.since or now - _WEEK
    if since < now - _LONGEST:
        raise InvalidInput(
            f"longer ago than {_LONGEST.days} days",
            field="since",
            remedy="Ask for less: the whole fleet is gone through.",
        )
    async with gatewright.store.read() as tx:
        found = await tx.events.patterns(who.tenant, asked.kind, since=since, least=asked.least)
    return Page(items=[PatternShape.of(each) for each in found[:200]])
