"""Gathers the whole road of one change, from one moment of the store."""

from api.masking import Mask
from api.shapes.changes import (
    ApprovalShape,
    ChangeShape,
    ExecutionShape,
    OutcomeShape,
    PermitShape,
    RoadShape,
)
from api.shapes.proposals import ProposalShape
from api.shapes.reviews import CommentShape
from api.shapes.verdicts import VerdictShape
from brain.domain.record import ChangeRecord
from brain.store.transaction import Transaction


async def road_of(tx: Transaction, record: ChangeRecord, mask: Mask) -> RoadShape:
    """Everything that is kept about this change, its secrets masked."""
    tenant, change = record.tenant, record.id
    proposal = await tx.proposals.get(tenant, record.proposal)
    verdicts = await tx.verdicts.of_change(tenant, change)
    approvals = await tx.approvals.of_change(tenant, change)
    permits = await tx.permits.of_change(tenant, change)
    executions = await tx.executions.of_change(tenant, change)
    outcomes = await tx.outcomes.of_change(tenant, change)
    comments = await tx.comments.of_change(tenant, change)
    return RoadShape(
        change=ChangeShape.of(record, mask),
        proposal=ProposalShape.of(proposal, mask) if proposal else None,
        verdicts=[VerdictShape.model_validate(each) for each in verdicts],
        approvals=[ApprovalShape.model_validate(each) for each in approvals],
        permits=[PermitShape.model_validate(each) for each in permits],
        executions=[ExecutionShape.model_validate(each) for each in executions],
        outcomes=[OutcomeShape.model_validate(each) for each in outcomes],
        comments=[CommentShape.model_validate(each) for each in comments],
    )
