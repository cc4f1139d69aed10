"""The shipped scenarios: broad enough, each to be won, and those held out as they were frozen."""

from collections import Counter
from pathlib import Path

import pytest

from brain.domain.errors import InvalidInput
from evals.harness.one_case import right
from evals.harness.winning import unwinnable
from evals.homes.spec import kinds
from evals.scenarios.frozen import check_frozen, digests, freeze
from evals.scenarios.loader import LIBRARY, load_all
from evals.scenarios.template import Family
from evals.scenarios.variants import Case

CASES = load_all([LIBRARY])
TEMPLATES = {case.template.id: case.template for case in CASES}
FIRST = {case.template.id: case for case in reversed(CASES)}
HELDOUT = """
scenario: 1
id: kept-apart
title: A title
family: wan
split: heldout
says: [{text: "Words that nobody tunes on"}]
expect: {answer: nothing}
"""


def test_there_are_enough_templates_of_every_family_and_not_too_many_cases() -> None:
    families = Counter(template.family for template in TEMPLATES.values())

    assert set(families) == set(Family)
    assert len(TEMPLATES) >= 44
    assert 250 <= len(CASES) <= 450


def test_every_kind_of_trouble_is_used() -> None:
    used = {
        fault["kind"]
        for template in TEMPLATES.values()
        for fault in (*template.faults, *template.noise.faults)
    }

    assert set(kinds()) - used == set()


def test_people_speak_five_languages_in_many_ways() -> None:
    says = [say for template in TEMPLATES.values() for say in template.says]
    languages = Counter(say.language for say in says)

    assert set(languages) == {"en", "de", "nl", "es", "fr"}
    assert min(languages.values()) >= 10
    assert len({say.persona for say in says}) >= 10


def test_a_quarter_is_held_out_across_the_families() -> None:
    heldout = [each for each in TEMPLATES.values() if each.split == "heldout"]

    assert 0.22 <= len(heldout) / len(TEMPLATES) <= 0.3
    assert len({each.family for each in heldout}) >= 9


@pytest.mark.parametrize("case", FIRST.values(), ids=FIRST)
def test_it_is_won_by_its_mend_or_by_leaving_the_home_alone_and_by_nothing_else(case: Case) -> None:
    assert list(unwinnable(case)) == []

    needs_a_mend = right(case).change is True and right(case).weighs_changes
    assert bool(case.template.expect.mend) is needs_a_mend


def test_what_is_held_out_is_as_it_was_frozen() -> None:
    assert check_frozen() == sum(each.split == "heldout" for each in TEMPLATES.values())


@pytest.mark.parametrize("change", ["tuned", "gone", "new"])
def test_a_held_out_scenario_that_was_touched_is_named(tmp_path: Path, change: str) -> None:
    library, frozen = tmp_path / "library", tmp_path / "frozen.json"
    library.mkdir()
    (library / "one.yaml").write_text(HELDOUT, "utf-8")
    (library / "open.yaml").write_text(
        HELDOUT.replace("kept-apart", "open").replace("heldout", "public"), "utf-8"
    )
    assert freeze(library, frozen) == check_frozen(library, frozen) == 1
    assert digests([library]).keys() == {"kept-apart"}

    touched = HELDOUT.replace("Words", "Easier words")
    if change == "new":
        (library / "two.yaml").write_text(HELDOUT.replace("kept-apart", "kept-too"), "utf-8")
    elif change == "tuned":
        (library / "one.yaml").write_text(touched, "utf-8")
    else:
        (library / "one.yaml").unlink()

    with pytest.raises(InvalidInput, match=r"kept-(apart|too) is not as it was frozen"):
        check_frozen(library, frozen)
