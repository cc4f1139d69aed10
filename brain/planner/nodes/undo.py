"""Takes the last applied change of the case back, as a proposal like any other."""

from langgraph.runtime import Runtime

from brain.domain.errors import DeviceUnreachable, InvalidPlan
from brain.planner.notebook import Choice, Run
from brain.planner.opening import about_device
from brain.planner.state import PlannerState
from brain.planner.telling import Tell, called, teller
from brain.planner.undoing import UNDO, last_applied, to_read, undo_of


async def undo(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Read what the change to_read, and choose to put it back; or say why there is no undoing."""
    del state  # what was said before is in the notes
    run, tell = runtime.context, teller(runtime.stream_writer)
    try:
        await _choose(run, tell)
    except (InvalidPlan, DeviceUnreachable) as reason:
        run.notes.only_recalls = True
        tell("text", f"{_sentence(reason)} Nothing is proposed.")
        return {"intent": "nothing", "waits": False}
    return {"intent": "change"}


async def _choose(run: Run, tell: Tell) -> None:
    notes = run.notes
    tried = last_applied(notes.past.tried)
    paths = to_read(tried)
    if tried.record.device != notes.device.id:  # the case spoke of another box of the home then
        device = await run.deps.knowledge.device(notes.case.tenant, tried.record.device)
        await about_device(run, device)
    tell("step", f"Reading what change {tried.record.id} set on {called(notes.device)}.")
    notes.snapshot = await run.deps.reader.read(notes.device, paths)
    notes.pseudonyms.learn(notes.snapshot)
    notes.candidates = (undo_of(tried, notes.snapshot, notes.asker.id),)
    notes.choice = Choice(candidate=UNDO)


def _sentence(reason: InvalidPlan | DeviceUnreachable) -> str:
    text = str(reason).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
