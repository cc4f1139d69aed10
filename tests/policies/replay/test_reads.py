"""What rules read of a question is known, so that a question without it is not taken for one."""

import pytest

from policies.bundle import Bundle
from policies.replay.reads import Reads
from policies.replay.shape import facts, missing, needed


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


def test_what_lies_below_a_path_is_read_with_it_and_so_is_what_it_lies_in() -> None:
    found = reads("a if input.plan.count > 1\nb if input.device")

    assert found.reads(("device", "id"))
    assert found.reads(("plan",))
    assert not found.reads(("plan", "digest"))


def test_the_shipped_rules_are_read_by_path_and_not_as_a_whole(bundle: Bundle) -> None:
    found = Reads.of(bundle.modules)

    assert () not in found.paths
    assert found.reads(("plan", "changes"))
    assert not found.reads(("plan", "digest"))


def test_a_question_of_an_older_version_lacks_what_rules_read() -> None:
    asked = {"plan": {"count": 1}, "device": {"id": "x"}}
    found = needed(reads("a if input.plan.count > 1\nb if input.unreviewed\nc if input.now.local"))

    assert missing(asked, found) == ["now.local.minute", "now.local.weekday", "unreviewed"]  # type: ignore[arg-type]  # plain JSON
    assert missing({}, needed(reads("a if true"))) == []
    assert ("asker", "groups") in facts()
