"""A planner over the fake world, run to its end, and a language model with prepared answers."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from pydantic import BaseModel, ValidationError

from brain.domain.errors import PlannerFailed
from brain.domain.identity import Principal
from brain.domain.incident import Case, Symptom
from brain.planner.checkpoints import open_checkpoints
from brain.planner.deps import Prompt, Reply
from brain.planner.events import PlannerEvent
from brain.planner.run import Planner

if TYPE_CHECKING:
    from tests.brain.planner.conftest import DepsOf


class FakeModel:
    """A language model with prepared answers by prompt; it keeps what it was asked."""

    def __init__(self, **answers: object) -> None:
        self.answers = {
            name: list(answer) if isinstance(answer, list) else [answer]
            for name, answer in answers.items()
        }
        self.asked: list[Prompt] = []

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        self.asked.append(prompt)
        prepared = self.answers[prompt.name]
        answer = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        if isinstance(answer, Exception):
            raise answer
        try:
            shaped = shape.model_validate(answer)
        except ValidationError:
            raise PlannerFailed("its answer was not of the form asked for") from None
        return Reply(answer=shaped, tokens_in=100, tokens_out=10)


class Told(list[PlannerEvent]):
    """The events of one run."""

    def of(self, kind: str) -> list[PlannerEvent]:
        return [event for event in self if event.kind == kind]

    @property
    def kinds(self) -> list[str]:
        """What it came to: without the steps on the way."""
        return [event.kind for event in self if event.kind != "step"]


class Ask(Protocol):
    async def __call__(
        self, text: str, *, symptom: Symptom = Symptom.UNCLEAR, by: Principal = ...
    ) -> Told: ...


@pytest.fixture
async def checkpointer() -> AsyncIterator[BaseCheckpointSaver[str]]:
    async with open_checkpoints(":memory:") as saver:
        yield saver


AskWith = Callable[..., Ask]


@pytest.fixture
def ask_with(
    deps_of: "DepsOf", checkpointer: BaseCheckpointSaver[str], case: Case, asker: Principal
) -> AskWith:
    """``ask_with(model=...)("the wifi is slow")`` runs a planner to its end."""

    def make(**changed: object) -> Ask:
        planner = Planner(deps_of(**changed), checkpointer)

        async def ask(
            text: str, *, symptom: Symptom = Symptom.UNCLEAR, by: Principal = asker
        ) -> Told:
            about = replace(case, symptom=symptom)
            return Told([event async for event in planner.run(about, text, by)])

        return ask

    return make


@pytest.fixture
def ask(ask_with: AskWith) -> Ask:
    """The rules planner alone."""
    return ask_with()


@pytest.fixture
def fake_model() -> type[FakeModel]:
    """``fake_model(intake=..., diagnose=..., propose=...)``."""
    return FakeModel
