"""The drawing of the graph is the one the design promises: submit is the only way to the ledger."""

from typing import TYPE_CHECKING

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from brain.planner.graph import (
    after_choice,
    after_diagnosis,
    after_grounding,
    after_intake,
    after_submission,
    build_graph,
)

if TYPE_CHECKING:
    from brain.planner.state import PlannerState


@pytest.fixture(scope="module")
def edges() -> set[tuple[str, str]]:
    drawn = build_graph(InMemorySaver()).get_graph()
    return {(edge.source, edge.target) for edge in drawn.edges}


def test_only_what_is_grounded_reaches_submit(edges: set[tuple[str, str]]) -> None:
    assert [source for source, target in edges if target == "submit"] == ["ground"]
    assert {source for source, target in edges if target == "ground"} == {"propose", "undo"}


def test_only_submit_leads_to_waiting_and_waiting_to_the_report(
    edges: set[tuple[str, str]],
) -> None:
    assert [source for source, target in edges if target == "wait"] == ["submit"]
    assert [target for source, target in edges if source == "wait"] == ["report"]


def test_evidence_and_choices_can_be_asked_for_again(edges: set[tuple[str, str]]) -> None:
    assert ("diagnose", "gather") in edges
    assert ("ground", "propose") in edges


@pytest.mark.parametrize(
    ("router", "state", "leads_to"),
    [
        (after_intake, {"symptom": "unclear"}, "explain"),
        (after_intake, {"symptom": "unclear", "complains": True}, "gather"),
        (after_intake, {"symptom": "slow_wifi"}, "gather"),
        (after_diagnosis, {"missing": ["dns"]}, "gather"),
        (after_diagnosis, {"missing": []}, "propose"),
        (after_choice, {"intent": "again"}, "diagnose"),
        (after_choice, {"intent": "nothing"}, "ground"),
        (after_grounding, {"intent": "again"}, "diagnose"),
        (after_grounding, {"intent": "change"}, "submit"),
        (after_grounding, {"intent": "hand_over"}, "hand_over"),
        (after_grounding, {"intent": "mend"}, "propose"),
        (after_grounding, {"intent": "nothing"}, "explain"),
        (after_submission, {"waits": True}, "wait"),
        (after_submission, {"waits": False}, "__end__"),
        (after_submission, {}, "__end__"),
    ],
)
def test_each_router_says_where_it_goes(
    router: object, state: "PlannerState", leads_to: str
) -> None:
    assert callable(router)
    assert router(state) == leads_to
