"""Tells what became of the change, in the ledger's own facts."""

from langgraph.config import get_stream_writer

from brain.planner.endings import what_became
from brain.planner.state import PlannerState
from brain.planner.telling import teller


async def report(state: PlannerState) -> PlannerState:
    """One event. Told twice, it is the same event: nothing is done here."""
    outcome = state.get("outcome", {})
    became = str(outcome.get("state", ""))
    tell = teller(get_stream_writer())
    tell("text", what_became(outcome), **outcome)
    return {"change_state": became, "waits": False}
