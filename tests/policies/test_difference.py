"""Whoever answers for rules reads everything that they change, and nothing that they do not."""

import pytest

from brain.domain.canonical import Json
from policies.bundle import Bundle
from policies.difference import Difference, Turn, difference

CORE = "gatewright/core/core.rego"
NIGHT: dict[str, Json] = {"schedule": {"windows": {"night": {"until": "06:00"}}}}


def with_source(bundle: Bundle, name: str, source: str) -> Bundle:
    return Bundle.of({**bundle.modules, name: source}, bundle.data)


def holding(value: Json) -> Bundle:
    """Numbers that no schema would take."""
    return Bundle(modules={}, data={"schedule": {}, "a": value}, findings={}, revision="")


def parts(found: Difference) -> tuple[object, ...]:
    return (found.numbers, found.modules, found.rules_added, found.rules_removed)


def test_the_same_rules_differ_in_nothing(bundle: Bundle) -> None:
    assert parts(difference(bundle, bundle)) == ((), (), (), ())


def test_each_number_that_changes_is_told_with_what_it_was_and_no_other(bundle: Bundle) -> None:
    new = bundle.with_numbers({"limits": {"reach": {"max_shared": 9}, "approvals": {"policy": 2}}})

    found = difference(bundle, new)

    added, changed = found.numbers
    assert (added.path, added.turn, added.after) == ("limits.approvals.policy", Turn.ADDED, 2)
    assert (changed.path, changed.before, changed.after) == ("limits.reach.max_shared", 0, 9)
    assert parts(found)[1:] == ((), (), ())
    (removed,) = difference(
        new, bundle.with_numbers({"limits": {"reach": {"max_shared": 9}}})
    ).numbers
    assert (removed.path, removed.turn, removed.before) == (added.path, Turn.REMOVED, 2)


def test_what_is_worked_out_of_a_number_is_not_told_a_second_time(bundle: Bundle) -> None:
    (only,) = difference(bundle, bundle.with_numbers(NIGHT)).numbers

    assert (only.path, only.before, only.after) == (
        "schedule.windows.night.until",
        "05:00",
        "06:00",
    )


def test_a_name_with_a_dot_in_it_stands_in_brackets(bundle: Bundle) -> None:
    new = bundle.with_numbers({"matrix": {"workflows": {"Device.Reboot()": "config"}}})

    (only,) = difference(bundle, new).numbers

    assert only.path == "matrix.workflows[Device.Reboot()]"


@pytest.mark.parametrize(("before", "after"), [(0, False), (1, 1.5), ([1], [True])])
def test_values_that_python_takes_for_one_another_are_not_the_same(
    before: Json, after: Json
) -> None:
    (only,) = difference(holding(before), holding(after)).numbers

    assert (only.path, only.before, only.after) == ("a", before, after)


def test_a_changed_file_comes_with_the_lines_that_change(bundle: Bundle) -> None:
    source = bundle.modules[CORE] + "\n# a word more\n"

    (only,) = difference(bundle, with_source(bundle, CORE, source)).modules

    assert (only.name, only.turn) == (CORE, Turn.CHANGED)
    assert [line for line in only.diff.split("\n") if line.startswith("+")][1:] == [
        "+# a word more",
        "+",
    ]


def test_a_rule_that_comes_or_goes_is_named(bundle: Bundle) -> None:
    source = bundle.modules[CORE]
    begins = source.rindex("# METADATA")
    ends = source.index("\n}\n", begins) + 3
    fewer = with_source(bundle, CORE, source[:begins] + source[ends:])
    (gone,) = bundle.findings.keys() - fewer.findings.keys()

    assert difference(bundle, fewer).rules_removed == (gone,)
    assert difference(fewer, bundle).rules_added == (gone,)


def test_source_that_would_be_shown_otherwise_than_it_is_read_is_escaped(bundle: Bundle) -> None:
    source = bundle.modules[CORE] + "\n# \u202etfel ot thgir\u202c\x1b[2K\n"

    (only,) = difference(bundle, with_source(bundle, CORE, source)).modules

    assert "\\u202etfel ot thgir\\u202c\\x1b[2K" in only.diff
    assert not {"\u202e", "\x1b"} & set(only.diff)
