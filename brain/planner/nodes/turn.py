"""Turns the case to another device of the same home, when it is clear which one is meant."""

from langgraph.runtime import Runtime

from brain.domain.incident import Symptom
from brain.planner.housemates import listed, meant
from brain.planner.notebook import Run
from brain.planner.opening import about_device
from brain.planner.recollection import Housemate
from brain.planner.state import PlannerState
from brain.planner.telling import Tell, called, teller


async def turn(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Go on about the other device; ask which when several can be meant."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    found = meant(run.notes.text, run.notes.housemates)
    if len(found) != 1:
        _ask(run, tell, found)
        return {"intent": "nothing", "waits": False}
    await _turn_to(run, tell, found[0])
    if state["symptom"] == Symptom.UNCLEAR:
        tell("question", "What does the subscriber notice?")
        return {"intent": "nothing", "waits": False}
    return {"intent": "again"}


async def _turn_to(run: Run, tell: Tell, housemate: Housemate) -> None:
    notes, memory, device = run.notes, run.deps.memory, housemate.device
    if memory is not None:
        notes.case = await memory.turn_to(notes.case, device, notes.asker)
    await about_device(run, device)
    tell("step", f"From here on this case is about {called(device)}.", device=device.id)


def _ask(run: Run, tell: Tell, found: tuple[Housemate, ...]) -> None:
    run.notes.only_recalls = True
    if not found:
        here = called(run.notes.device)
        tell("text", f"No other device is known in this home; the case stays about {here}.")
        return
    ids = [str(each.device.id) for each in found]
    tell("question", f"Which one is meant? {listed(found)}", which=list(ids))
