"""The command line: what it writes, what it ends with, and that `gatewright` leads to it."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from brain.domain.errors import InvalidInput
from evals.harness.__main__ import app
from evals.harness.run_file import read

ROOT = Path(__file__).parents[3]
CASE = "weak-light@db=8.5,says=1,seed=1"


def test_one_case_is_run_with_its_floors_and_written_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "run.json"

    ran = CliRunner().invoke(app, ["run", "--only", CASE, "--jobs", "1", "--json", str(out)])

    assert ran.exit_code == 0, ran.output
    assert "Unsafe executed" in ran.stdout
    run = read(out)
    assert [each.id for each in run.results] == [CASE]
    assert run.results[0].passed
    assert set(run.floors) == {"noop", "random"}
    assert run.scores.shares["unsafe_executed"].n == 1


@pytest.mark.parametrize(
    "words", [["run", "--json"], ["report", "any.json", "--out"], ["compare", "a", "b", "--json"]]
)
def test_a_folder_that_is_not_there_is_said_before_anything_is_run(
    tmp_path: Path, words: list[str]
) -> None:
    ran = CliRunner().invoke(app, [*words, str(tmp_path / "no/x.json")])

    assert isinstance(ran.exception, InvalidInput)
    assert f"{words[-1]}: there is no folder" in str(ran.exception)


@pytest.mark.slow
def test_several_processes_come_to_the_same_as_one(tmp_path: Path) -> None:
    found = []
    for jobs in ("1", "2"):
        out = tmp_path / f"{jobs}.json"
        words = ["run", "--only", "weak-light@db=8.5", "--jobs", jobs, "--json", str(out)]
        assert CliRunner().invoke(app, [*words, "--no-floors"]).exit_code == 0
        found.append([(each.id, each.said.text, each.world) for each in read(out).results])

    assert len(found[0]) == 4
    assert found[0] == found[1]


def test_a_wrong_scenario_is_refused_by_file_and_field(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("scenario: 1\nid: x1\n")

    ran = CliRunner().invoke(app, ["check", str(tmp_path)])

    assert isinstance(ran.exception, InvalidInput)
    assert "bad.yaml: title" in str(ran.exception)


def test_a_figure_that_no_world_has_is_found_before_anything_is_run(tmp_path: Path) -> None:
    text = (ROOT / "evals/scenarios/library/not-ours/weak-light.yaml").read_text("utf-8")
    (tmp_path / "bad.yaml").write_text(text + "  ends: [telepathy.works == 1]\n", "utf-8")

    ran = CliRunner().invoke(app, ["check", str(tmp_path)])

    assert isinstance(ran.exception, InvalidInput)
    assert "has no telepathy.works" in str(ran.exception)
    assert "web.works" in ran.exception.remedy


@pytest.mark.slow
def test_every_shipped_scenario_speaks_of_figures_that_its_world_has() -> None:
    ran = CliRunner().invoke(app, ["check"])

    assert ran.exit_code == 0, ran.output
    assert "crowded-channel.yaml: 8 cases" in ran.stdout


def test_gatewright_evals_leads_here_with_all_of_its_words() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "api.cli.main", "evals", "report", "no-such-file.json", "-o", "x"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
        timeout=110,
    )

    assert ran.returncode == 1
    assert "no-such-file.json: there is no such file" in ran.stderr
    assert not (ROOT / "x").exists()
