"""Cases: open a conversation about a device, talk, and read it again."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Body, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Limit, Talks, case_of, device_of, responses
from api.shapes.base import Page
from api.shapes.cases import (
    CaseShape,
    EventOfPlanner,
    MessageShape,
    ModelCallShape,
    NewCase,
    NewMessage,
)
from brain.domain.device import Device
from brain.domain.errors import InvalidInput, NotFound
from brain.domain.identity import CaseId, Principal, TenantId
from brain.domain.incident import Case
from brain.planner.events import PlannerEvent
from brain.store.transaction import Transaction

router = APIRouter(prefix="/v1/cases", tags=["chat"])
Reader = Annotated[Principal, may(Action.READ)]
Talker = Annotated[Principal, may(Action.CHAT)]


@router.post("", status_code=201, responses=responses(404, 422))
async def open_case(gatewright: Wired, who: Talker, wanted: NewCase) -> CaseShape:
    """Open a case about one device, named by id or found by a search that fits only it."""
    async with gatewright.store.begin() as tx:
        device = await _wanted(tx, who.tenant, wanted)
        case = Case(
            id=CaseId(gatewright.new_id("cas")),
            tenant=who.tenant,
            device=device.id,
            opened_by=who.id,
            opened_at=gatewright.clock(),
        )
        await tx.cases.add(case)
    return CaseShape.model_validate(case)


@router.get("", responses=responses(422))
async def list_cases(gatewright: Wired, who: Reader, limit: Limit = 100) -> Page[CaseShape]:
    """The cases of your tenant, newest first."""
    async with gatewright.store.read() as tx:
        cases = await tx.cases.list(who.tenant, limit=limit)
    return Page(items=[CaseShape.model_validate(each) for each in cases])


@router.get("/{case}", responses=responses(404))
async def get_case(gatewright: Wired, who: Reader, case: Id) -> CaseShape:
    """One case."""
    async with gatewright.store.read() as tx:
        return CaseShape.model_validate(await case_of(tx, who.tenant, case))


@router.get("/{case}/messages", responses=responses(404))
async def list_messages(gatewright: Wired, who: Reader, case: Id) -> Page[MessageShape]:
    """What was said in a case, in order."""
    async with gatewright.store.read() as tx:
        known = await case_of(tx, who.tenant, case)
        messages = await tx.messages.of_case(who.tenant, known.id)
    return Page(items=[MessageShape.model_validate(each) for each in messages])


@router.get("/{case}/calls", responses=responses(404))
async def list_calls(gatewright: Wired, who: Reader, case: Id) -> Page[ModelCallShape]:
    """What was asked of a language model in a case, in order: cost and outcome, and no words."""
    async with gatewright.store.read() as tx:
        known = await case_of(tx, who.tenant, case)
        calls = await tx.model_calls.of_case(who.tenant, known.id)
    return Page(items=[ModelCallShape.model_validate(each) for each in calls])


async def _turn(
    gatewright: Wired,
    who: Talker,
    talks: Talks,
    case: Id,
    message: Annotated[NewMessage, Body()],
) -> AsyncIterator[PlannerEvent]:
    """Begin the turn before the stream does, so that its errors are still problems."""
    async with gatewright.store.read() as tx:
        known = await case_of(tx, who.tenant, case)
    return await talks.say(known, message.text, who)


@router.post(
    "/{case}/messages",
    response_class=EventSourceResponse,
    responses=responses(404, 409, 422),
)
async def say(
    turn: Annotated[AsyncIterator[PlannerEvent], Depends(_turn)],
) -> AsyncIterator[ServerSentEvent]:
    """Say something, and follow the planner's work as server-sent events.

    The event's name is its kind, its data an `EventOfPlanner`. The last one is `done`.
    Closing the connection does not stop the planner: its answer will be among the messages.
    """
    async for event in turn:
        shape = EventOfPlanner(kind=event.kind, text=event.text, payload=event.payload)
        yield ServerSentEvent(event=event.kind, data=shape)


async def _wanted(tx: Transaction, tenant: TenantId, wanted: NewCase) -> Device:
    if bool(wanted.device) == bool(wanted.search):
        raise InvalidInput(
            "name the device in exactly one way", field="device", remedy="Send device or search."
        )
    if wanted.device:
        return await device_of(tx, tenant, wanted.device)
    found = await tx.devices.list(tenant, search=wanted.search, limit=6)
    if not found:
        raise NotFound("no device fits the search", field="search", remedy="Try its serial number.")
    if len(found) > 1:
        names = ", ".join(each.id for each in found[:5])
        raise InvalidInput(
            f"several devices fit, such as {names}",
            field="search",
            remedy="Be more exact, or send one of them as device.",
        )
    return found[0]
