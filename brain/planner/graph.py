"""Which step follows which. The steps themselves live in ``nodes``."""

from typing import Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from brain.domain.incident import Symptom
from brain.planner.facts import FollowUp
from brain.planner.nodes.diagnose import diagnose
from brain.planner.nodes.explain import explain
from brain.planner.nodes.gather import gather
from brain.planner.nodes.ground import ground_choice
from brain.planner.nodes.hand_over import hand_over
from brain.planner.nodes.intake import intake
from brain.planner.nodes.propose import propose
from brain.planner.nodes.recall import recall
from brain.planner.nodes.report import report
from brain.planner.nodes.submit import submit
from brain.planner.nodes.turn import turn
from brain.planner.nodes.undo import undo
from brain.planner.nodes.wait import wait
from brain.planner.notebook import Run
from brain.planner.state import PlannerState

Graph = CompiledStateGraph[PlannerState, Run, PlannerState, PlannerState]


def build_graph(checkpointer: BaseCheckpointSaver[str]) -> Graph:
    """The planner as a graph over this checkpointer."""
    graph = StateGraph(PlannerState, context_schema=Run)
    graph.add_node("intake", intake)
    graph.add_node("recall", recall)
    graph.add_node("undo", undo)
    graph.add_node("turn", turn)
    graph.add_node("gather", gather)
    graph.add_node("diagnose", diagnose)
    graph.add_node("propose", propose)
    graph.add_node("ground", ground_choice)
    graph.add_node("submit", submit)
    graph.add_node("hand_over", hand_over)
    graph.add_node("explain", explain)
    graph.add_node("wait", wait)
    graph.add_node("report", report)
    graph.add_edge(START, "intake")
    graph.add_conditional_edges("intake", after_intake)
    graph.add_edge("recall", END)
    graph.add_conditional_edges("undo", after_undo)
    graph.add_conditional_edges("turn", after_turn)
    graph.add_edge("gather", "diagnose")
    graph.add_conditional_edges("diagnose", after_diagnosis)
    graph.add_conditional_edges("propose", after_choice)
    graph.add_conditional_edges("ground", after_grounding)
    graph.add_conditional_edges("submit", after_submission)
    graph.add_edge("hand_over", END)
    graph.add_edge("explain", END)
    graph.add_edge("wait", "report")
    graph.add_edge("report", END)
    return graph.compile(checkpointer=checkpointer, name="planner")


def after_intake(
    state: PlannerState,
) -> Literal["gather", "explain", "recall", "undo", "turn"]:
    """Nothing is read for a message that complains of nothing, or that asks about the past."""
    match state.get("follow_up"):
        case FollowUp.UNDO:
            return "undo"
        case FollowUp.OTHER_DEVICE:
            return "turn"
        case FollowUp.WHY | FollowUp.WHY_NOT | FollowUp.STATUS:
            return "recall"
        case _:
            unclear = state["symptom"] == Symptom.UNCLEAR and not state.get("complains")
            return "explain" if unclear else "gather"


def after_undo(state: PlannerState) -> Literal["ground", "__end__"]:
    """What can be put back is checked and submitted as any change is."""
    return "ground" if state["intent"] == "change" else "__end__"


def after_turn(state: PlannerState) -> Literal["gather", "__end__"]:
    """The same trouble is looked for on the other device."""
    return "gather" if state["intent"] == "again" else "__end__"


def after_diagnosis(state: PlannerState) -> Literal["gather", "propose"]:
    """Back for more evidence while some is missing."""
    return "gather" if state.get("missing") else "propose"


def after_choice(state: PlannerState) -> Literal["ground", "diagnose"]:
    """A model that failed takes its reading of the message with it: the rules look again."""
    return "diagnose" if state["intent"] == "again" else "ground"


def after_grounding(
    state: PlannerState,
) -> Literal["submit", "hand_over", "propose", "diagnose", "explain"]:
    """Only what is grounded is submitted; what is not is chosen anew, as often as is allowed."""
    match state["intent"]:
        case "change":
            return "submit"
        case "hand_over":
            return "hand_over"
        case "mend":
            return "propose"
        case "again":
            return "diagnose"
        case _:
            return "explain"


def after_submission(state: PlannerState) -> Literal["wait", "__end__"]:
    """Wait for a change that is on its way; one that ended is told already."""
    return "wait" if state.get("waits") else "__end__"
