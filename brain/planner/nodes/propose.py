"""Chooses what to propose: the surest candidate, or what a language model chooses or composes."""

from dataclasses import replace

from langgraph.runtime import Runtime

from brain.domain.canonical import Json
from brain.domain.parameter import Snapshot
from brain.planner.answers import ProposalAnswer, proposal_answer
from brain.planner.consulting import consult
from brain.planner.diagnosis import SURE_ENOUGH, is_clear, is_settled
from brain.planner.notebook import Choice, Notebook, Run
from brain.planner.offered import candidates_shown
from brain.planner.promised import cannot
from brain.planner.prompting import prompt
from brain.planner.state import PlannerState
from brain.planner.tables import settable_shown
from brain.planner.telling import Tell, teller

_WEIGHED = 3
"""So many causes are worth choosing by."""


async def propose(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Put a choice into the notes. Whether it can be done at all, grounding tells."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    notes = run.notes
    with_model = notes.with_model
    choice = _by_person(notes)
    settled = choice is not None or is_settled(notes.known.symptom, notes.candidates)
    if notes.snapshot is not None and not settled:
        choice = await _by_model(run, tell, state.get("problem", ""))
    if with_model and not notes.with_model:
        return {"intent": "again"}
    if choice is not None and choice.by_model and _overrules(choice, notes):
        tell("step", "The evidence is clear. What the language model would rather do is left.")
        choice = None
    if choice is not None and choice.by_model and _contradicts_itself(choice, notes):
        tell("step", "The language model thinks the same cause likeliest, and would do nothing.")
        choice = None
    choice = choice or _by_rules(notes)
    if notes.only_model_complains and _acts(notes, choice):
        # Nobody is changed anything for whom only a model complained: they are asked first.
        notes.asks_about, choice = choice.candidate, Choice()
    notes.choice = choice
    return {"intent": "nothing"}


def _acts(notes: Notebook, choice: Choice) -> bool:
    named = (each for each in notes.candidates if each.id == choice.candidate)
    return choice.composed is not None or any(each.changes for each in named)


def _by_person(notes: Notebook) -> Choice | None:
    """What the agent said yes to, unless it turned out to be no plan."""
    meant = notes.confirmed
    if meant is None or meant.id in notes.tried:
        return None
    return Choice(candidate=meant.id)


def _overrules(choice: Choice, notes: Notebook) -> bool:
    """Whether a model passes over what the evidence tells clearly.

    Of the candidates for that cause it may take any.
    """
    if not is_clear(notes.candidates):
        return False
    best = notes.candidates[0].finding.cause
    chosen = next((each for each in notes.candidates if each.id == choice.candidate), None)
    return chosen is None or chosen.finding.cause is not best


def _contradicts_itself(choice: Choice, notes: Notebook) -> bool:
    """Whether a model would do nothing about what it thinks likeliest itself, as the rules do."""
    surest = _by_rules(notes).candidate
    if choice.candidate or choice.composed is not None or not surest or not notes.hypotheses:
        return False
    mends = next(each.finding.cause for each in notes.candidates if each.id == surest)
    likeliest = max(notes.hypotheses, key=lambda each: float(str(each["probability"])))
    return likeliest["cause"] == mends.value


def _by_rules(notes: Notebook) -> Choice:
    for candidate in notes.candidates:
        if candidate.id not in notes.tried and candidate.finding.confidence >= SURE_ENOUGH:
            return Choice(candidate=candidate.id)
    return Choice()


async def _by_model(run: Run, tell: Tell, problem: str) -> Choice | None:
    notes = run.notes
    settable = settable_shown(
        _snapshot(notes), notes.pseudonyms, notes.catalogue, composable=run.deps.composable
    )
    if not notes.candidates and not settable:
        return None
    shown = _shown(notes, settable, problem)
    limits = cannot(run.deps.promised(notes.device))
    question = prompt("propose", shown | ({"controller_cannot": limits} if limits else {}))
    composes = bool(settable) or run.deps.composable is None
    shape = proposal_answer([each.id for each in notes.candidates], composes=composes)
    answer = await consult(run, tell, question, shape)
    if answer is None:
        return None
    sentence = " ".join(notes.pseudonyms.reveal(answer.sentence).split())
    choice = replace(_meant(notes, answer), by_model=True, cause=answer.cause, sentence=sentence)
    nothing = not choice.candidate and choice.composed is None
    return replace(choice, candidate=_changes_nothing(notes)) if nothing else choice


def _changes_nothing(notes: Notebook) -> str:
    """The surest candidate, where it changes nothing either: then it says why. Else none."""
    surest = _by_rules(notes).candidate
    named = (each for each in notes.candidates if each.id == surest and not each.changes)
    return next((each.id for each in named), "")


def _meant(notes: Notebook, answer: ProposalAnswer) -> Choice:
    """The candidate, where one is named: small models then compose it once more.

    To set what is set already is to do nothing.
    """
    if answer.decision == "nothing":
        return Choice()
    if answer.candidate or answer.decision == "candidate":
        return Choice(candidate=answer.candidate)
    now = _snapshot(notes)
    composed = tuple((each.path, each.value) for each in answer.changes)
    idle = composed and all(now.get(path) == value for path, value in composed)
    return Choice() if idle else Choice(composed=composed)


def _snapshot(notes: Notebook) -> Snapshot:
    assert notes.snapshot is not None  # else nobody is asked
    return notes.snapshot


def _shown(notes: Notebook, settable: dict[str, Json], problem: str) -> dict[str, Json]:
    """What could be set is shown where the rules have nothing to offer that acts."""
    offers = any(each.changes or each.hand_over for each in notes.candidates)
    return {
        "symptom": notes.known.symptom.value,
        "language": notes.known.language.value,
        "candidates": candidates_shown(notes.candidates, notes.pseudonyms),
        "settable": {} if offers else settable,
        "hypotheses": notes.causes[:_WEIGHED] if notes.hypotheses else [],
        "problem": notes.pseudonyms.scrub(problem),
    }
