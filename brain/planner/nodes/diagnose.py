"""Finds what could be the cause, with what could be done about each, and weighs them."""

from dataclasses import replace

from langgraph.runtime import Runtime

from brain.domain.canonical import Json
from brain.domain.history import TrackRecord
from brain.domain.incident import Symptom
from brain.planner.answers import DiagnosisAnswer
from brain.planner.candidates import Candidate, Observed
from brain.planner.causes.shared_upstream import from_neighbours
from brain.planner.consulting import consult
from brain.planner.diagnosis import (
    SURE_ENOUGH,
    find_candidates,
    is_clear,
    is_settled,
    surest_first,
    what_helped_more,
    with_track_record,
)
from brain.planner.evidence import first_groups, further_groups
from brain.planner.groups import Group
from brain.planner.notebook import Notebook, Run
from brain.planner.offered import candidates_shown
from brain.planner.promised import within
from brain.planner.prompting import prompt
from brain.planner.state import PlannerState
from brain.planner.tables import (
    changes_shown,
    events_shown,
    hosts_shown,
    networks_shown,
    rows_shown,
)
from brain.planner.telling import Tell, teller

ROUNDS = 3
"""Evidence is read at most this often: first, and twice more when it is missing."""


async def diagnose(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Compute the candidates; ask for more evidence when nothing explains the symptom."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    notes = run.notes
    if notes.snapshot is None:
        notes.candidates = tuple(from_neighbours(notes.neighbourhood, silent=True))
        _say_found(tell, notes)
        return {"missing": []}
    left = state.get("rounds", 0) < ROUNDS and not notes.unreachable
    with_model = notes.with_model
    missing = await _look(run, tell, more=left)
    if with_model and not notes.with_model:  # it failed, and what it read goes with it
        missing = await _look(run, tell, more=left)
    if not missing and notes.known.also is not None and not _has_spoken(notes):
        missing = await _read_otherwise(run, tell)
    if not missing:
        _say_found(tell, notes)
    return {"missing": [group.value for group in missing]}


async def _look(run: Run, tell: Tell, *, more: bool) -> tuple[Group, ...]:
    """Find and weigh; the groups still to be read, when there may be more."""
    notes = run.notes
    await _find(run)
    known = notes.known
    further = further_groups(known.symptom, notes.read, with_model=notes.with_model)
    return await _weigh(run, tell, further if more else ())


async def _read_otherwise(run: Run, tell: Tell) -> tuple[Group, ...]:
    """Take the message as the model read it; if that leads nowhere either, as the words did."""
    notes, known, found = run.notes, run.notes.known, run.notes.candidates
    assert known.also is not None
    notes.facts = replace(known, symptom=known.also, also=None, complains=False, by_model=True)
    unread = tuple(each for each in first_groups(known.also) if each not in notes.read)
    if unread:
        return unread
    missing = await _look(run, tell, more=False)
    if not _is_sure(notes):
        notes.facts, notes.candidates = replace(known, also=None), found
    return missing


def _has_spoken(notes: Notebook) -> bool:
    """Whether the evidence tells a cause; two level ones, where no words say what hurts, do not."""
    level = any(each.question for each in notes.candidates[:1])
    return _is_sure(notes) and not (level and notes.known.symptom is Symptom.UNCLEAR)


def _is_sure(notes: Notebook) -> bool:
    """That nothing is wrong is never sure before everything was read."""
    acting = (each for each in notes.candidates if not each.advice)
    return any(each.finding.confidence >= SURE_ENOUGH for each in acting)


def _say_found(tell: Tell, notes: Notebook) -> None:
    if notes.candidates and not notes.known.request:
        surest = notes.candidates[0].finding
        if surest.confidence < SURE_ENOUGH:
            return
        said = f"Most likely: {surest.summary}"
        tell("step", said, cause=surest.cause.value, confidence=surest.confidence)


async def _find(run: Run) -> None:
    notes = run.notes
    assert notes.snapshot is not None
    observed = Observed(
        deps=run.deps,
        device=notes.device,
        facts=notes.known,
        snapshot=notes.snapshot,
        neighbourhood=notes.neighbourhood,
        timeline=notes.timeline,
        plan=notes.plan,
    )
    possible = within(find_candidates(observed), run.deps.promised(notes.device))
    found = [await _with_history(run, each) for each in possible]
    notes.candidates = surest_first(what_helped_more(found))


async def _with_history(run: Run, candidate: Candidate) -> tuple[Candidate, TrackRecord | None]:
    if not candidate.changes:
        return candidate, None
    paths = [change.path for change in candidate.changes]
    record = await run.deps.knowledge.track_record(run.notes.device, candidate.finding.cause, paths)
    return with_track_record(candidate, record), record


async def _weigh(run: Run, tell: Tell, further: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups still to be read; the model's view of the causes goes into the notes."""
    notes = run.notes
    if is_settled(notes.known.symptom, notes.candidates) or is_clear(notes.candidates):
        return ()
    if notes.confirmed:
        return ()
    answer = await consult(run, tell, prompt("diagnose", _shown(run, further)), DiagnosisAnswer)
    if answer is None:
        return () if _is_sure(notes) else further
    notes.hypotheses = [each.model_dump(mode="json") for each in answer.hypotheses]
    return tuple(group for group in further if group in answer.missing)


def _shown(run: Run, further: tuple[Group, ...]) -> dict[str, Json]:
    notes = run.notes
    assert notes.snapshot is not None
    symptom = notes.known.symptom
    return {
        "symptom": symptom.value,
        "band": notes.known.band.value if notes.known.band else None,
        "evidence": rows_shown(notes.snapshot, notes.pseudonyms, first=first_groups(symptom)),
        "networks": networks_shown(notes.snapshot),
        "hosts": hosts_shown(notes.snapshot),
        "events": events_shown(notes.timeline, now=run.deps.clock()),
        "changes": changes_shown(notes.timeline, notes.pseudonyms, now=run.deps.clock()),
        "neighbours": _counted(notes),
        "candidates": candidates_shown(notes.candidates, notes.pseudonyms),
        "groups": [group.value for group in further],
    }


def _counted(notes: Notebook) -> dict[str, Json]:
    health = notes.neighbourhood.health
    return {"known": len(health), "with_trouble": sum(each.suffering for each in health)}
