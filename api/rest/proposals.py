"""Proposals: what the planner claimed."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Limit, Masked, case_of, proposal_of, responses
from api.shapes.base import Page
from api.shapes.proposals import ProposalShape
from brain.domain.identity import Principal

router = APIRouter(prefix="/v1/proposals", tags=["proposals"])
Caller = Annotated[Principal, may(Action.READ)]


@router.get("", responses=responses(404, 422))
async def list_proposals(
    gatewright: Wired,
    who: Caller,
    mask: Masked,
    case: Annotated[str, Query(max_length=64, description="Only those of this case.")] = "",
    limit: Limit = 100,
) -> Page[ProposalShape]:
    """The proposals of your tenant, newest first."""
    async with gatewright.store.read() as tx:
        if case:
            known = await case_of(tx, who.tenant, case)
            found = await tx.proposals.of_case(who.tenant, known.id)
        else:
            found = await tx.proposals.list(who.tenant, limit=limit)
    return Page(items=[ProposalShape.of(each, mask) for each in found[:limit]])


@router.get("/{proposal}", responses=responses(404))
async def get_proposal(gatewright: Wired, who: Caller, mask: Masked, proposal: Id) -> ProposalShape:
    """One proposal, with its evidence. What policy made of it is with its change."""
    async with gatewright.store.read() as tx:
        return ProposalShape.of(await proposal_of(tx, who.tenant, proposal), mask)
