"""A turn outlives its listener, and a case has one turn at a time."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from api.conversation import Conversations
from api.metrics import Metrics
from brain.domain.errors import Conflict
from brain.domain.identity import Principal, PrincipalId, PrincipalKind
from brain.domain.incident import Case
from brain.planner.events import PlannerEvent

if TYPE_CHECKING:
    from tests.api.conftest import Front

DONE = PlannerEvent(kind="done", text="")


class Slow:
    """A planner that waits until it is let go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def run(self, case: Case, text: str, asker: Principal) -> AsyncIterator[PlannerEvent]:
        yield PlannerEvent(kind="text", text="looking")
        await self.go_on.wait()
        yield PlannerEvent(kind="text", text="found it")
        yield DONE


@pytest.fixture
def who(case: Case) -> Principal:
    return Principal(
        id=PrincipalId("sam"), tenant=case.tenant, kind=PrincipalKind.PERSON, roles=frozenset()
    )


@pytest.fixture
def slow(front: "Front") -> Slow:
    planner = Slow()
    front.wiring.planner = planner  # type: ignore[assignment]  # a slower one
    return planner


async def texts(front: "Front", case: Case) -> list[str]:
    async with front.wiring.store.read() as tx:
        return [each.text for each in await tx.messages.of_case(case.tenant, case.id)]


async def test_the_answer_is_kept_though_nobody_listened_to_the_end(
    front: "Front", case: Case, who: Principal, slow: Slow
) -> None:
    talks = Conversations(front.wiring, Metrics())
    turn = await talks.say(case, "it is slow", who)
    assert (await anext(turn)).text == "looking"
    await turn.aclose()  # type: ignore[attr-defined]  # a generator

    slow.go_on.set()
    await talks.settled()

    assert await texts(front, case) == ["it is slow", "looking", "found it"]


async def test_a_second_turn_waits_for_the_first(
    front: "Front", case: Case, who: Principal, slow: Slow
) -> None:
    talks = Conversations(front.wiring, Metrics())
    first = await talks.say(case, "it is slow", who)

    with pytest.raises(Conflict):
        await talks.say(case, "hello?", who)
    slow.go_on.set()
    heard = [event.kind async for event in first]
    second = await talks.say(case, "and now?", who)

    assert heard == ["text", "text", "done"]
    assert [event.kind async for event in second] == ["text", "text", "done"]
    assert "hello?" not in await texts(front, case)


async def test_closing_stops_what_is_under_way(
    front: "Front", case: Case, who: Principal, slow: Slow
) -> None:
    talks = Conversations(front.wiring, Metrics())
    turn = await talks.say(case, "it is slow", who)
    assert (await anext(turn)).text == "looking"

    await talks.close()

    assert [event.kind async for event in turn] == ["done"]
    assert await texts(front, case) == ["it is slow", "looking"]
