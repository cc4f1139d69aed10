"""Changes of the rules themselves: propose them, see what they would have done, answer them."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.actions import Action
from api.auth import Wired, may
from api.problems import problem_of
from api.replaying import Replays
from api.rest.policy import asked_bundle
from api.rest.scope import Id, Limit, responses
from api.rules_shown import shown_now
from api.shapes.base import Page
from api.shapes.policy import (
    ActivationRequest,
    PolicyAnswerRequest,
    PolicyChangeShape,
    ProgressShape,
)
from api.shapes.rules import DifferenceShape
from brain.domain.approval import Answer
from brain.domain.errors import Forbidden, GatewrightError, NotFound
from brain.domain.identity import Principal
from brain.domain.policy_change import PolicyChange
from policies.difference import proposed_difference
from policies.replay.replay import Progress

router = APIRouter(prefix="/v1/policy/changes", tags=["policy"])
Keeper = Annotated[Principal, may(Action.MANAGE_POLICY)]
Reader = Annotated[Principal, may(Action.READ)]
Reviewer = Annotated[Principal, may(Action.APPROVE)]
Steps = AsyncIterator[int | PolicyChange]


async def _proposed(
    request: Request,
    gatewright: Wired,
    who: Keeper,
    wanted: Annotated[ActivationRequest, Body()],
) -> Steps:
    """Look at everything before the stream begins, so that what is wrong is still a problem."""
    replays: Replays = request.app.state.replays
    replays.check_free()
    activation = gatewright.activation
    if who.tenant != activation.tenant:
        raise Forbidden("the rules of this installation are another tenant's")
    bundle = await asked_bundle(gatewright, wanted)

    async def work(progress: Progress) -> PolicyChange:
        return await activation.propose(str(who.id), bundle, wanted.reason, progress=progress)

    return replays.follow(work)


@router.post("", response_class=EventSourceResponse, responses=responses(409, 422))
async def propose_rules(
    request: Request, gatewright: Wired, steps: Annotated[Steps, Depends(_proposed)]
) -> AsyncIterator[ServerSentEvent]:
    """Hold rules against the past of all tenants; active at once if shown to be no looser.

    Server-sent events: `progress` again and again (its total is not known), then `change` (a
    `PolicyChangeShape`), or `failed` (a problem). Closing the connection stops it.
    """
    try:
        async for step in steps:
            if isinstance(step, int):
                yield ServerSentEvent(event="progress", data=ProgressShape(done=step, total=0))
            else:
                yield ServerSentEvent(event="change", data=await shown_now(gatewright, step))
    except GatewrightError as error:
        problem = problem_of(error, instance=request.url.path, request_id="")
        yield ServerSentEvent(event="failed", data=problem)


@router.get("", responses=responses(422))
async def list_policy_changes(
    gatewright: Wired, who: Reader, limit: Limit = 100
) -> Page[PolicyChangeShape]:
    """The rules that are, were or would be active, newest first."""
    async with gatewright.store.read() as tx:
        found = await tx.policy_changes.list(who.tenant, limit=limit)
    return Page(items=[await shown_now(gatewright, each) for each in found])


@router.get("/{policy_change}", responses=responses(404))
async def get_policy_change(gatewright: Wired, who: Reader, policy_change: Id) -> PolicyChangeShape:
    """One change of the rules, with what the past would have been under them."""
    async with gatewright.store.read() as tx:
        found = await tx.policy_changes.get(who.tenant, policy_change)
    if found is None:
        raise NotFound("there is no such change of the rules", field="id")
    return await shown_now(gatewright, found)


@router.get("/{policy_change}/diff", responses=responses(404), response_model_exclude_defaults=True)
async def diff_policy_change(gatewright: Wired, who: Reader, policy_change: Id) -> DifferenceShape:
    """What these rules change: numbers, source and rules, against those they were compared with."""
    async with gatewright.store.read() as tx:
        found = await tx.policy_changes.get(who.tenant, policy_change)
    if found is None:
        raise NotFound("there is no such change of the rules", field="id")
    active = gatewright.policy.bundle
    return DifferenceShape.of(await proposed_difference(gatewright.store, active, found))


@router.post("/{policy_change}/answer", responses=responses(404, 409, 422))
async def answer_policy_change(
    gatewright: Wired, who: Reviewer, policy_change: Id, said: PolicyAnswerRequest
) -> PolicyChangeShape:
    """Approve rules that loosen something, or reject them: as a person of the group `policy`.

    Nobody approves what they proposed. The last approval that is needed makes the rules active.
    """
    change = await gatewright.activation.answer(
        who, policy_change, revision=said.revision, answer=Answer(said.answer), comment=said.comment
    )
    return await shown_now(gatewright, change)
