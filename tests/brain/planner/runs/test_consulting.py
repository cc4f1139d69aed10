"""The model is asked within its budget; what it cannot do the rules go on with."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from brain.domain.errors import PlannerFailed
from brain.planner.deps import ModelBudget, Prompt, Reply

if TYPE_CHECKING:
    from tests.brain.planner.conftest import FakeWorld
    from tests.brain.planner.runs.conftest import AskWith


class _Other(BaseModel):
    pass


async def test_a_model_that_hangs_is_left_after_the_budget(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    class Hangs:
        async def ask(self, prompt: Prompt, shape: Any, *, seconds: float) -> Reply:
            await asyncio.sleep(3600)
            raise AssertionError

    world.values |= crowded

    told = await ask_with(model=Hangs(), budget=ModelBudget(seconds=0.05))("the wifi is slow")

    assert "did not answer in time" in told.of("failed")[0].text
    assert len(world.submitted) == 1


async def test_an_answer_of_another_shape_is_not_taken(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str]
) -> None:
    class Strays:
        async def ask(self, prompt: Prompt, shape: Any, *, seconds: float) -> Reply:
            return Reply(answer=_Other())

    world.values |= crowded

    told = await ask_with(model=Strays())("the wifi is slow")

    assert "in another form" in told.of("failed")[0].text
    assert [each.author for each in world.submitted] == ["rules"]


async def test_once_it_failed_it_is_not_asked_again(
    ask_with: "AskWith", world: "FakeWorld", fake_model: Callable[..., Any]
) -> None:
    broken = fake_model(intake=PlannerFailed("the server failed"))

    told = await ask_with(model=broken)("the wifi is slow")

    assert len(broken.asked) == 1
    assert len(told.of("failed")) == 1
