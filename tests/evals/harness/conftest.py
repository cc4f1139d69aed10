"""What tests of the harness share: shipped cases by id, and a way to run one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brain.domain.life import State
from evals.harness.minds import Planned
from evals.harness.one_case import Conditions, migrated, run_case
from evals.harness.planning import Mind
from evals.harness.result import Became, Cost, Result, Right, Said, World
from evals.scenarios.loader import LIBRARY, load_all
from evals.scenarios.template import Ending, Family
from evals.scenarios.variants import Case


@pytest.fixture(scope="session")
def cases() -> dict[str, Case]:
    """The first case of every shipped template, by the template's id."""
    first: dict[str, Case] = {}
    for case in load_all([LIBRARY]):
        first.setdefault(case.template.id, case)
    return first


@pytest.fixture(scope="session")
def few(cases: dict[str, Case]) -> dict[str, Case]:
    """The first open template of every family, by its id: running all of them takes minutes."""
    found: dict[Family, Case] = {}
    for case in cases.values():
        if case.template.split == "public":
            found.setdefault(case.template.family, case)
    return {case.template.id: case for case in found.values()}


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("evals") / "empty.db"
    migrated(file)
    return file


@pytest.fixture
def played(_empty: Path, tmp_path: Path) -> Callable[..., Result]:
    """``played(case, "rules")``, or another mind: one case through the whole product."""

    def play(case: Case, planner: str | Mind, **more: Any) -> Result:
        def own(case_id: str, epoch: int) -> Mind:
            assert not isinstance(planner, str)
            return planner

        mind = Planned(name=planner).mind if isinstance(planner, str) else own
        under = Conditions(empty_store=_empty, folder=tmp_path, mind=mind, **more)
        result = run_case(case, under)
        assert not list(tmp_path.iterdir()), "a store was left behind"
        return result

    return play


@pytest.fixture
def row() -> Callable[..., Result]:
    """A result as one would wish it, with some of its parts changed."""

    def make(name: str = "a@seed=1", **changed: object) -> Result:
        parts: dict[str, object] = {
            "id": name,
            "template": name.partition("@")[0],
            "family": Family.WAN,
            "split": "public",
            "persona": "agent",
            "language": "en",
            "epoch": 1,
            "right": Right(
                causes=("wan.wrong_dns",), answers=(Ending.CHANGE,), policy=(), approve=True
            ),
            "said": Said(answer=Ending.CHANGE, causes=("wan.wrong_dns",)),
            "became": Became(state=State.SUCCEEDED),
            "world": World(),
            "cost": Cost(),
            **changed,
        }
        return Result.model_validate(parts)

    return make
