"""Questions that differ only in what no rule reads are one question, and no others are."""

import pytest

from policies.bundle import Bundle
from policies.replay.reads import Reads, key_of
from policies.replay.shape import facts, missing


def reads(body: str) -> Reads:
    return Reads.of({"m": f"package m\nimport rego.v1\n{body}"})


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ("a if input.plan.count > 1", {("plan", "count")}),
        ("a if input.plan.count > 1\nb if input.plan", {("plan",)}),
        ("a if some x in input.plan.changes", {("plan", "changes")}),
        ("a if input.plan.changes[x].after == 1", {("plan", "changes")}),
        ('a if object.get(input, ["usage", "olt"], null)', {("usage", "olt")}),
        ('a if object.get(input, ["radios", at, "band"], null)', {("radios",)}),
        ('a if object.get(input, "usage", null)', {()}),
        ('a if input["usage"]', {()}),
        ("a if x := input", {()}),
        ('a if count([input, ["usage"]])', {()}),
        ("a if data.input.x", set()),
        ("# input.comment\na if true", set()),
    ],
)
def test_what_is_not_plainly_a_path_is_all(body: str, paths: set[tuple[str, ...]]) -> None:
    assert reads(body).paths == paths


def test_a_part_has_what_is_read_and_nothing_else() -> None:
    found = reads("a if input.plan.count > 1\nb if input.device\nc if input.gone.by")

    part = found.part({"plan": {"count": 1, "digest": "d"}, "device": {"id": 1}, "now": 3})

    assert part == {"plan": {"count": 1}, "device": {"id": 1}}
    assert found.reads(("device", "id"))
    assert found.reads(("plan",))
    assert not found.reads(("plan", "digest"))


def test_a_key_tells_apart_what_is_different() -> None:
    same = [{"a": 1, "b": None}, {"b": None, "a": 1}]
    others: list[dict[str, object]] = [{"a": 1}, {"a": "1", "b": None}, {"a": True, "b": None}]

    keys = [key_of(each) for each in [*same, *others]]  # type: ignore[arg-type]  # plain JSON

    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


def test_the_shipped_rules_are_read_by_path_and_not_as_a_whole(bundle: Bundle) -> None:
    found = Reads.of(bundle.modules)

    assert () not in found.paths
    assert found.reads(("plan", "changes"))
    assert not found.reads(("plan", "digest"))


def test_a_question_of_an_older_version_lacks_what_rules_read() -> None:
    asked = {"plan": {"count": 1}, "device": {"id": "x"}}
    found = reads("a if input.plan.count > 1\nb if input.unreviewed\nc if input.now.local")

    assert missing(asked, found) == ["now.local.minute", "now.local.weekday", "unreviewed"]  # type: ignore[arg-type]  # plain JSON
    assert missing({}, reads("a if true")) == []
    assert ("asker", "groups") in facts()
