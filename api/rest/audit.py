"""The audit trail: read it, and have it checked for any edit, gap, reorder or cut-off."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Limit, responses
from api.shapes.base import Page
from api.shapes.operations import AuditEntryShape, AuditReportShape
from brain.domain.identity import Principal
from brain.ledger.audit_words import said_at

router = APIRouter(prefix="/v1/audit", tags=["audit"])
Caller = Annotated[Principal, may(Action.READ_AUDIT)]


@router.get("", responses=responses(422))
async def list_audit(
    gatewright: Wired,
    who: Caller,
    after: Annotated[int, Query(ge=0, description="`next` of the page before.")] = 0,
    limit: Limit = 100,
) -> Page[AuditEntryShape]:
    """The entries of your tenant's chain, oldest first."""
    async with gatewright.store.read() as tx:
        found = await tx.audit.range(who.tenant, after_seq=after, limit=limit)
        said = await said_at(tx, found)
    return Page(
        items=[AuditEntryShape.of(*each) for each in zip(found, said, strict=True)],
        next=str(found[-1].seq) if len(found) == limit else "",
    )


@router.post("/verify", responses=responses())
async def verify_audit(gatewright: Wired, who: Caller) -> AuditReportShape:
    """Walk your tenant's whole chain and say whether every link holds."""
    report = await gatewright.verify_audit(who.tenant)
    return AuditReportShape.model_validate(report)
