"""Proposes no change here, and gives the evidence to somebody who can mend it."""

from langgraph.runtime import Runtime

from brain.domain.identity import ProposalId
from brain.planner.card import finding_shown
from brain.planner.drafting import proposal_of
from brain.planner.notebook import Run
from brain.planner.state import PlannerState
from brain.planner.telling import teller


async def hand_over(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Keep the proposal with its evidence, and tell it."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    proposal = proposal_of(run, ProposalId(state["proposal_id"]))
    await run.deps.hand_over(proposal)
    tell(
        "hand_over",
        proposal.hand_over,
        proposal_id=proposal.id,
        device=proposal.device,
        cause=proposal.finding.cause.value,
        **finding_shown(proposal.finding),
    )
    return {"waits": False}
