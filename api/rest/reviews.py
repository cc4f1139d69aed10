"""Reviews: what waits for you, changes that are alike, and one answer to many of them."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter

from api.actions import Action
from api.auth import Wired, may
from api.masking import Mask
from api.needs import Gatewright
from api.problems import problem_of
from api.rest.scope import Id, Limit, Masked, change_of, responses
from api.reviewing import LOOKED_THROUGH, Reviewing
from api.shapes.base import Page
from api.shapes.changes import ChangeShape, WaitingShape
from api.shapes.proposals import ChangeStepShape
from api.shapes.reviews import (
    MOST_AT_ONCE,
    AlikeItem,
    AlikeShape,
    AnsweredShape,
    ManyAnsweredShape,
    ManyAnswersRequest,
    ShownChange,
)
from brain.domain.alike import likeness, sameness
from brain.domain.approval import Answer
from brain.domain.errors import Conflict, GatewrightError, InvalidInput
from brain.domain.identity import ChangeId, Principal
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.ledger.owners import with_owners
from brain.store.transaction import Transaction

router = APIRouter(tags=["approvals"])
Reviewer = Annotated[Principal, may(Action.APPROVE)]


@router.get("/v1/reviews", responses=responses(422))
async def list_reviews(
    gatewright: Wired, who: Reviewer, mask: Masked, limit: Limit = 100
) -> Page[WaitingShape]:
    """The changes that wait for you: asked of your groups or of those you stand in for."""
    async with gatewright.store.read() as tx:
        view = await Reviewing.open(gatewright, tx, who)
        items: list[WaitingShape] = []
        for record in await _waiting(tx, who):
            review = await view.of(tx, record)
            if review.may_answer.may and len(items) < limit:
                items.append(WaitingShape(change=ChangeShape.of(record, mask), review=review))
    return Page(items=items)


@router.get("/v1/changes/{change}/alike", responses=responses(404, 409))
async def list_alike(gatewright: Wired, who: Reviewer, mask: Masked, change: Id) -> AlikeShape:
    """The waiting changes that do the same as this one, which comes first, on every device.

    Alike are the same parameters to the same values, whatever they were before, for the same
    findings of policy. Where a step is a secret, each device gets its own. Then answer as many as
    you like at once, each by its digest.
    """
    async with gatewright.store.read() as tx:
        record = await change_of(tx, who.tenant, change)
        if record.state is not State.AWAITING_APPROVAL:
            raise Conflict(f"the change does not wait for approval: it is {record.state}")
        like = likeness(record)
        same = [
            each
            for each in await _waiting(tx, who)
            if likeness(each) == like and each.id != record.id
        ]
        shown = [record, *same][:MOST_AT_ONCE]
        view = await Reviewing.open(gatewright, tx, who)
        items = [await _item(tx, view, each, mask) for each in shown]
    findings = (f"{each.severity}: {each.message}" for each in record.verdict.findings)
    return AlikeShape(
        steps=items[0].steps,
        findings=list(dict.fromkeys(findings)),
        items=items,
        says=sameness(record),
        left_out=len(same) + 1 - len(items),
    )


@router.post("/v1/reviews/answers", responses=responses(422))
async def answer_many(
    gatewright: Wired, who: Reviewer, wanted: ManyAnswersRequest
) -> ManyAnsweredShape:
    """Give one answer to several changes, each by the digest that you were shown.

    Each is checked and kept on its own: one that is refused stops none of the others.
    """
    named = [each.change for each in wanted.changes]
    if len(set(named)) != len(named):
        raise InvalidInput("a change is named twice", field="changes", remedy="Name each once.")
    return ManyAnsweredShape(
        results=[await _answered(gatewright, who, wanted, each) for each in wanted.changes]
    )


async def _answered(
    gatewright: Gatewright, who: Principal, wanted: ManyAnswersRequest, shown: ShownChange
) -> AnsweredShape:
    try:
        record = await gatewright.ledger.answer(
            who,
            ChangeId(shown.change),
            digest=shown.digest,
            answer=Answer(wanted.answer),  # shapes hold the bare word
            comment=wanted.comment,
        )
    except GatewrightError as error:
        instance = f"/v1/changes/{shown.change}"
        return AnsweredShape(
            change=shown.change, state=None, problem=problem_of(error, instance=instance)
        )
    return AnsweredShape(change=shown.change, state=record.state, problem=None)


async def _waiting(tx: Transaction, who: Principal) -> Sequence[ChangeRecord]:
    """The oldest of what waits for approval in the tenant: what is soonest too late."""
    return await tx.changes.waiting(who.tenant, limit=LOOKED_THROUGH)


async def _item(tx: Transaction, view: Reviewing, record: ChangeRecord, mask: Mask) -> AlikeItem:
    given = await tx.approvals.of_change(record.tenant, record.id)
    return AlikeItem(
        change=record.id,
        device=record.device,
        digest=record.plan.digest,
        asked_by=record.asked_by,
        steps=[ChangeStepShape.of(each, mask) for each in record.plan.changes],
        may_answer=view.may_answer(await with_owners(tx, record), given),
    )
