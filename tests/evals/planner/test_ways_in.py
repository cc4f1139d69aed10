"""A way in from outside: led right, made of what is known, or asked for; nothing is guessed."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.domain.change import AddObject
from brain.domain.incident import Symptom
from brain.domain.parameter import ParameterPath

if TYPE_CHECKING:
    from tests.evals.planner.conftest import Visit

OUTSIDE, CAMERA = Symptom.NOT_REACHED_FROM_OUTSIDE, "192.168.1.14"
ABSENT, ELSEWHERE = {"why": "absent"}, {"why": "elsewhere"}


def test_a_way_in_that_leads_astray_is_led_to_whom_the_words_name(visit: "Visit") -> None:
    ill = visit("lan.port_mapping_missing", OUTSIDE, ELSEWHERE, address=CAMERA, port=8554)
    assert ill.world.quality().broken

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == "lan.port_mapping_missing"
    assert ill.world.quality().well


def test_a_way_in_that_is_not_there_is_made_of_the_words_and_of_the_device(
    visit: "Visit",
) -> None:
    ill = visit("lan.port_mapping_missing", OUTSIDE, ABSENT, address=CAMERA, port=8554)
    assert ill.world.quality().broken

    (only,) = ill.candidates()
    ill.heed(only)

    (row,) = only.changes
    assert isinstance(row, AddObject)
    assert dict(row.values) == {
        "Enable": "true",
        "Interface": "Device.IP.Interface.2",
        "ExternalPort": "8554",
        "InternalPort": "8554",
        "Protocol": "TCP",
        "InternalClient": CAMERA,
    }
    assert "(TCP)" in only.summary
    assert ill.world.quality().well


def test_a_port_that_is_said_to_be_of_udp_is_opened_for_udp(visit: "Visit") -> None:
    ill = visit(
        "lan.port_mapping_missing", OUTSIDE, ABSENT, address=CAMERA, port=8554, transport="UDP"
    )

    (row,) = ill.candidates()[0].changes

    assert isinstance(row, AddObject)
    assert dict(row.values)["Protocol"] == "UDP"


@pytest.mark.parametrize(
    "told",
    [
        {"Device.NAT.InterfaceSetting.1.Interface": ""},
        {"Device.NAT.InterfaceSetting.1.Enable": "false"},
        {
            "Device.NAT.InterfaceSetting.2.Interface": "Device.IP.Interface.3",
            "Device.NAT.InterfaceSetting.2.Enable": "true",
        },
        {"Device.NAT.PortMappingNumberOfEntries": None},
    ],
    ids=["no interface", "no translation", "two ways out", "no table"],
)
def test_a_row_whose_interface_nobody_can_tell_is_told_and_not_made(
    visit: "Visit", told: dict[str, str | None]
) -> None:
    ill = visit("lan.port_mapping_missing", OUTSIDE, ABSENT, address=CAMERA, port=8554)
    values = ill.snapshot.values | {ParameterPath(path): text for path, text in told.items()}
    kept = {path: text for path, text in values.items() if text is not None}
    said = replace(ill.snapshot, values=kept)

    (only,) = replace(ill, said=said).candidates()

    assert only.changes == ()
    assert f"Open port 8554 to {CAMERA}" in only.hand_over


def test_an_old_device_is_given_a_row_like_any_other(visit: "Visit") -> None:
    old = {"model": "huawei-bm632w"}
    home = visit("", OUTSIDE, {}, old, address="192.168.1.10", port=8554)

    (row,) = home.candidates()[0].changes

    assert isinstance(row, AddObject)
    assert dict(row.values)["Interface"] == "Device.IP.Interface.2"
    assert dict(row.values)["InternalClient"] == "192.168.1.10"


def test_what_is_switched_off_for_another_port_stays_off(visit: "Visit") -> None:
    ill = visit("lan.port_mapping_missing", OUTSIDE, {}, address=CAMERA, port=443)

    (only,) = ill.candidates()

    assert [type(each) for each in only.changes] == [AddObject]
    assert only.finding.summary.startswith("No way in on port 443")


@pytest.mark.parametrize("why", ["absent", "elsewhere"])
def test_a_way_in_that_nobody_described_is_asked_for(visit: "Visit", why: str) -> None:
    (only,) = visit("lan.port_mapping_missing", OUTSIDE, {"why": why}).candidates()

    assert (only.changes, only.hand_over) == ((), "")
    assert only.question.endswith("?")


def test_an_address_that_nobody_at_home_has_opens_nothing(visit: "Visit") -> None:
    ill = visit("lan.port_mapping_missing", OUTSIDE, ABSENT, address="192.168.1.250", port=8554)

    assert [each.changes for each in ill.candidates()] == [()]
