"""Run files: written, read, compared, reported."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from brain.domain.errors import InvalidInput
from evals.harness.compare import compare
from evals.harness.report import page
from evals.harness.result import Result, Said
from evals.harness.run_file import (
    RunFile,
    by_family,
    check_writable,
    read,
    scores_shape,
    write,
)
from evals.scenarios.template import Ending

Row = Callable[..., Result]


def a_run(*results: Result, planner: str = "rules", scenarios: str = "s1") -> RunFile:
    return RunFile(
        planner=planner,
        began=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=1.5,
        seed=1,
        epochs=1,
        jobs=1,
        scenarios=scenarios,
        rules="r1",
        product="0",
        scores=scores_shape(results),
        floors={"noop": scores_shape(results)},
        families=by_family(results),
        results=results,
    )


def test_what_is_written_is_read_again(row: Row, tmp_path: Path) -> None:
    run = a_run(row("a@1"), row("b@1", error="broke"))
    write(run, tmp_path / "run.json")

    assert read(tmp_path / "run.json") == run


def test_another_file_is_said_to_be_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"format": 1}')

    with pytest.raises(InvalidInput, match=r"other\.json.*not a file of `gatewright evals run`"):
        read(tmp_path / "other.json")
    with pytest.raises(InvalidInput, match="no such file"):
        read(tmp_path / "none.json")


def test_a_case_that_no_longer_passes_is_named(row: Row) -> None:
    asked = Said(answer=Ending.ASK)
    before = a_run(row("a@1"), row("b@1", said=asked), row("c@1"))
    now = a_run(row("a@1", said=asked), row("b@1"), row("d@1"))

    found = compare(before, now)

    assert found.cases == 2
    assert found.regressions == ("a@1",)
    assert found.improvements == ("b@1",)
    assert not found.worse, "one case either way is chance"


def test_many_lost_cases_are_no_chance_and_any_new_harm_is_worse(row: Row) -> None:
    good = [row(f"{letter}@1") for letter in "abcdef"]
    bad = [row(each.id, said=Said(answer=Ending.ASK)) for each in good]
    harm = [row("a@1", unsafe_executed=("Device.X",)), *good[1:]]

    assert compare(a_run(*good), a_run(*bad)).worse
    assert not compare(a_run(*bad), a_run(*good)).worse
    assert compare(a_run(*good), a_run(*harm)).worse


def test_runs_of_other_scenarios_are_compared_with_a_warning(row: Row) -> None:
    found = compare(a_run(row("a@1")), a_run(row("b@1"), scenarios="s2"))

    assert "not the same" in found.warnings[0]
    assert "no case in common" in found.problems[0]


def test_a_run_that_lacks_cases_of_the_first_concludes_nothing(row: Row) -> None:
    before = a_run(row("a@1"), row("b@1"), row("b@1", epoch=2))

    lacking = compare(before, a_run(row("a@1")))

    assert (lacking.missing, lacking.worse) == (2, False)
    assert lacking.problems == (
        "2 of 3 runs of cases of the first are not in the second: what became of them is unknown.",
    )
    assert compare(before, before).problems == ()
    assert compare(a_run(row("a@1")), before).problems == (), "more than before is no less"


def test_a_case_that_broke_since_is_no_longer_shown_safe(row: Row) -> None:
    assert compare(a_run(row("a@1")), a_run(row("a@1", error="broke"))).worse


def test_cases_and_templates_are_told_apart(row: Row) -> None:
    run = a_run(row("a@1"), row("a@2"), row("b@1", said=Said(answer=Ending.ASK)))

    shown = page([run])

    assert run.scores.templates == 2
    share = run.scores.shares["passed"]
    assert share.clustered_low < share.low < share.high < share.clustered_high
    assert "<th>Templates</th>" in shown
    assert f"by template {100 * share.clustered_low:.1f} to" in shown


def test_a_file_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    for wrong, why in ((tmp_path / "no/x.json", "no folder"), (tmp_path, "is a folder")):
        with pytest.raises(InvalidInput, match=f"--json.*{why}"):
            check_writable(wrong, "--json")
    check_writable(tmp_path / "x.json", "--json")
    check_writable(None, "--json")


def test_the_page_shows_every_share_with_its_number_and_obeys_nothing(row: Row) -> None:
    hostile = row("<script>alert(1)</script>@1", said=Said(answer=Ending.ASK))

    shown = page([a_run(row("a@1"), hostile), a_run(row("a@1"), planner="llm")])

    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;@1" in shown
    assert "n = 2" in shown
    assert "noop" in shown
    assert shown.count("<svg") == 2
    assert not re.search(r"(?:src|href)=|url\(|@import", shown), "something is loaded"
