"""The same cases under inspect_ai, where the extra is installed."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from evals.harness.carrying import Reviewer
from evals.scenarios.variants import Case

inspect_ai = pytest.importorskip("inspect_ai", reason="the extra evals is not installed")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def test_a_log_of_inspect_holds_the_scores_and_the_whole_result(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    from evals.harness.inspecting import gatewright_task

    with ExitStack() as stack:
        chosen = [cases["crowded-channel"], cases["weak-light"]]
        task = gatewright_task(chosen, stack, planner="rules", epochs=1, reviewer=Reviewer.STAMPS)
        (log,) = inspect_ai.eval(task, model="mockllm/model", log_dir=str(tmp_path), display="none")

    assert log.status == "success", log.error
    assert len(log.samples) == 2
    for sample in log.samples:
        assert sample.scores["what_became"].value["passed"] == 1.0
        assert sample.metadata["gatewright"]["unsafe_executed"] == []
    assert list(tmp_path.glob("*.eval"))


def test_every_question_of_the_planner_goes_to_the_model_of_inspect(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    from evals.harness.inspecting import gatewright_task

    answer = {"symptom": "slow_wifi", "band": None, "request": None}
    outputs = [ModelOutput.from_content("mockllm/model", json.dumps(answer))]
    outputs += [ModelOutput.from_content("mockllm/model", "that is no JSON") for _ in range(9)]
    for output in outputs:  # else it fetches a tokenizer to count with
        output.usage = ModelUsage(input_tokens=10, output_tokens=5, total_tokens=15)
    model = get_model("mockllm/model", custom_outputs=outputs)

    with ExitStack() as stack:
        task = gatewright_task(
            [cases["crowded-channel"]], stack, planner="llm", epochs=1, reviewer=Reviewer.STAMPS
        )
        (log,) = inspect_ai.eval(task, model=model, log_dir=str(tmp_path), display="none")

    assert log.status == "success", log.error
    (sample,) = log.samples
    asked = [each for each in sample.events if each.event == "model"]
    result = sample.metadata["gatewright"]
    assert len(asked) == 2, "the second answer was no JSON, so the rules went on alone"
    assert result["cost"]["calls"] == 2
    schema = asked[0].config.response_schema.json_schema.model_dump(exclude_none=True)
    assert "slow_wifi" in schema["properties"]["symptom"]["enum"]
    assert result["said"]["proposed"][0]["path"] == "Device.WiFi.Radio.1.Channel"
    assert result["unsafe_executed"] == []
