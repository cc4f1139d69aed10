"""Reads evidence: from the device itself in one session, and from what the brain remembers."""

from langgraph.runtime import Runtime

from brain.domain.errors import DeviceUnreachable
from brain.domain.incident import Symptom
from brain.domain.parameter import ParameterPath, Snapshot
from brain.planner.evidence import WISHES, first_groups
from brain.planner.facts import RequestKind
from brain.planner.groups import Group, in_words, paths_of
from brain.planner.notebook import Notebook, Run
from brain.planner.state import PlannerState
from brain.planner.telling import Tell, called, teller, what_was_seen, who_else_suffers

EVENTS = 100
"""How far back the timeline is read, in events."""
_AROUND = frozenset(Symptom) - WISHES - {Symptom.UNCLEAR}
"""The symptoms that may come from outside the home."""


async def gather(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Read what is missing, or what the symptom asks for first; one session a round."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    notes = run.notes
    first = not state.get("rounds")
    missing = [Group(name) for name in state.get("missing", [])]
    groups = tuple(missing) if not first else first_groups(notes.known.symptom)
    if first:
        await _look_around(run, tell)
    await _read(run, tell, groups)
    return {"rounds": state.get("rounds", 0) + 1, "missing": []}


async def _look_around(run: Run, tell: Tell) -> None:
    """What can be known without waking the device."""
    notes, knowledge = run.notes, run.deps.knowledge
    notes.timeline = tuple(await knowledge.timeline(notes.device, limit=EVENTS))
    if notes.known.symptom in _AROUND or notes.known.complains:
        tell("step", f"Looking at the neighbours of {called(notes.device)}.")
        notes.plan = await knowledge.plan(notes.device)
        notes.neighbourhood = await knowledge.neighbourhood(notes.device)
        tell("step", who_else_suffers(notes.neighbourhood))


async def _read(run: Run, tell: Tell, groups: tuple[Group, ...]) -> None:
    notes = run.notes
    paths = tuple(dict.fromkeys((*paths_of(groups, oui=notes.device.oui), *_asked_for(notes))))
    tell("step", f"Reading the {in_words(groups)} of {called(notes.device)}.")
    try:
        fresh = await run.deps.reader.read(notes.device, paths)
    except DeviceUnreachable as error:
        notes.unreachable = error.message or "the device did not come when it was called"
        tell("step", f"{called(notes.device)} cannot be read now: {notes.unreachable}.")
        return
    notes.unreachable = ""
    notes.read.update(groups)
    notes.snapshot = _merged(notes.snapshot, fresh)
    notes.pseudonyms.learn(fresh)
    for sentence in what_was_seen(notes.snapshot, set(groups)):
        tell("step", sentence)


def _asked_for(notes: Notebook) -> tuple[ParameterPath, ...]:
    """The parameter that a request names, with the row it stands in: that lists legal values."""
    request = notes.known.request
    if request is None or request.kind is not RequestKind.PARAMETER:
        return ()
    row = request.path.rpartition(".")[0]
    in_a_row = row.rpartition(".")[2].isdecimal()
    return (ParameterPath(f"{row}." if in_a_row else request.path),)


def _merged(before: Snapshot | None, fresh: Snapshot) -> Snapshot:
    """Both readings as one; where they differ, the fresh one holds."""
    if before is None:
        return fresh
    return Snapshot(
        device=fresh.device,
        taken_at=fresh.taken_at,
        values={**before.values, **fresh.values},
        writable={**before.writable, **fresh.writable},
    )
