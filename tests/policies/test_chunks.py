"""A long question in parts, and one answer of many: deny wins, and nothing said is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from policies.chunks import chunks, is_whole, joined


def question(**changes: int) -> dict[str, Json]:
    listed: dict[str, Json] = {
        name: [{"path": f"{name}.{n}"} for n in range(count)] for name, count in changes.items()
    }
    count = sum(changes.values())
    return {"point": "submit", "plan": {"count": count, "part": count, "changes": listed}}


def answer(
    outcome: str, code: str, group: str = "", rollback: str = "automatic", **but: Json
) -> Json:
    approvals: list[Json] = [{"group": group, "min": 1}] if group else []
    return {
        "outcome": outcome,
        "findings": [{"code": code, "path": ""}],
        "obligations": obligations(rollback) | {"approvals": approvals} | but,
    }


def obligations(rollback: str) -> dict[str, Json]:
    return {
        "approvals": [],
        "rates": {},
        "review_after": None,
        "rollback": rollback,
        "wait": None,
    }


def test_a_short_question_is_asked_as_it_is() -> None:
    asked = question(a=2, b=1)

    assert list(chunks(asked, 3)) == [asked]


@given(st.dictionaries(st.sampled_from("abc"), st.integers(1, 9), min_size=1))
@settings(max_examples=50, deadline=None)
def test_every_change_is_asked_once_and_the_whole_is_counted(changes: dict[str, int]) -> None:
    asked = question(**changes)
    parts = list(chunks(asked, 4))
    plans = [part["plan"] for part in parts]

    found = sorted(str(each) for plan in plans for of in _changes(plan).values() for each in of)
    assert found == sorted(str(each) for of in _changes(asked["plan"]).values() for each in of)
    assert all(_plan(plan)["count"] == sum(changes.values()) for plan in plans)
    assert all(sum(len(of) for of in _changes(plan).values()) <= 4 for plan in plans)
    assert all(part["point"] == "submit" for part in parts)


def _plan(plan: Json) -> dict[str, Json]:
    assert isinstance(plan, dict)
    return plan


def _changes(plan: Json) -> dict[str, list[Json]]:
    return _plan(plan)["changes"]  # type: ignore[return-value]  # made so above


@pytest.mark.parametrize("asked", [{}, {"plan": None}, {"plan": {}}, {"plan": {"changes": []}}])
def test_what_has_no_changes_is_asked_as_it_is(asked: dict[str, Json]) -> None:
    assert list(chunks(asked, 1)) == [asked]


@pytest.mark.parametrize("part", [None, "9", 2, 4, 8, 10, [9]])
def test_a_plan_that_miscounts_itself_is_left_whole(part: Json) -> None:
    """In parts that count themselves nobody would see it."""
    asked = question(a=9)
    asked["plan"] = _plan(asked["plan"]) | {"part": part}

    assert list(chunks(asked, 2)) == [asked]


@pytest.mark.parametrize("odd", [[], {}, "x", None, {"x": {"path": "a.1"}}])
def test_a_plan_that_lists_anything_but_changes_is_left_whole(odd: Json) -> None:
    asked = question(a=9)
    asked["plan"] = _plan(asked["plan"]) | {"changes": {**_changes(asked["plan"]), "b": odd}}

    assert list(chunks(asked, 2)) == [asked]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["allow", "allow"], "allow"),
        (["allow", "review"], "review"),
        (["review", "deny", "allow"], "deny"),
        (["deny", "deny"], "deny"),
    ],
)
def test_the_strictest_part_decides(outcomes: list[str], expected: str) -> None:
    for order in (outcomes, outcomes[::-1]):
        found = joined([answer(outcome, str(n)) for n, outcome in enumerate(order)])

        assert isinstance(found, dict)
        assert found["outcome"] == expected


def test_all_findings_and_approvals_count_once() -> None:
    found = joined(
        [
            answer("review", "a", "approvers"),
            answer("review", "b", "noc"),
            answer("review", "a", "approvers"),
        ]
    )

    assert found == {
        "outcome": "review",
        "findings": [{"code": "a", "path": ""}, {"code": "b", "path": ""}],
        "obligations": {
            "approvals": [{"group": "approvers", "min": 1}, {"group": "noc", "min": 1}],
            "rates": {},
            "review_after": None,
            "wait": None,
            "rollback": "automatic",
        },
    }


def test_a_denial_asks_for_nobody() -> None:
    found = joined([answer("review", "a", "noc"), answer("deny", "b")])

    assert isinstance(found, dict)
    assert found["obligations"] == obligations("automatic")


def test_one_part_that_cannot_be_undone_makes_the_whole_so() -> None:
    found = joined([answer("allow", "a"), answer("allow", "b", rollback="none")])

    assert isinstance(found, dict)
    assert found["obligations"] == obligations("none")


def test_what_a_broken_glass_asks_for_is_asked_once() -> None:
    found = joined(
        [
            answer("allow", "a", review_after="approvers"),
            answer("allow", "b", review_after="approvers"),
        ]
    )

    assert isinstance(found, dict)
    assert found["obligations"] == {
        "approvals": [],
        "rates": {},
        "review_after": "approvers",
        "wait": None,
        "rollback": "automatic",
    }


def test_a_glass_that_is_broken_for_a_part_only_spoils_the_whole() -> None:
    with pytest.raises(PolicyUnavailable, match="disagree"):
        joined([answer("allow", "a", review_after="approvers"), answer("allow", "b")])


@pytest.mark.parametrize(
    "part", [None, {}, [], "allow", {"outcome": "allow"}, answer("perhaps", "a")]
)
def test_a_part_that_cannot_be_read_spoils_the_whole(part: Json) -> None:
    with pytest.raises(PolicyUnavailable):
        joined([answer("allow", "a"), part])


def test_each_part_has_the_facts_about_its_own_changes_and_none_is_lost() -> None:
    radios = {f"Device.WiFi.Radio.{n}.": {"channel": n} for n in range(1, 6)}
    paths = [f"{radio}Channel" for radio in radios]
    asked = question()
    listed: Json = [{"path": path} for path in paths]
    asked["plan"] = {"count": 5, "part": 5, "changes": {"Channel": listed}}
    asked["radios"] = {**radios, "Device.Elsewhere.": {"channel": 9}}
    asked["openings"] = {paths[4]: {"first": 22}}

    first, second, third = chunks(asked, 2)

    assert set(_facts(first, "radios")) == {*list(radios)[:2], "Device.Elsewhere."}
    assert set(_facts(second, "radios")) == {*list(radios)[2:4]}
    assert (_facts(third, "radios"), _facts(third, "openings")) == (
        {"Device.WiFi.Radio.5.": {"channel": 5}},
        {paths[4]: {"first": 22}},
    )
    assert _facts(first, "openings") == {}


def _facts(part: dict[str, Json], name: str) -> dict[str, Json]:
    facts = part[name]
    assert isinstance(facts, dict)
    return facts


def too_large(**about: Json) -> Json:
    finding: dict[str, Json] = {"code": "core.plan_too_large", "path": "", "about": {**about}}
    return {"outcome": "deny", "findings": [finding], "obligations": {}}


def test_a_change_has_the_facts_about_the_object_that_it_names() -> None:
    asked = question()
    listed: Json = [{"path": f"{n}", "object": f"Device.WiFi.Radio.{n}."} for n in (1, 2, 3)]
    asked["plan"] = {"count": 3, "part": 3, "changes": {"Channel": listed}}
    asked["radios"] = {f"Device.WiFi.Radio.{n}.": {"channel": n} for n in (1, 2, 3)}

    found = [set(_facts(part, "radios")) for part in chunks(asked, 1)]

    assert found == [{f"Device.WiFi.Radio.{n}."} for n in (1, 2, 3)]


def test_a_plan_known_to_be_too_large_has_its_whole_answer_in_one_part() -> None:
    assert is_whole(too_large(count=500, limit=16))


@pytest.mark.parametrize(
    "answered",
    [
        too_large(count=None, limit=16),
        too_large(count=500, limit=None),
        too_large(count=True, limit=16),
        answer("deny", "core.plan_too_large"),
        answer("deny", "core.halted"),
        {"findings": None},
        {"findings": [None]},
        None,
        [],
    ],
)
def test_any_other_answer_is_that_of_its_part_alone(answered: Json) -> None:
    assert not is_whole(answered)


def test_a_part_that_has_to_wait_has_the_whole_wait_the_longest() -> None:
    night: Json = {"for": ["night", "freeze"], "minutes": 60}
    weekend: Json = {"for": ["weekend", "freeze"], "minutes": 900}
    parts = [answer("allow", "a"), answer("review", "b", "g", wait=night)]

    one = joined(parts)
    two = joined([*parts, answer("allow", "c", wait=weekend)])

    assert isinstance(one, dict)
    assert isinstance(two, dict)
    assert isinstance(one["obligations"], dict)
    assert isinstance(two["obligations"], dict)
    assert one["obligations"]["wait"] == night
    assert two["obligations"]["wait"] == {"for": ["night", "freeze", "weekend"], "minutes": 900}


@pytest.mark.parametrize("wait", [False, [], "night", 60])
def test_a_wait_that_cannot_be_read_stays_unreadable(wait: Json) -> None:
    night: Json = {"for": ["night"], "minutes": 60}

    found = joined([answer("allow", "a", wait=wait), answer("allow", "b", wait=night)])

    assert isinstance(found, dict)
    assert isinstance(found["obligations"], dict)
    assert found["obligations"]["wait"] == wait


def test_the_limits_are_those_of_every_part() -> None:
    limits: Json = {"device": {"under_way": 1, "last_hour": 12}}

    found = joined([answer("allow", "a", rates=limits), answer("allow", "b", rates=limits)])

    assert isinstance(found, dict)
    assert isinstance(found["obligations"], dict)
    assert found["obligations"]["rates"] == limits
