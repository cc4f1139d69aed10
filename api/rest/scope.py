"""What the routes share: finding a thing in the caller's own tenant, or not at all."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from api.conversation import Conversations
from api.found import there
from api.masking import Mask
from api.shapes.problem import Problem
from brain.domain.device import Device
from brain.domain.identity import CaseId, ChangeId, DeviceId, ProposalId, TenantId
from brain.domain.incident import Case
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.store.transaction import Transaction

Limit = Annotated[int, Query(ge=1, le=500, description="At most so many.")]
Id = Annotated[str, Path(max_length=256)]

PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": text}
    for status, text in {
        401: "No valid token was sent.",
        403: "Policy does not let your roles do this.",
        404: "There is no such thing in your tenant.",
        409: "The record is no longer as you saw it.",
        422: "Something in the request is wrong; `field` names it.",
        503: "A part that is needed does not answer.",
    }.items()
}


def responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The problems that a route may answer with, for the OpenAPI document."""
    return {status: PROBLEMS[status] for status in (401, 403, *statuses, 503)}


def _mask(request: Request) -> Mask:
    mask: Mask = request.app.state.mask
    return mask


def _conversations(request: Request) -> Conversations:
    conversations: Conversations = request.app.state.conversations
    return conversations


Masked = Annotated[Mask, Depends(_mask)]
Talks = Annotated[Conversations, Depends(_conversations)]


async def device_of(tx: Transaction, tenant: TenantId, device: str) -> Device:
    """The device, or NotFound: for another tenant's exactly as for one that is not."""
    return there(await tx.devices.get(tenant, DeviceId(device)), "device")


async def case_of(tx: Transaction, tenant: TenantId, case: str) -> Case:
    """The case, or NotFound."""
    return there(await tx.cases.get(tenant, CaseId(case)), "case")


async def proposal_of(tx: Transaction, tenant: TenantId, proposal: str) -> Proposal:
    """The proposal, or NotFound."""
    return there(await tx.proposals.get(tenant, ProposalId(proposal)), "proposal")


async def change_of(tx: Transaction, tenant: TenantId, change: str) -> ChangeRecord:
    """The change, or NotFound."""
    return there(await tx.changes.get(tenant, ChangeId(change)), "change")
