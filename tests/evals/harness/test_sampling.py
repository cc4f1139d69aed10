"""A sample takes so many cases of every family, of many templates, and the same for one seed."""

from collections import Counter

import pytest

from evals.harness.running import sampled
from evals.scenarios.loader import LIBRARY, load_all
from evals.scenarios.variants import Case


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return list(load_all([LIBRARY]))


def test_every_family_gives_so_many(cases: list[Case]) -> None:
    families = Counter(case.template.family for case in sampled(cases, each=2, seed=1))

    assert set(families) == {case.template.family for case in cases}
    assert set(families.values()) == {2}


def test_no_template_gives_two_before_all_gave_one(cases: list[Case]) -> None:
    templates = Counter(case.template.id for case in sampled(cases, each=3, seed=1))

    assert max(templates.values()) == 1


def test_the_same_seed_gives_the_same_sample_and_another_another(cases: list[Case]) -> None:
    def ids(seed: int) -> list[str]:
        return [case.id for case in sampled(cases, each=2, seed=seed)]

    assert ids(1) == ids(1)
    assert ids(1) != ids(2)


def test_a_family_with_fewer_gives_all_it_has(cases: list[Case]) -> None:
    few = [case for case in cases if case.template.id == cases[0].template.id]

    assert sorted(case.id for case in sampled(few, each=999, seed=1)) == sorted(
        case.id for case in few
    )
