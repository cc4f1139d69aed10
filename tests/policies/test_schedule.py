"""Windows and freezes: written as people write them, worked out once, refused by name."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from brain.domain.errors import InvalidInput
from policies.bundle import Bundle
from policies.data import check, worked_out
from policies.numbers.schedule import worked_out as schedule_of

WINDOW = {"weekdays": ["mon"], "from": "02:00", "until": "05:00"}
FREEZE = {"from": "2026-12-19T00:00:00+01:00", "until": "2027-01-07T00:00:00+01:00"}


def schedule(**but: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "max_wait_minutes": 20160,
        "windows": {"night": WINDOW},
        "kinds": {},
        "freezes": {},
    }
    return schedule_of(usual | but)


def spans(**but: object) -> list[tuple[int, int]]:
    window = schedule(windows={"w": WINDOW | but})["windows"]["w"]
    return [(span["from"], span["until"]) for span in window["minutes"]]


@pytest.fixture
def numbers(bundle: Bundle) -> dict[str, Any]:
    return deepcopy(dict(bundle.data))


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({}, [(120, 300)]),
        ({"weekdays": ["sun", "tue"]}, [(1560, 1740), (8760, 8940)]),
        ({"weekdays": ["mon", "mon"]}, [(120, 300)]),
        ({"from": "23:00", "until": "01:00"}, [(1380, 1500)]),
        ({"weekdays": ["sun"], "from": "23:00", "until": "01:00"}, [(0, 60), (10020, 10080)]),
        ({"weekdays": ["sun"], "from": "23:00", "until": "00:00"}, [(10020, 10080)]),
        ({"from": "00:00", "until": "00:00"}, [(0, 1440)]),
        ({"from": "05:00", "until": "05:00"}, [(300, 1740)]),
    ],
)
def test_a_window_is_minutes_since_monday(
    window: dict[str, object], expected: list[tuple[int, int]]
) -> None:
    assert spans(**window) == expected


def test_a_freeze_is_seconds_since_1970_whatever_its_zone() -> None:
    there = schedule(freezes={"x": FREEZE})["freezes"]["x"]
    utc = {"from": "2026-12-18T23:00:00Z", "until": "2027-01-06T23:00:00+00:00"}
    same = schedule(freezes={"x": utc})["freezes"]["x"]

    assert (there["begins"], there["ends"]) == (1797634800, 1799276400)
    assert (same["begins"], same["ends"]) == (there["begins"], there["ends"])


def test_both_say_in_words_what_they_are() -> None:
    kinds = {"firmware": {"templates": ["Device.X."], "windows": ["night"]}}
    found = schedule(freezes={"x": FREEZE}, kinds=kinds)

    assert found["windows"]["night"]["text"] == "night: Mon, 02:00 to 05:00"
    assert found["kinds"]["firmware"]["when"] == "night: Mon, 02:00 to 05:00"
    assert found["freezes"]["x"]["text"] == "freeze x, until 2027-01-07 00:00 +0100"


def test_working_out_twice_is_the_same_and_what_was_written_instead_does_not_count() -> None:
    once = schedule(freezes={"x": FREEZE})
    forged = deepcopy(once)
    forged["windows"]["night"]["minutes"] = [{"from": 0, "until": 10080}]
    forged["freezes"]["x"]["ends"] = 0

    assert schedule_of(once) == once
    assert schedule_of(forged) == once


def test_the_bundle_holds_what_was_worked_out(numbers: dict[str, Any]) -> None:
    assert numbers["schedule"]["windows"]["night"]["minutes"][0] == {"from": 120, "until": 300}
    assert worked_out(numbers) == numbers


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("windows.night.from", "2:00", "in quotes"),
        ("windows.night.from", "24:00", "in quotes"),
        ("windows.night.from", "02:60", "in quotes"),
        ("windows.night.from", 1320, "in quotes"),
        ("windows.night.until", None, "in quotes"),
        ("windows.night.until", "\u0660\u0662:00", "in quotes"),
        ("windows.night.weekdays", [], "at least 1"),
        ("windows.night.weekdays", ["monday"], "'mon'"),
        ("windows.night.zone", "UTC", "not permitted"),
        ("kinds.firmware.windows", [], "at least 1"),
        ("kinds.firmware.windows", ["dawn"], "there is no window dawn"),
        ("kinds.firmware.templates", ["X.Y"], "pattern"),
        ("max_wait_minutes", 0, "greater than"),
        ("max_wait_minutes", 1259, "closed for 1260 minutes"),
        ("freezes.x", {**FREEZE, "from": "2026-12-19T00:00:00"}, "with its zone"),
        ("freezes.x", {**FREEZE, "from": "soon"}, "with its zone"),
        ("freezes.x", {**FREEZE, "until": FREEZE["from"]}, "after from"),
        ("freezes.x", {**FREEZE, "countries": ["de"]}, "pattern"),
        ("freezes.x", {"from": FREEZE["from"]}, "required"),
    ],
)
def test_what_is_no_schedule_is_refused_by_name(
    numbers: dict[str, Any], path: str, value: object, said: str
) -> None:
    *above, last = path.split(".")
    place = numbers["schedule"]
    for name in above:
        place = place[name]
    place[last] = value

    with pytest.raises(InvalidInput) as refused:
        check(numbers)

    assert refused.value.field.startswith("policy data: schedule.")
    assert said in refused.value.message


def test_the_wait_reaches_from_the_end_of_a_window_to_its_next_opening() -> None:
    kinds = {"x": {"templates": ["Device.X."], "windows": ["night", "more"]}}
    windows = {"night": WINDOW, "more": {**WINDOW, "weekdays": ["mon"], "from": "04:00"}}

    schedule(windows=windows, kinds=kinds, max_wait_minutes=7 * 1440 - 180)
    with pytest.raises(ValueError, match="closed for 9900 minutes"):
        schedule(windows=windows, kinds=kinds, max_wait_minutes=7 * 1440 - 181)


def test_a_window_without_a_gap_needs_no_wait() -> None:
    always = {"weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "06:00"}
    windows = {"always": {**always, "until": "06:00"}}
    kinds = {"x": {"templates": ["Device.X."], "windows": ["always"]}}

    assert schedule(windows=windows, kinds=kinds, max_wait_minutes=1)["max_wait_minutes"] == 1


def test_an_operator_adds_a_freeze_in_a_file_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "policy.yaml"
    own.write_text(
        'schedule: {freezes: {xmas: {from: "2026-12-19T00:00:00+01:00", '
        'until: "2027-01-07T00:00:00+01:00", countries: [DE]}}}\n'
    )

    found: Any = Bundle.load(data=own).data["schedule"]

    assert found["freezes"]["xmas"]["begins"] == 1797634800
    assert "night" in found["windows"]
