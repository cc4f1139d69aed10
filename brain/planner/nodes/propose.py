"""Chooses what to propose: the surest candidate, or what a language model chooses or composes."""

from langgraph.runtime import Runtime

from brain.datamodel.catalogue import Catalogue
from brain.domain.canonical import Json
from brain.planner.answers import proposal_answer
from brain.planner.consulting import consult
from brain.planner.diagnosis import SURE_ENOUGH, is_settled
from brain.planner.features import candidates_shown, settable_shown
from brain.planner.notebook import Choice, Notebook, Run
from brain.planner.prompting import prompt
from brain.planner.state import PlannerState
from brain.planner.telling import Tell, teller


async def propose(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Put a choice into the notes. Whether it can be done at all, grounding tells."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    notes = run.notes
    with_model = notes.with_model
    choice = None
    if notes.snapshot is not None and not is_settled(notes.known.symptom, notes.candidates):
        choice = await _by_model(run, tell, state.get("problem", ""))
    if with_model and not notes.with_model:
        return {"intent": "again"}
    notes.choice = choice or _by_rules(notes)
    return {"intent": "nothing"}


def _by_rules(notes: Notebook) -> Choice:
    for candidate in notes.candidates:
        if candidate.id not in notes.tried and candidate.finding.confidence >= SURE_ENOUGH:
            return Choice(candidate=candidate.id)
    return Choice()


async def _by_model(run: Run, tell: Tell, problem: str) -> Choice | None:
    notes = run.notes
    question = prompt("propose", _shown(notes, notes.catalogue, problem))
    shape = proposal_answer([each.id for each in notes.candidates])
    answer = await consult(run, tell, question, shape)
    if answer is None:
        return None
    sentence = " ".join(notes.pseudonyms.reveal(answer.sentence).split())
    composed = tuple((each.path, each.value) for each in answer.changes)
    return Choice(
        by_model=True,
        candidate=answer.candidate if answer.decision == "candidate" else "",
        composed=composed if answer.decision == "compose" else None,
        cause=answer.cause,
        sentence=sentence,
    )


def _shown(notes: Notebook, catalogue: Catalogue, problem: str) -> dict[str, Json]:
    assert notes.snapshot is not None
    return {
        "symptom": notes.known.symptom.value,
        "language": notes.known.language.value,
        "candidates": candidates_shown(notes.candidates, notes.pseudonyms),
        "settable": settable_shown(notes.snapshot, notes.pseudonyms, catalogue),
        "hypotheses": list(notes.hypotheses),
        "problem": notes.pseudonyms.scrub(problem),
    }
