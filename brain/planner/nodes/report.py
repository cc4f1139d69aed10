"""Tells what became of the change, in the ledger's own facts."""

from langgraph.config import get_stream_writer

from brain.domain.life import State
from brain.planner.state import PlannerState
from brain.planner.telling import teller

_SENTENCES: dict[str, str] = {
    State.SUCCEEDED: "Done: the device has the new values, and what was promised was kept.",
    State.ROLLED_BACK: "It was taken back: the device is as it was before.",
    State.REJECTED: "A reviewer rejected it. Nothing was changed.",
    State.EXPIRED: "It was not approved or begun in time. Nothing was changed.",
    State.SUPERSEDED: "It no longer fits what the device says. Nothing was changed.",
    State.DENIED: "Policy refused it when it was about to be carried out. Nothing was changed.",
    State.FAILED: "It failed.",
    State.UNKNOWN: "Nobody can tell whether it was applied. A person was called to look.",
}
_OTHER = "The change moved on."


async def report(state: PlannerState) -> PlannerState:
    """One event. Told twice, it is the same event: nothing is done here."""
    outcome = state.get("outcome", {})
    became = str(outcome.get("state", ""))
    reason = str(outcome.get("reason") or "").strip().rstrip(".")
    sentence = _SENTENCES.get(became, _OTHER)
    text = f"{sentence} {reason[:1].upper()}{reason[1:]}." if reason else sentence
    tell = teller(get_stream_writer())
    tell("text", text, **outcome)
    return {"change_state": became, "waits": False}
