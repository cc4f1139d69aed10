"""Changes: the list, and the whole road of one."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.actions import Action
from api.auth import Wired, may
from api.rest.road import road_of
from api.rest.scope import Id, Limit, Masked, change_of, device_of, responses
from api.reviewing import Reviewing
from api.shapes.base import Page
from api.shapes.changes import ChangeShape, ExecutionShape, RoadShape
from brain.domain.identity import Principal
from brain.domain.life import State

router = APIRouter(prefix="/v1/changes", tags=["changes"])
Caller = Annotated[Principal, may(Action.READ)]


@router.get("", responses=responses(404, 422))
async def list_changes(
    gatewright: Wired,
    who: Caller,
    mask: Masked,
    states: Annotated[
        list[State] | None, Query(alias="state", description="May be given several times.")
    ] = None,
    device: Annotated[str, Query(max_length=256)] = "",
    limit: Limit = 100,
) -> Page[ChangeShape]:
    """The changes of your tenant, newest first. `?state=awaiting_approval` is the review list."""
    async with gatewright.store.read() as tx:
        known = (await device_of(tx, who.tenant, device)).id if device else None
        found = await tx.changes.list(who.tenant, states=states, device=known, limit=limit)
    return Page(items=[ChangeShape.of(each, mask) for each in found])


@router.get("/{change}", responses=responses(404))
async def get_change(gatewright: Wired, who: Caller, mask: Masked, change: Id) -> RoadShape:
    """One change and its whole road: proposal, plan, verdicts, approvals, permits, outcomes.

    `review` says who may still answer, what is missing, and why you may not.
    """
    async with gatewright.store.read() as tx:
        record = await change_of(tx, who.tenant, change)
        road = await road_of(tx, record, mask)
        if record.verdict.obligations.approvals or record.state is State.DENIED:
            view = await Reviewing.open(gatewright, tx, who)
            road.review = await view.of(tx, record)
    return road


@router.get("/{change}/executions", responses=responses(404))
async def list_executions(gatewright: Wired, who: Caller, change: Id) -> Page[ExecutionShape]:
    """The steps of carrying a change out, in order."""
    async with gatewright.store.read() as tx:
        record = await change_of(tx, who.tenant, change)
        steps = await tx.executions.of_change(who.tenant, record.id)
    return Page(items=[ExecutionShape.model_validate(each) for each in steps])
