"""Tells what became of the change, in the ledger's own facts."""

from langgraph.config import get_stream_writer

from brain.planner.endings import BECAME
from brain.planner.state import PlannerState
from brain.planner.telling import teller

_OTHER = "The change moved on."


async def report(state: PlannerState) -> PlannerState:
    """One event. Told twice, it is the same event: nothing is done here."""
    outcome = state.get("outcome", {})
    became = str(outcome.get("state", ""))
    reason = str(outcome.get("reason") or "").strip().rstrip(".")
    sentence = BECAME.get(became, _OTHER)
    text = f"{sentence} {reason[:1].upper()}{reason[1:]}." if reason else sentence
    tell = teller(get_stream_writer())
    tell("text", text, **outcome)
    return {"change_state": became, "waits": False}
