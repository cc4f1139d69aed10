"""Breaking the glass in an emergency, and the review that follows. The ledger checks each."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Limit, Masked, change_of, responses
from api.shapes.base import Page
from api.shapes.break_glass import BreakGlassRequest, BrokenGlassShape, GlassReviewRequest
from api.shapes.changes import ChangeShape
from brain.domain.identity import BrokenGlassId, ChangeId, Principal

router = APIRouter(tags=["break-glass"])
Reader = Annotated[Principal, may(Action.READ)]
Breaker = Annotated[Principal, may(Action.BREAK_GLASS)]
Reviewer = Annotated[Principal, may(Action.APPROVE)]


@router.post("/v1/changes/{change}/break-glass", responses=responses(404, 409, 422))
async def break_glass(
    gatewright: Wired, who: Breaker, mask: Masked, change: Id, wanted: BreakGlassRequest
) -> ChangeShape:
    """Go ahead with exactly this plan in an emergency, without approval and outside any window.

    What policy denies stays denied. It holds for minutes, calls a person, and somebody who had no
    part in it has to review it afterwards.
    """
    record = await gatewright.ledger.break_glass(
        who, ChangeId(change), digest=wanted.digest, ticket=wanted.ticket, reason=wanted.reason
    )
    return ChangeShape.of(record, mask)


@router.get("/v1/break-glass", responses=responses(422))
async def list_broken_glasses(
    gatewright: Wired,
    who: Reader,
    unreviewed: Annotated[bool, Query(description="Only those that wait for a review.")] = False,
    limit: Limit = 100,
) -> Page[BrokenGlassShape]:
    """The broken glasses of your tenant, newest first."""
    async with gatewright.store.read() as tx:
        found = await tx.broken_glasses.list(who.tenant, unreviewed=unreviewed, limit=limit)
        items = [
            BrokenGlassShape.of(each, await change_of(tx, who.tenant, each.change))
            for each in found
        ]
    return Page(items=items)


@router.post("/v1/break-glass/{broken_glass}/review", responses=responses(404, 409, 422))
async def review_broken_glass(
    gatewright: Wired, who: Reviewer, broken_glass: Id, said: GlassReviewRequest
) -> BrokenGlassShape:
    """Say, once, whether it was justified. Nobody reviews what they had a part in."""
    reviewed = await gatewright.ledger.afterwards.review(
        who, BrokenGlassId(broken_glass), justified=said.justified, comment=said.comment
    )
    async with gatewright.store.read() as tx:
        return BrokenGlassShape.of(reviewed, await change_of(tx, who.tenant, reviewed.change))
