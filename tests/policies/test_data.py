"""The numbers an operator may tune, and nothing that is not such a number."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from brain.domain.errors import InvalidInput
from brain.domain.identity import Role
from policies.bundle import Bundle
from policies.check import shipped_rules
from policies.data import check, read_yaml, tuned
from policies.numbers.everything import Everything


@pytest.fixture
def numbers(bundle: Bundle) -> dict[str, Any]:
    return deepcopy(dict(bundle.data))


def test_the_shipped_numbers_are_whole(numbers: dict[str, Any]) -> None:
    check(numbers)

    folders = (shipped_rules() / "data" / "gatewright").iterdir()
    assert set(numbers) == {folder.name for folder in folders} == set(Everything.model_fields)
    assert len(numbers) > 10


def test_the_shipped_tables_cover_the_countries_promised(numbers: dict[str, Any]) -> None:
    countries: Mapping[str, str] = numbers["regulatory"]["countries"]

    assert {"US", "GB", "DE", "FR", "NL", "ES", "IT", "PL", "JP", "NO"} <= set(countries)


def test_no_channel_is_both_free_and_shared_with_radar(numbers: dict[str, Any]) -> None:
    seen = 0
    for table in numbers["regulatory"]["tables"].values():
        for band in table.values():
            for channels in band["widths"].values():
                seen += 1
                assert not set(channels["free"]) & set(channels["radar"])
                assert channels["free"] or channels["radar"]
    assert seen > 40


def test_a_radio_that_chooses_is_held_to_the_widest(numbers: dict[str, Any]) -> None:
    for table in numbers["regulatory"]["tables"].values():
        for band in table.values():
            widest = max(
                (name for name in band["widths"] if name != "automatic"),
                key=lambda name: int(name.removesuffix("MHz")),
            )
            assert band["widths"]["automatic"] == band["widths"][widest]


def test_every_role_is_given_something(numbers: dict[str, Any]) -> None:
    assert set(numbers["roles"]) == {role.value for role in Role}
    assert all(numbers["roles"].values())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("limits.plan.max_changes", 0),
        ("limits.plan.max_changes", "16"),
        ("limits.plan.max_changes", True),
        ("limits.plan.max_changes", None),
        ("limits.presence.minutes", -1),
        ("limits.machines.lower_bound", 0),
        ("limits.machines.lower_bound", 1.5),
        ("limits.machines.tried", 0),
        ("limits.approvals.approvers", 0),
        ("limits.passphrase.min", 1),
        ("limits.reach.max_shared", -1),
        ("limits.people.alone", "Device.WiFi."),
        ("limits.new_number", 1),
        ("regulatory.countries.de", "eu"),
        ("regulatory.countries.XX", "nowhere"),
        ("regulatory.countries.DE", False),
        ("resolvers.addresses", []),
        ("resolvers.addresses", ['9.9.9.9"']),
        ("pace.port.under_way", 0),
        ("pace.port.last_hour", "9"),
        ("pace.port.last_hour", None),
        ("pace.street", {"under_way": 1, "last_hour": 1}),
        ("matrix.unknown.machine", "perhaps"),
        ("matrix.unknown.robot", "deny"),
        ("matrix.pilot_rings", "pilot"),
        ("matrix.models.Acme", {"G1": {"1.0": {"config": "geen"}}}),
        ("matrix.models.Acme", {"G1": {"1.0": {"dancing": "green"}}}),
        ("matrix.models.Acme", {"G1": {"*": "green"}}),
        ("regulatory.placement.indoors", ["G1"]),
        ("regulatory.placement.elsewhere", {}),
        ("regulatory.placement", {"indoors": {"A": ["G1"]}, "outdoors": {"A": ["G1"]}}),
        ("dhcp.min_addresses", 0),
        ("dhcp.lease_seconds.min", 59),
        ("dhcp.lease_seconds.max", -1),
        ("encryption.at_least", 0),
        ("encryption.modes.None", "0"),
        ("encryption.ciphers", "AES"),
        ("features.tea", {}),
        ("features.firmware.roles", ["janitor"]),
        ("features.firmware.plans", "all"),
        ("features.firmware.templates", []),
        ("features.firmware.countries", ["Germany"]),
        ("firmware.models.A", {"G1": {"versions": [], "rings": {}, "images": {}}}),
        ("firmware.models.A", {"G1": {"versions": ["1", "1"], "rings": {}, "images": {}}}),
        ("firmware.models.A", {"G1": {"versions": ["1"], "rings": {"p": ["2"]}, "images": {}}}),
        (
            "firmware.models.A",
            {"G1": {"versions": ["1"], "rings": {}, "images": {"http://x.example/1": "1"}}},
        ),
        ("openings.max_ports", 0),
        ("openings.closed_ports", [{"from": 2, "to": 1}]),
        ("openings.closed_ports", [{"from": 0, "to": 1}]),
        ("openings.closed_ports", [{"from": 1}]),
        ("openings.firewall.Low", "1"),
        ("suspension.groups", "billing"),
        ("suspension.managed_apart", ["G1"]),
        ("suspension.more_lines.fax", []),
        ("wifi.steering", [3]),
        ("wifi.operator_names", None),
        ("roles.janitor", ["read"]),
        ("roles.support", "read"),
        ("other", {}),
    ],
)
def test_a_number_out_of_reason_is_refused_by_name(
    numbers: dict[str, Any], path: str, value: object
) -> None:
    *above, last = path.split(".")
    place = numbers
    for name in above:
        place = place[name]
    place[last] = value

    if path == "resolvers.addresses" and value == []:
        check(numbers)  # no resolver at all is a choice: every one is then denied
        return
    with pytest.raises(InvalidInput) as refused:
        check(numbers)

    assert refused.value.field.startswith("policy data: " + path.split(".")[0])


def test_a_missing_number_is_refused(numbers: dict[str, Any]) -> None:
    del numbers["limits"]["presence"]

    with pytest.raises(InvalidInput) as refused:
        check(numbers)

    assert refused.value.field == "policy data: limits.presence"


def test_own_numbers_lie_on_top_and_lists_are_replaced(tmp_path: Path) -> None:
    own = tmp_path / "policy.yaml"
    own.write_text("a: {b: 2}\nlist: [3]\n")

    found = tuned({"a": {"b": 1, "c": 1}, "list": [1, 2], "d": 1}, own)

    assert found == {"a": {"b": 2, "c": 1}, "list": [3], "d": 1}


def test_without_own_numbers_the_shipped_ones_hold() -> None:
    assert tuned({"a": 1}, None) == {"a": 1}


def test_a_file_that_is_not_there_is_named_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        tuned({}, tmp_path / "none.yaml")

    assert refused.value.field == "GATEWRIGHT_POLICY_DATA"


@pytest.mark.parametrize("text", ["a: [", "- 1", "1", "", "!!python/object:os.system {}"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_yaml(text, "own.yaml")

    assert refused.value.field == "own.yaml"
