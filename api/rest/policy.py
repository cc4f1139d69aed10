"""Past decisions: read them, and hold them against other rules before those become active."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.actions import Action
from api.auth import Wired, may
from api.needs import Gatewright
from api.problems import problem_of
from api.replaying import Replays
from api.rest.scope import Id, Limit, responses
from api.rules_shown import shown_now
from api.shapes.base import Page
from api.shapes.policy import (
    BundleRequest,
    ExplainedShape,
    PolicyShape,
    ProgressShape,
    ReplayRequest,
    ReplayShape,
)
from api.shapes.verdicts import VerdictShape
from brain.domain.errors import GatewrightError, InvalidInput, NotFound
from brain.domain.identity import Principal
from brain.domain.policy_change import RulesState
from brain.store.verdicts import Before
from policies.bundle import Bundle
from policies.decision_log import entry_of
from policies.packed import LARGEST
from policies.replay.log import Window, pages_of_store
from policies.replay.replay import Progress, replay
from policies.replay.report import Report, report

router = APIRouter(prefix="/v1/policy", tags=["policy"])
Keeper = Annotated[Principal, may(Action.MANAGE_POLICY)]
LARGER = {f"/v1/policy/{name}": 2 * LARGEST for name in ("changes", "replay")}
"""Routes that take a whole bundle, and how long a body they read: Base64 is longer."""

Reader = Annotated[Principal, may(Action.READ)]
Steps = AsyncIterator[int | Report]


@router.get("", responses=responses())
async def get_policy(gatewright: Wired, who: Reader) -> PolicyShape:
    """Which rules are active, and what decides by them."""
    bundle = gatewright.policy.bundle
    async with gatewright.store.read() as tx:
        changes = await tx.policy_changes.list(who.tenant)
    proposed = [each for each in changes if each.state is RulesState.PROPOSED]
    return PolicyShape(
        proposed=[await shown_now(gatewright, each) for each in proposed],
        revision=bundle.revision,
        rules=len(bundle.findings),
        engine=gatewright.policy.engine,
        verification_key=gatewright.bundle_signer.public_pem,
    )


async def asked_bundle(gatewright: Gatewright, wanted: BundleRequest) -> Bundle:
    """The rules that were sent, or the active ones, with the numbers that were sent on top."""
    if not wanted.bundle and not wanted.data:
        raise InvalidInput(
            "neither rules nor numbers were sent", field="bundle", remedy="Send bundle or data."
        )
    bundle = gatewright.policy.bundle
    if wanted.bundle:
        bundle = await asyncio.to_thread(Bundle.from_tar_gz, wanted.bundle)
    return bundle.with_numbers(wanted.data) if wanted.data else bundle


async def _replay(
    request: Request,
    gatewright: Wired,
    who: Keeper,
    wanted: Annotated[ReplayRequest, Body()],
) -> tuple[int, Steps]:
    """Look at everything before the stream begins, so that what is wrong is still a problem."""
    replays: Replays = request.app.state.replays
    replays.check_free()
    active, bundle = gatewright.policy.bundle, await asked_bundle(gatewright, wanted)
    until, most = gatewright.clock(), wanted.most
    window = Window(tenant=who.tenant, since=until - wanted.since, until=until, most=most)
    async with gatewright.store.read() as tx:
        number = await tx.verdicts.number(who.tenant, since=window.since, before=until)

    async def work(progress: Progress) -> Report:
        pages = pages_of_store(gatewright.store, window)
        found = await replay(bundle, pages, base=active, progress=progress)
        return report(found, bundle, since=window.since, until=until, in_log=number)

    return min(number, most), replays.follow(work)


@router.post("/replay", response_class=EventSourceResponse, responses=responses(409, 422))
async def replay_decisions(
    request: Request, begun: Annotated[tuple[int, Steps], Depends(_replay)]
) -> AsyncIterator[ServerSentEvent]:
    """Ask your tenant's past decisions again under other rules. Nothing is activated.

    Server-sent events: `progress` (a `ProgressShape`) again and again, then `report` (a
    `ReplayShape`), or `failed` (a problem). Closing the connection stops the replay.
    """
    total, steps = begun
    try:
        async for step in steps:
            if isinstance(step, int):
                yield ServerSentEvent(event="progress", data=ProgressShape(done=step, total=total))
            else:
                yield ServerSentEvent(event="report", data=ReplayShape.model_validate(step))
    except GatewrightError as error:
        problem = problem_of(error, instance=request.url.path, request_id="")
        yield ServerSentEvent(event="failed", data=problem)


@router.get("/decisions", responses=responses(422))
async def list_decisions(
    gatewright: Wired,
    who: Keeper,
    since: datetime,
    after: Annotated[str, Query(max_length=200, description="`next` of the page before.")] = "",
    limit: Limit = 500,
) -> Page[dict[str, Any]]:
    """The decision log of your tenant, newest first, in the shape that OPA logs decisions in.

    Secrets are masked; what is left may be a subscriber's, so who reads it is in the audit trail.
    """
    before = _before(after) if after else Before(gatewright.clock())
    async with gatewright.store.begin() as tx:
        page = await tx.verdicts.page(who.tenant, since=since, before=before, limit=limit)
        if not after:
            await gatewright.audit.append(
                tx,
                tenant=who.tenant,
                actor=str(who.id),
                kind="policy.decisions_read",
                payload={"since": since.isoformat()},
            )
    last = page[-1] if len(page) == limit else None
    return Page(
        items=[entry_of(each) for each in page],
        next=f"{last.decided_at.isoformat()}|{last.decision_id}" if last else "",
    )


@router.get("/decisions/{decision}", responses=responses(404))
async def explain_decision(gatewright: Wired, who: Reader, decision: Id) -> ExplainedShape:
    """One decision: its outcome and each finding, without what was asked."""
    async with gatewright.store.read() as tx:
        found = await tx.verdicts.get(who.tenant, decision)
    if found is None:
        raise NotFound("there is no such decision", field="decision")
    change, verdict = found
    bundle = gatewright.policy.bundle
    codes = {finding.code for finding in verdict.findings} & bundle.findings.keys()
    return ExplainedShape(
        change=change or "",
        verdict=VerdictShape.model_validate(verdict),
        titles={code: bundle.findings[code].title for code in sorted(codes)},
        active=verdict.policy_revision == bundle.revision,
    )


def _before(after: str) -> Before:
    moment, _, decision_id = after.partition("|")
    try:
        return Before(datetime.fromisoformat(moment), decision_id)
    except ValueError:
        raise InvalidInput("is not the next of a page", field="after") from None
