"""Cases that are run in several processes all come back, however often fresh ones take over."""

from pathlib import Path

import pytest

from evals.harness.carrying import Reviewer
from evals.harness.minds import Planned
from evals.harness.one_case import Conditions, migrated
from evals.harness.running import _in_processes
from evals.scenarios.variants import Case

pytestmark = pytest.mark.slow


def test_every_case_comes_back_though_processes_are_replaced(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    store = tmp_path / "empty.db"
    migrated(store)
    under = Conditions(
        empty_store=store,
        folder=tmp_path,
        mind=Planned(name="noop").mind,
        reviewer=Reviewer.STAMPS,
        most_seconds=60.0,
    )
    work = [(cases["all-is-well"], epoch) for epoch in range(1, 6)]

    results = dict(_in_processes(work, under, 2, most=1))

    assert sorted(results) == [0, 1, 2, 3, 4]
    assert [results[place].epoch for place in range(5)] == [1, 2, 3, 4, 5]
    assert not any(each.error for each in results.values())
