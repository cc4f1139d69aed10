"""A thread that waits is resumed once, with the outcome of its own change, in any process."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver

from brain.domain.canonical import Json
from brain.domain.identity import CaseId, Principal
from brain.domain.incident import Case
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision
from brain.planner.checkpoints import open_checkpoints
from brain.planner.events import PlannerEvent
from brain.planner.run import Planner, outcome_of

if TYPE_CHECKING:
    from tests.brain.planner.conftest import DepsOf, FakeWorld

TEXT = "put the 2.4 GHz wifi on channel 13"
CASE = CaseId("case_1")


@pytest.fixture
async def waiting(
    deps_of: "DepsOf", checkpointer: BaseCheckpointSaver[str], case: Case, asker: Principal
) -> Planner:
    """A planner with one thread that waits."""
    planner = Planner(deps_of(), checkpointer)
    _ = [event async for event in planner.run(case, TEXT, asker)]
    return planner


async def resumed(planner: Planner, outcome: dict[str, Json]) -> list[PlannerEvent]:
    return [event async for event in planner.resume(CASE, outcome)]


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def became(world: "FakeWorld", state: str, reason: str = "", number: int = 0) -> dict[str, Json]:
    proposal = world.submitted[number].id
    return {
        "change_id": f"chg_of_{proposal}",
        "proposal_id": proposal,
        "state": state,
        "reason": reason,
    }


async def test_the_outcome_is_told_once(
    waiting: Planner, world: "FakeWorld", checkpointer: BaseCheckpointSaver[str]
) -> None:
    outcome = became(world, "succeeded", "the utilisation fell from 200 to 60")

    first = await resumed(waiting, outcome)
    second = await resumed(waiting, outcome)

    assert [event.kind for event in first] == ["text"]
    assert first[0].text.startswith("Done: ")
    assert first[0].text.endswith("The utilisation fell from 200 to 60.")
    assert first[0].payload["change_id"] == outcome["change_id"]
    assert second == []
    assert len(world.submitted) == 1
    assert [kept async for kept in checkpointer.alist(None)] == []


async def test_two_resumes_at_once_tell_it_once(waiting: Planner, world: "FakeWorld") -> None:
    outcome = became(world, "succeeded")

    told = await asyncio.gather(*(resumed(waiting, outcome) for _ in range(4)))

    assert sorted(len(each) for each in told) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "changed", [{"change_id": "chg_other"}, {"proposal_id": "prp_other"}, {"proposal_id": ""}]
)
async def test_the_outcome_of_another_change_resumes_nothing(
    waiting: Planner, world: "FakeWorld", changed: dict[str, Json]
) -> None:
    assert await resumed(waiting, became(world, "succeeded") | changed) == []
    assert len(await resumed(waiting, became(world, "failed"))) == 1


async def test_two_proposals_of_a_case_wait_for_themselves(
    waiting: Planner, world: "FakeWorld", case: Case, asker: Principal
) -> None:
    _ = [event async for event in waiting.run(case, "put the 5 GHz wifi on channel 44", asker)]

    second = await resumed(waiting, became(world, "rejected", number=1))
    first = await resumed(waiting, became(world, "rolled_back", number=0))

    assert second[0].text.startswith("A reviewer rejected it.")
    assert first[0].text.startswith("It was taken back")


async def test_a_thread_outlives_the_process(
    deps_of: "DepsOf", world: "FakeWorld", case: Case, asker: Principal, tmp_path: Path
) -> None:
    file = str(tmp_path / "planner.db")
    async with open_checkpoints(file) as saver:
        _ = [event async for event in Planner(deps_of(), saver).run(case, TEXT, asker)]

    async with open_checkpoints(file) as saver:
        told = await resumed(Planner(deps_of(), saver), became(world, "succeeded"))

    assert [event.kind for event in told] == ["text"]


async def test_what_is_kept_of_a_waiting_thread_holds_nothing_of_a_person(
    deps_of: "DepsOf", world: "FakeWorld", case: Case, asker: Principal, tmp_path: Path
) -> None:
    file = tmp_path / "planner.db"
    text = "Annelies Vanderkooy forgot the wifi password"
    async with open_checkpoints(str(file)) as saver:
        _ = [event async for event in Planner(deps_of(), saver).run(case, text, asker)]

    kept = all_bytes(tmp_path)

    assert len(world.submitted) == 1
    assert b"case_1" in kept
    for personal in (b"Vanderkooy", b"Annelies", b"fresh-4711", b"02:10:20", b"192.168.1.64"):
        assert personal not in kept


async def test_a_run_that_does_not_wait_leaves_no_thread(
    deps_of: "DepsOf",
    world: "FakeWorld",
    checkpointer: BaseCheckpointSaver[str],
    case: Case,
    asker: Principal,
) -> None:
    world.decision = Decision.DENY

    _ = [event async for event in Planner(deps_of(), checkpointer).run(case, TEXT, asker)]

    assert [kept async for kept in checkpointer.alist(None)] == []


async def test_a_plan_that_was_proposed_before_makes_no_second_thread(
    waiting: Planner,
    world: "FakeWorld",
    checkpointer: BaseCheckpointSaver[str],
    case: Case,
    asker: Principal,
    record_for: Callable[..., ChangeRecord],
) -> None:
    world.earlier = record_for(world.submitted[0])

    told = [event async for event in waiting.run(case, TEXT, asker)]

    (event,) = [event for event in told if event.kind == "proposal"]
    assert "was proposed before" in event.text
    threads = {kept.config["configurable"]["thread_id"] async for kept in checkpointer.alist(None)}
    assert threads == {f"case_1/{world.submitted[0].id}"}


def test_the_outcome_of_a_record_names_change_proposal_and_state(
    record_for: Callable[..., ChangeRecord], world: "FakeWorld"
) -> None:
    outcome = outcome_of(record_for(None))

    assert outcome["state"] == State.AWAITING_APPROVAL.value
    assert set(outcome) == {"change_id", "proposal_id", "state", "reason", "at"}
