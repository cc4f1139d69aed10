"""Enrolment: registering devices before they ship, and answering those that nobody registered."""

from typing import Annotated

from fastapi import APIRouter, Request

from api.actions import Action
from api.admitting import admit, turn_away
from api.auth import Wired, may
from api.registering import register
from api.rest.scope import Id, Limit, responses
from api.shapes.base import Page
from api.shapes.enrolment import RegisteredShape, StrangerShape
from brain.domain.enrolment import Stranger
from brain.domain.identity import Principal

REGISTRATIONS = "/v1/registrations"
LARGEST = 32 * 1024 * 1024
"""Bytes of a file."""

router = APIRouter(tags=["enrolment"])
Registrar = Annotated[Principal, may(Action.IMPORT_INVENTORY)]

_BODY = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.post(REGISTRATIONS, responses=responses(422), openapi_extra=_BODY)
async def post_registrations(
    gatewright: Wired, who: Registrar, request: Request
) -> RegisteredShape:
    """Register the devices of a CSV file; what is wrong with a row is said of that row.

    Columns: `oui`, `serial`, and where they are known `product_class`, `mac`, `firmware`,
    `subscriber` (empty: in stock), `username` and `password` (what it left the factory with).
    """
    done = await register(gatewright, who, await request.body())
    return RegisteredShape.model_validate(done)


@router.get("/v1/strangers", responses=responses())
async def list_strangers(
    gatewright: Wired, who: Annotated[Principal, may(Action.READ)], limit: Limit = 100
) -> Page[StrangerShape]:
    """Devices that came and were given nothing: those that wait for an answer first."""
    async with gatewright.store.read() as tx:
        found = await tx.strangers.list(who.tenant, limit=limit)
    return Page(items=[_shape(each) for each in found])


@router.post("/v1/strangers/{device}/admit", responses=responses(404))
async def admit_stranger(gatewright: Wired, who: Registrar, device: Id) -> StrangerShape:
    """Let it in: at its next call it is given credentials of its own. Only a person may."""
    return _shape(await admit(gatewright, who, device))


@router.post("/v1/strangers/{device}/reject", responses=responses(404))
async def reject_stranger(gatewright: Wired, who: Registrar, device: Id) -> StrangerShape:
    """Refuse it from now on. Only a person may."""
    return _shape(await turn_away(gatewright, who, device))


def _shape(stranger: Stranger) -> StrangerShape:
    fields = {name: getattr(stranger, name) for name in StrangerShape.model_fields}
    return StrangerShape.model_validate(fields)
