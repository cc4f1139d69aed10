"""Answers from what the case remembers: why, why not, what became of it. Nothing is proposed."""

from langgraph.runtime import Runtime

from brain.domain.errors import DeviceUnreachable
from brain.domain.parameter import Snapshot
from brain.planner.facts import FollowUp
from brain.planner.in_words import in_words
from brain.planner.notebook import Run
from brain.planner.reasons import why, why_not
from brain.planner.standing import standing
from brain.planner.state import PlannerState
from brain.planner.telling import teller


async def recall(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """The facts that were kept, in plain sentences or in a language model's words over them."""
    del state  # what was said before is in the notes
    run, tell = runtime.context, teller(runtime.stream_writer)
    facts = await _facts(run)
    said = await in_words(run, tell, facts)
    tell("text", said or " ".join(facts), facts=list(facts))
    return {"waits": False}


async def _facts(run: Run) -> list[str]:
    known, past = run.notes.known, run.notes.past
    if known.follow_up is FollowUp.WHY_NOT:
        return why_not(past, known.about or run.notes.text)
    if known.follow_up is FollowUp.WHY:
        return why(past)
    return standing(past, await _reading(run), run.deps.clock())


async def _reading(run: Run) -> Snapshot | None:
    """What the metric that the last change promised to improve is now; None when nobody knows."""
    newest = run.notes.past.tried[0].record if run.notes.past.tried else None
    if newest is None or newest.effect is None:
        return None
    try:
        device = await run.deps.knowledge.device(newest.tenant, newest.device)
        return await run.deps.reader.read(device, (newest.effect.metric,))
    except DeviceUnreachable:
        return None
