"""The free words: homes of the library, words that nobody tunes on, frozen, never by default."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from brain.domain.errors import InvalidInput
from evals.harness.__main__ import app
from evals.harness.winning import unwinnable
from evals.scenarios import frozen
from evals.scenarios.frozen import FREE_WORDS, SETS, check_all_frozen, check_frozen, digests
from evals.scenarios.loader import LIBRARY, files_in, load_all
from evals.scenarios.template import Template
from evals.scenarios.variants import Case

CASES = load_all([FREE_WORDS])
TEMPLATES = {case.template.id: case.template for case in CASES}
FIRST = {case.template.id: case for case in reversed(CASES)}
SHIPPED = load_all([LIBRARY])


def home(template: Template) -> dict[str, Any]:
    """All that makes a case but its words."""
    return template.model_dump(include={"world", "faults", "noise", "history", "asker", "expect"})


def test_there_are_eight_homes_with_eight_messages_each_and_eight_different_causes() -> None:
    causes = {template.expect.causes for template in TEMPLATES.values()}

    assert Counter(case.template.id for case in CASES) == dict.fromkeys(TEMPLATES, 8)
    assert len(TEMPLATES) == len(causes) == 8


def test_all_of_it_is_held_out_and_frozen_apart_from_the_library() -> None:
    assert {template.split for template in TEMPLATES.values()} == {"heldout"}
    assert check_frozen(FREE_WORDS, SETS[FREE_WORDS]) == len(TEMPLATES)
    assert digests([FREE_WORDS]).keys() == TEMPLATES.keys()
    assert check_all_frozen() == len(TEMPLATES) + check_frozen()


def test_freezing_writes_both_files_and_a_message_that_was_tuned_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, free = tmp_path / "library", tmp_path / "free-words"
    shutil.copytree(LIBRARY / "lan", library)
    shutil.copytree(FREE_WORDS, free)
    sets = {library: tmp_path / "heldout.json", free: tmp_path / "free-words.json"}
    monkeypatch.setattr(frozen, "SETS", sets)
    froze = CliRunner().invoke(app, ["freeze"])

    assert froze.exit_code == 0, froze.output
    assert check_all_frozen() == len(digests([library])) + len(TEMPLATES)

    tuned = free / "film-that-stumbles.yaml"
    tuned.write_text(tuned.read_text("utf-8").replace("the telly", "the wifi"), "utf-8")
    with pytest.raises(InvalidInput, match="film-that-stumbles is not as it was frozen"):
        check_all_frozen()


def test_only_the_words_are_new_and_the_homes_are_those_of_public_scenarios() -> None:
    public = [home(each.template) for each in SHIPPED if each.template.split == "public"]

    assert [name for name, each in TEMPLATES.items() if home(each) not in public] == []


def test_no_message_is_said_twice_or_in_the_library() -> None:
    said = Counter(case.say.text for case in CASES)

    assert set(said.values()) == {1}
    assert said.keys() & {case.say.text for case in SHIPPED} == set()


def test_people_speak_more_languages_than_the_library_does() -> None:
    spoken = {case.say.language for case in CASES}

    assert spoken > {case.say.language for case in SHIPPED}


def test_what_is_run_by_default_has_none_of_it() -> None:
    listed = CliRunner().invoke(app, ["list"])

    assert listed.exit_code == 0, listed.output
    assert "crowded-channel" in listed.output
    assert [name for name in TEMPLATES if name in listed.output] == []
    assert not set(files_in([LIBRARY])) & set(files_in([FREE_WORDS]))


@pytest.mark.parametrize("case", FIRST.values(), ids=FIRST)
def test_it_is_won_by_its_mend_or_by_leaving_the_home_alone(case: Case) -> None:
    assert list(unwinnable(case)) == []
