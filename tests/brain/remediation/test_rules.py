"""Rules are data: what is wrong in them is named with its field and the way to mend it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from brain.domain.errors import InvalidInput
from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.remediation.index import Index
from brain.remediation.measuring import Tally
from brain.remediation.rules import Rule, load_rules

NOW = datetime(2026, 1, 5, 20, 0, tzinfo=UTC)
SHIPPED = load_rules()
BUDGETS = SHIPPED.budgets.model_dump()


RISES = {
    "measure": "rises",
    "looks_at": {"events": ["inform"], "paths": ["Device.DeviceInfo.MemoryStatus.Free"]},
}


def a_rule(**changed: Any) -> dict[str, Any]:
    rule = {
        "id": "drops",
        "title": "It drops",
        "looks_at": {"events": ["value_change"], "paths": ["Device.IP.Interface.*.Status"]},
        "measure": "count",
        "threshold": 4,
        "window": "24h",
        "symptom": "unstable_line",
        "cool_down": "12h",
    }
    return rule | changed


def written(folder: Path, *rules: dict[str, Any]) -> Path:
    file = folder / "mine.yaml"
    file.write_text(yaml.safe_dump({"rules": [*rules], "budgets": BUDGETS}))
    return file


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"window": "a day"}, "rules.drops.window"),
        ({"threshold": 0}, "rules.drops"),
        ({"treshold": 4}, "rules.drops.treshold"),
        ({"symptom": "sad"}, "rules.drops.symptom"),
        ({"shared": ["street"]}, "rules.drops.shared.0"),
        ({"looks_at": {"events": []}}, "rules.drops.looks_at.events"),
        ({"cool_down": "90d"}, "rules.drops"),
        ({"measure": "falls", "looks_at": {"events": ["boot"]}}, "rules.drops"),
        ({"measure": "rises"}, "rules.drops"),
        (RISES | {"apart": "1m"}, "rules.drops"),
    ],
)
def test_what_is_wrong_is_named_with_the_rule_and_the_remedy(
    tmp_path: Path, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_rules(written(tmp_path, a_rule(**changed)))

    assert refused.value.field.endswith(field)
    assert refused.value.remedy


@pytest.mark.parametrize(
    "path", ["Device.WiFi.AccessPoint.*.Security.KeyPassphrase", "Device.X_HEARTH_Line.*.Mood"]
)
def test_a_rule_may_not_look_at_what_is_or_may_be_a_secret(tmp_path: Path, path: str) -> None:
    looks_at = {"events": ["value_change"], "paths": ["Device.IP.Interface.*.Status", path]}

    with pytest.raises(InvalidInput, match="secret") as refused:
        load_rules(written(tmp_path, a_rule(looks_at=looks_at)))

    assert refused.value.field.endswith("rules.drops.looks_at.paths")
    assert path in str(refused.value)
    assert "no secret" in refused.value.remedy


def test_quiet_hours_that_would_never_hold_are_refused(tmp_path: Path) -> None:
    never = {"begins": "22:00", "ends": "22:00"}
    file = tmp_path / "mine.yaml"
    book = {"rules": [a_rule()], "budgets": BUDGETS, "quiet_hours": [never]}
    file.write_text(yaml.safe_dump(book))

    with pytest.raises(InvalidInput, match="same time of day") as refused:
        load_rules(file)

    assert refused.value.field.endswith("quiet_hours.0")
    assert "end later" in refused.value.remedy


@pytest.mark.parametrize("fleet", [{"every": "1m"}, {"every": "13h"}, {"cool_down": "40d"}])
def test_a_look_at_the_fleet_that_leaves_no_time_is_refused(
    tmp_path: Path, fleet: dict[str, str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump({"rules": [a_rule()], "budgets": BUDGETS, "fleet": fleet}))

    with pytest.raises(InvalidInput) as refused:
        load_rules(file)

    assert refused.value.field.endswith("fleet")


def test_no_rule_takes_the_name_of_the_look_at_the_fleet(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="look at the whole fleet"):
        load_rules(written(tmp_path, a_rule(id="fleet")))


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="two rules drops"):
        load_rules(written(tmp_path, a_rule(), a_rule()))


def test_a_file_without_budgets_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump({"rules": [a_rule()]}))

    with pytest.raises(InvalidInput, match="budgets"):
        load_rules(file)


def an_event(path: str = "", value: str = "", *, at: datetime = NOW, **more: Any) -> Event:
    kind = more.get("kind", EventKind.VALUE_CHANGE)
    return Event(
        tenant=TenantId("t"), device=DeviceId("d"), kind=kind, at=at, path=path, value=value
    )


def test_a_rule_takes_only_its_paths_and_values() -> None:
    index = Index(SHIPPED)

    def named(event: Event) -> list[str]:
        return [each.id for each in index.rules(event)]

    status = "Device.IP.Interface.2.Status"
    assert named(an_event(status, "Down")) == ["wan-drops"]
    assert named(an_event(status, "Up")) == []
    assert named(an_event(status + "es", "Down")) == []
    assert named(an_event("Device.IP.Interface.x.Status", "Down")) == []
    assert named(an_event(kind=EventKind.BOOT)) == ["new-firmware-restarts"]


NETWORK = "Device.WiFi.SSID.1.SSID"
ANY_CHANGE: dict[str, Any] = {"looks_at": {"events": ["value_change", "inform"]}}


@pytest.mark.parametrize(
    ("path", "value", "kept"),
    [
        (NETWORK, "Anna and Bram", ""),
        ("Device.Hosts.Host.1.IPAddress", "192.168.1.7", ""),
        ("", "Anna and Bram", ""),
        ("Device.IP.Interface.1.Status", "tulip", ""),
        ("Device.WiFi.SSID.1.Stats.RetransCount", "Anna and Bram", ""),
        ("Device.IP.Interface.1.Status", "Down", "Down"),
        ("Device.DeviceInfo.MemoryStatus.Free", "90000", "90000"),
    ],
)
def test_of_an_event_no_text_is_kept_that_people_may_have_written(
    tmp_path: Path, path: str, value: str, kept: str
) -> None:
    index = Index(load_rules(written(tmp_path, a_rule(**ANY_CHANGE))))

    found = index.kept(an_event(path, value))

    assert found is not None
    assert (found.path, found.value) == (path, kept)


@pytest.mark.parametrize(
    "path",
    [
        "Mr Mustermann, Lindenweg 5",
        "Device.X_HEARTH_Line.Word",
        "Device.WiFi.AccessPoint.1.Security.KeyPassphrase",
    ],
)
def test_a_path_that_nobody_knows_or_of_a_secret_is_not_kept(tmp_path: Path, path: str) -> None:
    found = Index(load_rules(written(tmp_path, a_rule(**ANY_CHANGE)))).kept(an_event(path, "tulip"))

    assert found is not None
    assert (found.path, found.value) == ("", "")


def test_a_text_that_a_rule_names_itself_is_kept_and_a_secret_is_not(tmp_path: Path) -> None:
    named = {"events": ["value_change"], "values": ["Free Wi-Fi"]}
    index = Index(load_rules(written(tmp_path, a_rule(looks_at=named))))
    secret = an_event("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "Free Wi-Fi")

    found, hidden = index.kept(an_event(NETWORK, "Free Wi-Fi")), index.kept(secret)

    assert found is not None and found.value == "Free Wi-Fi"  # noqa: PT018 - for the type checker
    assert hidden is not None and hidden.value == ""  # noqa: PT018


def test_what_no_rule_counts_is_not_kept() -> None:
    assert Index(SHIPPED).kept(an_event(NETWORK, "Anna and Bram")) is None


def test_a_parameter_is_read_as_often_as_its_rules_need() -> None:
    index = Index(SHIPPED)

    assert index.every("Device.WiFi.SSID.1.Stats.RetransCount") == timedelta(minutes=12)
    assert index.every("Device.IP.Interface.1.Status") == timedelta(minutes=15)
    assert index.every("Device.DeviceInfo.MemoryStatus.Free") == timedelta(days=3) / 7
    assert index.every(NETWORK) is None


def test_a_rule_without_paths_has_nothing_read(tmp_path: Path) -> None:
    assert Index(load_rules(written(tmp_path, a_rule(**ANY_CHANGE)))).every(NETWORK) is None


def test_interfaces_of_one_stack_that_go_down_together_are_one_drop() -> None:
    rule = shipped("wan-drops")
    drops = [(hour + 0.005 * layer, "Down") for hour in range(3) for layer in range(3)]

    assert counted(rule, drops).met(rule) == ""
    assert counted(rule, [*drops, (3, "Down")]).met(rule) == "4 times within 24 h"


def counted(rule: Rule, readings: list[tuple[float, str]], version: str = "v1") -> Tally:
    """Readings so many hours after the beginning, each written down and read again between."""
    tally = Tally()
    for hours, value in readings:
        event = an_event("Device.X", value, at=NOW + timedelta(hours=hours))
        tally.add(rule, event, version=version, zone=UTC)
        tally = Tally.read(tally.write())
    return tally


def shipped(name: str) -> Rule:
    found = SHIPPED.get(name)
    assert found is not None
    return found


def test_drops_count_within_the_window_and_are_forgotten_after_it() -> None:
    rule = shipped("wan-drops")

    assert counted(rule, [(0, "Down"), (1, "Down"), (2, "Down")]).met(rule) == ""
    four = [(0, "Down"), (1, "Down"), (2, "Down"), (3, "Down")]
    assert counted(rule, four).met(rule) == "4 times within 24 h"
    assert counted(rule, [*four[:3], (30, "Down")]).met(rule) == ""


def test_falling_light_is_told_from_light_that_comes_back() -> None:
    rule = shipped("optics-falling")

    fell = counted(rule, [(0, "-19000"), (30, "-20500"), (60, "-22500")])
    assert fell.met(rule) == "fell from -19,000 to -22,500 within 7 days"
    assert counted(rule, [(0, "-19000"), (30, "-22500"), (60, "-19100")]).met(rule) == ""
    assert counted(rule, [(0, "-19000"), (60, "-22500")]).met(rule) == ""


def test_a_leak_falls_steadily_and_a_busy_evening_does_not() -> None:
    rule = shipped("memory-leak")
    leak = [(6.0 * n, str(90_000 - 5_000 * n)) for n in range(8)]
    busy = [(0, "90000"), (6, "60000"), (12, "88000"), (18, "61000"), (24, "89000"), (30, "65000")]

    assert counted(rule, leak).met(rule).startswith("fell from 90,000 to 55,000")
    assert counted(rule, busy).met(rule) == ""


def test_a_counter_that_starts_anew_has_grown_by_what_it_says() -> None:
    rule = shipped("wifi-retries")
    readings = [(0, "5000"), (0.2, "15000"), (0.4, "3000"), (0.6, "11000")]

    assert counted(rule, readings).met(rule) == "grew by 21,000 within 1 h"


def test_a_reading_that_comes_late_is_no_counter_that_starts_anew() -> None:
    rule = shipped("wifi-retries")
    readings = [(0, "5000"), (0.4, "15000"), (0.2, "9000"), (0.6, "15500"), (0.8, "16000")]

    tally = counted(rule, readings)

    assert sum(each.grown for each in tally.slices.values()) == 11_000
    assert tally.met(rule) == ""


def test_a_full_channel_at_the_same_hour_of_three_days_is_told_from_any_three_hours() -> None:
    rule = shipped("evening-congestion")

    same = counted(rule, [(0, "210"), (24, "220"), (48.5, "230")])
    assert same.met(rule) == "reached 200 between 20:00 and 21:00 on 3 days"
    assert counted(rule, [(0, "210"), (26, "220"), (50, "150"), (52, "230")]).met(rule) == ""


def test_other_software_begins_to_be_counted_anew() -> None:
    rule = shipped("memory-leak")
    tally = counted(rule, [(6.0 * n, str(90_000 - 5_000 * n)) for n in range(8)])

    event = an_event("Device.X", "50000", at=NOW + timedelta(hours=49))
    tally.add(rule, event, version="v2", zone=UTC)

    assert tally.met(rule) == ""


def test_a_tally_stays_small_however_much_is_counted() -> None:
    rule = shipped("wan-drops")
    tally = counted(rule, [(n / 2, "Down") for n in range(500)])

    assert len(tally.slices) <= 12
    assert len(tally.write()) < 1_000


def test_what_it_grew_by_while_nobody_looked_is_not_growth_within_the_window() -> None:
    rule = shipped("wifi-retries")
    after_a_gap = [(10 + 0.2 * n, str(30_000 + n)) for n in range(4)]

    assert counted(rule, [(0, "0"), *after_a_gap]).met(rule) == ""
    assert counted(rule, [(9.8, "0"), *after_a_gap[:3]]).met(rule) == "grew by 30,002 within 1 h"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"threshold": float("nan")}, "finite"),
        ({"threshold": float("inf")}, "finite"),
        ({"threshold": 4, "window": "24h", "apart": "12h"}, "leaves no room"),
    ],
)
def test_a_rule_that_nothing_could_meet_is_refused(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(InvalidInput, match=named):
        load_rules(written(tmp_path, a_rule(**changes)))


@pytest.mark.parametrize("value", ["", "much", "nan", "inf", "1e99"])
def test_what_is_no_number_is_no_reading(value: str) -> None:
    rule = shipped("optics-falling")

    assert counted(rule, [(0, value)]).slices == {}
