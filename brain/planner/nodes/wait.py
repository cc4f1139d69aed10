"""Waits for the outcome of the change. It holds the interrupt and nothing else.

A step with an interrupt runs again from its first line when it is resumed, so whatever stood before
the interrupt would be done twice.
"""

from langgraph.types import interrupt

from brain.planner.state import PlannerState


async def wait(state: PlannerState) -> PlannerState:
    """Sleep until the ledger says what became of the change."""
    return {"outcome": interrupt({"change_id": state["change_id"]})}
