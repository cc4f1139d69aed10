"""Every end of a change has a sentence of its own."""

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph

from brain.domain.life import ENDS, State
from brain.planner.events import PlannerEvent
from brain.planner.nodes.report import report
from brain.planner.state import PlannerState


async def reported(state: str, reason: str = "") -> PlannerEvent:
    graph = StateGraph(PlannerState)
    graph.add_node("report", report)
    graph.add_edge(START, "report")
    compiled = graph.compile(checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "t"}}
    beginning: PlannerState = {"outcome": {"state": state, "reason": reason}}
    (event,) = [e async for e in compiled.astream(beginning, config, stream_mode="custom")]
    return event


@pytest.mark.parametrize("state", sorted(ENDS))
async def test_each_end_is_told_apart(state: State) -> None:
    others = [await reported(other) for other in ENDS if other is not state]

    told = await reported(state)

    assert told.kind == "text"
    assert told.text not in {other.text for other in others}


async def test_only_success_is_told_as_done() -> None:
    told = {state: (await reported(state)).text for state in ENDS}

    assert [state for state, text in told.items() if "Done" in text] == [State.SUCCEEDED]


async def test_a_state_of_another_version_is_never_told_as_success() -> None:
    assert (await reported("brand_new")).text == "The change moved on."
    assert (await reported("")).text == "The change moved on."


async def test_the_reason_is_told_too() -> None:
    told = await reported("failed", "fault 9007 on Device.WiFi.Radio.1.Channel.")

    assert told.text == "It failed. Fault 9007 on Device.WiFi.Radio.1.Channel."
