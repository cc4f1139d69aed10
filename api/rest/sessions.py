"""Sessions: the browsers that the caller is signed in with."""

from typing import Annotated

from fastapi import APIRouter, Request

from api.actions import Action
from api.auth import may, wired
from api.door import Door
from api.rest.scope import Id, responses
from api.sessions import Sessions
from api.shapes.base import Page
from api.shapes.people import SessionShape, SignedOutShape
from brain.domain.identity import Principal

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


@router.get("", responses=responses())
async def list_sessions(
    request: Request, who: Annotated[Principal, may(Action.READ)]
) -> Page[SessionShape]:
    """The browsers that you are signed in with."""
    return Page(items=[SessionShape.of(each) for each in await _sessions(request).of(who)])


@router.post("/{session}/end", responses=responses(404))
async def end_session(
    request: Request, who: Annotated[Principal, may(Action.END_SESSIONS)], session: Id
) -> SessionShape:
    """Sign one of your browsers out."""
    return SessionShape.of(await _sessions(request).end_one(who, session))


@router.post("/end", responses=responses())
async def end_sessions(
    request: Request, who: Annotated[Principal, may(Action.END_SESSIONS)]
) -> SignedOutShape:
    """Sign all of your browsers out."""
    return SignedOutShape(name=who.id, sessions=await _sessions(request).end_all(who))


def _sessions(request: Request) -> Sessions:
    door: Door = request.app.state.door
    return Sessions(gatewright=wired(request), clocks=door.clocks)
