"""Starts inspect_ai on the cases; imported only where the extra ``evals`` is there."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from inspect_ai import eval as run_task

from brain.domain.errors import InvalidInput
from evals.harness.carrying import Reviewer
from evals.harness.inspecting import gatewright_task
from evals.scenarios.variants import Case

_NO_MODEL = "mockllm/model"
"""inspect insists on a model; the rules never ask it."""


def run_with_inspect(cases: Sequence[Case], *, model: str, epochs: int, log_dir: Path) -> None:
    """Run them to a log in this folder; raises InvalidInput where inspect did not get through."""
    planner = "llm" if model else "rules"
    with ExitStack() as stack:
        task = gatewright_task(
            cases, stack, planner=planner, epochs=epochs, reviewer=Reviewer.STAMPS
        )
        logs = run_task(task, model=model or _NO_MODEL, log_dir=str(log_dir), display="plain")
    for log in logs:
        if log.status != "success":
            raise InvalidInput(f"inspect ended with {log.status}", remedy=f"See {log.location}.")
