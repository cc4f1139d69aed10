"""Answers to a review, comments, and taking one's own change back. The ledger checks each."""

from typing import Annotated

from fastapi import APIRouter, Response

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Masked, responses
from api.revealing import reveal
from api.shapes.changes import AnswerRequest, ChangeShape, RevealedSecret, RevealedShape
from api.shapes.reviews import CommentRequest, CommentShape
from brain.domain.approval import Answer
from brain.domain.identity import ChangeId, Principal

router = APIRouter(prefix="/v1/changes", tags=["approvals"])
Reviewer = Annotated[Principal, may(Action.APPROVE)]
Commenter = Annotated[Principal, may(Action.COMMENT)]
Asker = Annotated[Principal, may(Action.PROPOSE)]


@router.post("/{change}/approve", responses=responses(404, 409, 422))
async def approve(
    gatewright: Wired, who: Reviewer, mask: Masked, change: Id, answer: AnswerRequest
) -> ChangeShape:
    """Approve exactly the plan that you were shown, by its digest.

    Nobody approves what they asked for, no machine approves, and the review may ask for several
    people or for somebody of a certain group.
    """
    record = await gatewright.ledger.answer(
        who,
        ChangeId(change),
        digest=answer.digest,
        answer=Answer.APPROVE,
        comment=answer.comment,
    )
    return ChangeShape.of(record, mask)


@router.post("/{change}/reject", responses=responses(404, 409, 422))
async def reject(
    gatewright: Wired, who: Reviewer, mask: Masked, change: Id, answer: AnswerRequest
) -> ChangeShape:
    """Reject the plan; one rejection is enough, also after others approved, until it begins."""
    record = await gatewright.ledger.answer(
        who,
        ChangeId(change),
        digest=answer.digest,
        answer=Answer.REJECT,
        comment=answer.comment,
    )
    return ChangeShape.of(record, mask)


@router.post("/{change}/take-back", responses=responses(404, 409))
async def take_back(gatewright: Wired, who: Reviewer, mask: Masked, change: Id) -> ChangeShape:
    """Take your own approval back, while nothing has begun."""
    return ChangeShape.of(await gatewright.ledger.take_back(who, ChangeId(change)), mask)


@router.post("/{change}/comments", responses=responses(404, 422))
async def comment_on(
    gatewright: Wired, who: Commenter, change: Id, said: CommentRequest
) -> CommentShape:
    """Say something about a change without answering it. Never write down a passphrase."""
    kept = await gatewright.ledger.remarks.comment(who, ChangeId(change), said.text)
    return CommentShape.model_validate(kept)


@router.post("/{change}/reveal", responses=responses(404, 409))
async def reveal_passphrase(
    gatewright: Wired, who: Asker, change: Id, response: Response
) -> RevealedShape:
    """Read out the Wi-Fi passphrase that your own change set, to tell it to the subscriber.

    Only the one who asked may, only once the device has it, and each time is recorded.
    """
    found = await reveal(gatewright, who, change)
    response.headers["Cache-Control"] = "no-store"
    return RevealedShape(secrets=[RevealedSecret(path=path, value=value) for path, value in found])


@router.post("/{change}/withdraw", responses=responses(404, 409))
async def withdraw(gatewright: Wired, who: Asker, mask: Masked, change: Id) -> ChangeShape:
    """Take back a change that you asked for, while nothing has begun."""
    record = await gatewright.ledger.withdraw(who, ChangeId(change))
    return ChangeShape.of(record, mask)
