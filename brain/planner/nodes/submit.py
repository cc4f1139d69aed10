"""Puts the draft before the ledger: the only way out of the planner."""

from langgraph.runtime import Runtime

from brain.domain.errors import InvalidInput
from brain.domain.identity import ProposalId
from brain.domain.life import ENDS, State
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.planner.card import card
from brain.planner.drafting import proposal_of
from brain.planner.notebook import Run
from brain.planner.state import PlannerState
from brain.planner.telling import Tell, quoted, teller


async def submit(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Hand the proposal in, and tell what policy says of it."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    proposal = proposal_of(run, ProposalId(state["proposal_id"]))
    tell("step", "Asking policy.")
    try:
        record = await run.deps.submit(proposal, run.notes.asker)
    except InvalidInput as error:
        tell("failed", f"The proposal was not taken: {error}", continues=False)
        return {"waits": False}
    _say(tell, run, record, proposal)
    # A plan that was proposed before in this case already has a thread that waits for it.
    waits = record.proposal == proposal.id and record.state not in ENDS
    return {"change_id": record.id, "change_state": record.state.value, "waits": waits}


def _say(tell: Tell, run: Run, record: ChangeRecord, proposal: Proposal) -> None:
    draft = run.notes.draft
    shown = card(record, proposal)
    if record.state is State.DENIED:
        tell("denied", f"Policy refuses this: {record.reason.rstrip('.')}.", **shown)
        return
    said = [draft.candidate.summary, _what_next(record, proposal)] if draft else []
    if draft and draft.sentence:
        shown["model_says"] = draft.sentence
        said.append(quoted(draft.sentence))
    tell("proposal", " ".join(said), **shown)


def _what_next(record: ChangeRecord, proposal: Proposal) -> str:
    if record.proposal != proposal.id:
        return f"This was proposed before in this case, and is {record.state.value}."
    wait = record.verdict.obligations.wait
    when = (
        f" It is then carried out as soon as it may be ({'; '.join(wait.reasons)})." if wait else ""
    )
    if record.state is State.APPROVED:
        return f"Policy lets it through without a review.{when or ' It is carried out now.'}"
    asked = [f"{need.min} from {need.group}" for need in record.verdict.obligations.approvals]
    return f"It waits for approval: {' and '.join(asked) or 'by a person'}.{when}"
