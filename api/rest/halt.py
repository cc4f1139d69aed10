"""The kill switch of a tenant."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.actions import Action
from api.auth import Wired, may
from api.halting import set_halt as turn
from api.rest.scope import responses
from api.shapes.base import Shape
from api.shapes.operations import HaltShape
from brain.domain.identity import Principal

router = APIRouter(prefix="/v1/halt", tags=["halt"])
Reader = Annotated[Principal, may(Action.READ)]
Setter = Annotated[Principal, may(Action.MANAGE_HALT)]


class HaltRequest(Shape):
    """How the switch shall stand, and why: the reason is kept beside the audit trail."""

    halted: bool
    reason: str = Field("", max_length=500, examples=["OLT maintenance in the north"])


@router.get("", responses=responses())
async def get_halt(gatewright: Wired, who: Reader) -> HaltShape:
    """How the kill switch stands."""
    async with gatewright.store.read() as tx:
        return HaltShape(halted=await tx.halts.is_halted(who.tenant))


@router.put("", responses=responses(422))
async def set_halt(gatewright: Wired, who: Setter, wanted: HaltRequest) -> HaltShape:
    """Turn it on or off. While it is on, no change of your tenant is begun."""
    await turn(gatewright, who, halted=wanted.halted, reason=wanted.reason)
    return HaltShape(halted=wanted.halted)
