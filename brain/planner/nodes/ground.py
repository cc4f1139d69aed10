"""Checks the choice against the device: nothing that is not a plan gets any further."""

from langgraph.runtime import Runtime

from brain.domain.errors import InvalidInput, InvalidPlan
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Author, Evidence, Finding
from brain.planner.candidates import Candidate, MoreNeeded, wanted
from brain.planner.consulting import without_model
from brain.planner.grounding import check_composed, ground
from brain.planner.notebook import Choice, Draft, Notebook, Run
from brain.planner.state import Intent, PlannerState
from brain.planner.telling import Tell, teller

REPAIRS = 2
"""How often a language model may mend a choice that is no plan."""
_MODEL_IS_SURE = 0.5
"""What a composition is trusted at, whatever the model says of itself."""


async def ground_choice(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Turn the choice into a draft of typed changes, or say what is wrong with it."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    choice = run.notes.choice
    run.notes.draft = None
    if not choice.candidate and choice.composed is None:
        # What was wrong with an earlier choice still explains why the rules have none left.
        return {"intent": "nothing", "problem": "" if choice.by_model else state.get("problem", "")}
    chosen = None if choice.composed is not None else _named(run.notes, choice)
    if chosen is not None and chosen.question:
        raise MoreNeeded(chosen.question)
    if chosen is not None and chosen.advice:
        run.notes.advice = chosen.advice
        return {"problem": "", "intent": "nothing", "cause": chosen.finding.cause.value}
    try:
        draft = _draft(run, choice)
    except InvalidInput as error:
        return _refused(run, tell, str(error), state.get("repairs", 0))
    run.notes.draft = draft
    intent: Intent = "change" if draft.changes else "hand_over"
    return {"problem": "", "intent": intent, "cause": draft.candidate.finding.cause.value}


def _refused(run: Run, tell: Tell, problem: str, repairs: int) -> PlannerState:
    """Have it chosen anew; a model that cannot mend its choice leaves it to the rules."""
    notes = run.notes
    tell("step", f"That cannot be proposed: {problem}")
    if not notes.choice.by_model:
        notes.tried.add(notes.choice.candidate)
        return {"problem": problem, "intent": "mend"}
    if repairs < REPAIRS:
        return {"problem": problem, "intent": "mend", "repairs": repairs + 1}
    without_model(run, tell, "what it proposes does not fit this device")
    return {"problem": "", "intent": "again"}


def _draft(run: Run, choice: Choice) -> Draft:
    notes = run.notes
    candidate = _composed(run, choice) if choice.composed is not None else _chosen(notes, choice)
    changes = candidate.changes
    if changes:
        changes = ground(_snapshot(notes), changes, model=notes.catalogue.name)
    return Draft(
        candidate=candidate,
        author=_author(notes, choice),
        changes=changes,
        sentence=choice.sentence,
    )


def _chosen(notes: Notebook, choice: Choice) -> Candidate:
    chosen = _named(notes, choice)
    if chosen is None:
        raise InvalidPlan("there is no candidate of that id", field="candidate")
    return chosen


def _named(notes: Notebook, choice: Choice) -> Candidate | None:
    return next((each for each in notes.candidates if each.id == choice.candidate), None)


def _composed(run: Run, choice: Choice) -> Candidate:
    """A candidate of the model's own making; which device it is for was never its to say."""
    notes = run.notes
    snapshot = _snapshot(notes)
    if not choice.composed:
        raise InvalidPlan("nothing was composed", field="changes")
    changes = tuple(wanted(snapshot, path, value) for path, value in choice.composed)
    for change in changes:
        check_composed(notes.catalogue, change, resolvers=run.deps.resolvers)
    said = "A language model composed this; no rule of ours found the cause."
    return Candidate(
        id="composed",
        finding=Finding(
            cause=choice.cause,
            confidence=_MODEL_IS_SURE,
            summary=said,
            evidence=(Evidence(text=said),),
        ),
        summary=f"Set {', '.join(path for path, _ in choice.composed)}.",
        changes=changes,
    )


def _snapshot(notes: Notebook) -> Snapshot:
    if notes.snapshot is None:
        raise InvalidPlan("the device was not read", field="device")
    return notes.snapshot


def _author(notes: Notebook, choice: Choice) -> Author:
    """Whoever had a part in it: what a model read is at best chosen by it."""
    if choice.composed is not None or (notes.known.by_model and notes.known.request):
        return Author.LLM_COMPOSED
    return Author.LLM_CHOSEN if choice.by_model or notes.known.by_model else Author.RULES
