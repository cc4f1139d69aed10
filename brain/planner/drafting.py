"""Makes the proposal out of a run's notes. The device is the case's: nobody else may name one."""

from brain.domain.errors import PlannerFailed
from brain.domain.identity import ProposalId
from brain.domain.proposal import Proposal
from brain.planner.notebook import Run


def proposal_of(run: Run, proposal_id: ProposalId) -> Proposal:
    """The proposal of this run's draft; PlannerFailed when there is none."""
    notes = run.notes
    if notes.draft is None:
        raise PlannerFailed("there is nothing to propose")
    candidate = notes.draft.candidate
    return Proposal(
        id=proposal_id,
        tenant=notes.case.tenant,
        case=notes.case.id,
        device=notes.device.id,
        author=notes.draft.author,
        asked_by=notes.asker.id,
        on_behalf_of=notes.device.subscriber or "",
        finding=candidate.finding,
        changes=notes.draft.changes,
        effect=candidate.effect if notes.draft.changes else None,
        hand_over=candidate.hand_over,
        made_at=run.deps.clock(),
    )
