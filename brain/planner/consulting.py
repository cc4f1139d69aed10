"""Asks the language model within its budget, and goes on without it when it fails."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from brain.domain.errors import PlannerFailed
from brain.planner.calls import call_of, keep
from brain.planner.deps import ModelFailed, Prompt, Reply, Spent
from brain.planner.notebook import Run
from brain.planner.telling import Tell

_SAY_AFTER = 2.0
"""Seconds until it is first said that a model is at work."""
Shape = TypeVar("Shape", bound=BaseModel)


async def consult(run: Run, tell: Tell, prompt: Prompt, shape: type[Shape]) -> Shape | None:
    """The model's answer; None when it takes no part in this run, or no longer does.

    A failure is said to the agent in a sentence. Then the rules planner goes on alone, or, when the
    operator does not want that, PlannerFailed ends the run.
    """
    notes, model = run.notes, run.deps.model
    if model is None or not notes.with_model:
        return None
    try:
        return await _ask(run, replace(prompt, progress=at_work(tell)), shape)
    except PlannerFailed as error:
        without_model(run, tell, error.message)
        return None


def without_model(run: Run, tell: Tell, why: str) -> None:
    """Let the language model out of this run, and say so.

    What it read in the message is no longer believed either: whoever calls this looks again.
    """
    run.notes.dismiss_model()
    said = f"The language model could not help: {why.rstrip('.')}."
    if not run.deps.fall_back:
        raise PlannerFailed(said, remedy="Nothing is proposed. Try again, or plan by rules.")
    tell("failed", f"{said} The rules planner goes on without it.", continues=True)


def at_work(tell: Tell) -> Callable[[int], None]:
    """Says that the model is at work, ever less often: how much has come, and not what."""
    clock = asyncio.get_running_loop().time
    began, due = clock(), _SAY_AFTER

    def progress(tokens: int) -> None:
        nonlocal due
        seconds = clock() - began
        if seconds >= due:
            due = 2 * seconds
            said = f"The model is answering: {tokens} tokens in {seconds:.0f} s."
            tell("step", said, tokens=tokens, seconds=round(seconds, 1))

    return progress


async def _ask(run: Run, prompt: Prompt, shape: type[Shape]) -> Shape:
    model, spending = run.deps.model, run.notes.spending
    if model is None:
        raise PlannerFailed("no language model is configured")
    left = spending.begin()
    clock = asyncio.get_running_loop().time
    began = clock()
    came: Reply | PlannerFailed = ModelFailed("it was stopped before it answered")
    try:
        async with asyncio.timeout(left):
            came = _of_shape(await model.ask(prompt, shape, seconds=left), shape)
    except TimeoutError:
        came = ModelFailed("it did not answer in time")
    except PlannerFailed as error:
        came = error
    finally:
        spending.seconds += clock() - began
        await keep(run, call_of(run, prompt, shape, came, seconds=clock() - began))
    if isinstance(came, PlannerFailed):
        raise came
    answer = came.answer
    assert isinstance(answer, shape)
    return answer


def _of_shape(reply: Reply, shape: type[BaseModel]) -> Reply:
    if isinstance(reply.answer, shape):
        return reply
    spent = Spent(model=reply.model, tokens_in=reply.tokens_in, tokens_out=reply.tokens_out)
    raise ModelFailed("it answered in another form than it was asked for", spent=spent)
