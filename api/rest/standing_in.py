"""Standing in for a colleague, and being away. Each says it for themselves."""

from typing import Annotated

from fastapi import APIRouter

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, responses
from api.shapes.base import Page
from api.shapes.reviews import AbsenceRequest, AbsenceShape, DelegationRequest, DelegationShape
from api.standing import lend
from brain.domain.identity import Principal, PrincipalId

router = APIRouter(tags=["approvals"])
Reader = Annotated[Principal, may(Action.READ)]
Reviewer = Annotated[Principal, may(Action.APPROVE)]


@router.get("/v1/delegations", responses=responses())
async def list_delegations(gatewright: Wired, who: Reader) -> Page[DelegationShape]:
    """Who stands in for whom in your tenant, now or later."""
    async with gatewright.store.read() as tx:
        found = await tx.delegations.not_over(who.tenant, gatewright.clock())
    return Page(items=[DelegationShape.of(each) for each in found])


@router.post("/v1/delegations", responses=responses(404, 409, 422))
async def delegate(gatewright: Wired, who: Reviewer, wanted: DelegationRequest) -> DelegationShape:
    """Have a colleague answer reviews for a group of yours, until a time that you name.

    They cannot pass it on, and it counts as your one voice: never as two people with your own
    answer, and never for a change that you asked for.
    """
    given = await lend(
        gatewright,
        who,
        PrincipalId(wanted.to),
        wanted.group,
        starts_at=wanted.starts_at or gatewright.clock(),
        until=wanted.until,
    )
    return DelegationShape.of(given)


@router.post("/v1/delegations/{delegation}/end", responses=responses(404))
async def end_delegation(gatewright: Wired, who: Reviewer, delegation: Id) -> DelegationShape:
    """End it early: yours, or one by which you stand in for somebody."""
    ended = await gatewright.ledger.standing_in.end_delegation(who, delegation)
    return DelegationShape.of(ended)


@router.get("/v1/absences", responses=responses())
async def list_absences(gatewright: Wired, who: Reader) -> Page[AbsenceShape]:
    """Who of your tenant is away, now or later."""
    async with gatewright.store.read() as tx:
        found = await tx.absences.not_over(who.tenant, gatewright.clock())
    return Page(items=[AbsenceShape.of(each) for each in found])


@router.post("/v1/absences", responses=responses(422))
async def say_absent(gatewright: Wired, who: Reviewer, wanted: AbsenceRequest) -> AbsenceShape:
    """Say that you are away: nobody waits for your answer then, though you may give it."""
    said = await gatewright.ledger.standing_in.absent(
        who, starts_at=wanted.starts_at or gatewright.clock(), until=wanted.until
    )
    return AbsenceShape.of(said)


@router.post("/v1/absences/{absence}/end", responses=responses(404))
async def end_absence(gatewright: Wired, who: Reviewer, absence: Id) -> AbsenceShape:
    """Say that you are back."""
    return AbsenceShape.of(await gatewright.ledger.standing_in.end_absence(who, absence))
