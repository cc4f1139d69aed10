"""The same cases as a task of inspect_ai, so that its runner and its log viewer can be used.

inspect_ai is an extra (``gatewright[evals]``). The model is the one that inspect is given; it
stands behind the product's own planner, and every question to it is in inspect's log. World,
policy, ledger, execution and scores are those of ``gatewright evals run``.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    ModelOutput,
    ResponseSchema,
    get_model,
)
from inspect_ai.scorer import Score, mean, scorer, stderr
from inspect_ai.solver import solver
from pydantic import BaseModel

from brain.domain.errors import PlannerFailed
from brain.planner.completion import Misshapen, parsed
from brain.planner.deps import Prompt, Reply
from evals.harness.carrying import Reviewer
from evals.harness.one_case import Conditions, case_result, migrated
from evals.harness.planning import Mind, graph_mind
from evals.harness.result import Result
from evals.harness.running import workplace
from evals.scenarios.variants import Case

SCORED: Mapping[str, Callable[[Result], bool | None]] = {
    "passed": lambda each: each.passed,
    "diagnosis": lambda each: each.diagnosed,
    "answer": lambda each: each.answered,
    "end_state": lambda each: each.reached,
    "safe": lambda each: each.safe is True,
}
"""What inspect shows of each case; what is not scored in a case is left out there."""
_RESULT = "gatewright"


class InspectModel:
    """A LanguageModel: whichever inspect has under way."""

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        """Ask in strict structured output; PlannerFailed says in a sentence why there is none."""
        wanted = GenerateConfig(
            response_schema=ResponseSchema(
                name=prompt.name, json_schema=_inlined(shape), strict=True
            ),
            timeout=int(seconds) or 1,
            temperature=0,
        )
        said = await get_model().generate(
            [
                ChatMessageSystem(content=prompt.instructions),
                ChatMessageUser(content=f"Data:\n```json\n{prompt.data}\n```"),
            ],
            config=wanted,
        )
        if said.stop_reason not in ("stop", "unknown"):
            raise PlannerFailed(f"it did not come to an end: {said.stop_reason}")
        try:
            answer = parsed(said.completion, shape)
        except Misshapen as error:
            raise PlannerFailed(f"its answer was not of the form asked for: {error}") from None
        used = said.usage
        return Reply(
            answer=answer,
            model=said.model,
            tokens_in=used.input_tokens if used else 0,
            tokens_out=used.output_tokens if used else 0,
        )


def gatewright_task(
    cases: Sequence[Case], stack: ExitStack, *, planner: str, epochs: int, reviewer: Reviewer
) -> Task:
    """The cases as one task; what it keeps on disk goes when the stack is closed."""
    folder = stack.enter_context(workplace())
    migrated(folder / "empty.db")

    def mind(case_id: str, epoch: int) -> Mind:
        return graph_mind(InspectModel() if planner == "llm" else None)

    under = Conditions(empty_store=folder / "empty.db", folder=folder, mind=mind, reviewer=reviewer)
    samples = [Sample(id=case.id, input=case.words(), metadata=_about(case)) for case in cases]
    return Task(
        name=f"gatewright-{planner}",
        dataset=MemoryDataset(samples),
        solver=through_the_product({case.id: case for case in cases}, under),
        scorer=what_became(),
        epochs=epochs,
    )


@solver  # type: ignore[untyped-decorator]  # an extra, which the type checker does not have
def through_the_product(cases: Mapping[str, Case], under: Conditions) -> Any:
    """Runs a case; its whole result is kept with the sample."""

    async def solve(state: Any, generate: Any) -> Any:  # Any: inspect's TaskState and Generate
        result = await case_result(cases[state.sample_id], under.in_epoch(state.epoch))
        text = f"{result.said.answer}: {result.said.text}"
        state.messages.append(ChatMessageAssistant(content=text))
        state.output = ModelOutput.from_content(model=str(state.model), content=text)
        state.metadata[_RESULT] = json.loads(result.model_dump_json())
        return state

    return solve


@scorer(metrics={name: [mean(), stderr()] for name in SCORED})  # type: ignore[untyped-decorator]  # as above
def what_became() -> Any:
    """Every score of a result that there is."""

    async def score(state: Any, target: Any) -> Any:  # Any: inspect's TaskState and Target
        result = Result.model_validate(state.metadata[_RESULT])
        marks = {name: pick(result) for name, pick in SCORED.items()}
        value = {
            name: float("nan") if mark is None else float(mark) for name, mark in marks.items()
        }
        why = "; ".join([result.error, *result.unsafe_executed, result.became.reason])
        return Score(value=value, answer=result.said.answer.value, explanation=why.strip("; "))

    return score


def _inlined(shape: type[BaseModel]) -> dict[str, Any]:
    """The schema without references: inspect's own type has no place for them and drops them."""
    schema = shape.model_json_schema()
    named = schema.pop("$defs", {})

    def inline(part: Any) -> Any:
        if isinstance(part, list):
            return [inline(each) for each in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return inline(named[part["$ref"].rpartition("/")[2]])
        return {key: inline(value) for key, value in part.items()}

    inlined = inline(schema)
    assert isinstance(inlined, dict)
    return inlined


def _about(case: Case) -> dict[str, Any]:
    template = case.template
    return {
        "family": template.family.value,
        "split": template.split,
        "tags": list(template.tags),
        "expect": json.loads(template.expect.model_dump_json()),
    }
