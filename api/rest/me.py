"""Who the caller is, and what they may do."""

from typing import Annotated

from fastapi import APIRouter

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import responses
from api.shapes.operations import MeShape
from brain.domain.identity import Principal

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("", responses=responses())
async def get_me(gatewright: Wired, who: Annotated[Principal, may(Action.READ)]) -> MeShape:
    """Who you are here, and every action that policy lets your roles do."""
    allowed = [each.value for each in Action if await gatewright.access.allowed(who, each)]
    async with gatewright.store.read() as tx:
        name = await tx.principals.name(who.tenant, who.id)
    return MeShape(
        id=who.id,
        name=name or who.id,
        scopes=None if who.scopes is None else sorted(who.scopes),
        tenant=who.tenant,
        kind=who.kind,
        roles=sorted(who.roles),
        groups=sorted(who.groups),
        actions=allowed,
    )
