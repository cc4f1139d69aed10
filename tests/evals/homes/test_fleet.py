"""The demo's homes: one seed makes one fleet, the cast has its ailments, the rest is well."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from api.shapes.inventory import Inventory
from brain.domain.device import device_id
from evals.homes.cast import CAST, ROLES
from evals.homes.crowd import HOSTILE_NAMES
from evals.homes.fleet import Resident, build_fleet
from evals.homes.inventory import inventory
from evals.homes.network import BAD_SPLITTERS
from evals.homes.optics import SENSITIVITY_DBM
from evals.homes.rpc import answer
from executors.acs import messages as m

Clock = Callable[[], datetime]
COUNT = 24


def said(resident: Resident) -> object:
    return answer(resident.home, m.GetParameterValues(("",)))


@pytest.fixture
def fleet(clock: Clock) -> dict[str, Resident]:
    residents = build_fleet(COUNT, seed=1, clock=clock)
    return {each.role.key if each.role else each.home.id: each for each in residents}


def test_equal_seeds_make_equal_homes_to_the_last_digit(clock: Any) -> None:
    one, two = (build_fleet(COUNT, seed=3, clock=clock) for _ in range(2))
    clock.advance(minutes=7)
    for each in (*one, *two):
        each.home.tick()

    assert [said(each) for each in one] == [said(each) for each in two]


def test_another_seed_makes_other_homes_with_the_same_cast(clock: Clock) -> None:
    one, two = build_fleet(COUNT, seed=1, clock=clock), build_fleet(COUNT, seed=2, clock=clock)

    assert [each.home.id for each in one] == [each.home.id for each in two]
    assert [said(each) for each in one] != [said(each) for each in two]


def test_a_small_fleet_is_the_head_of_the_cast_and_a_large_one_has_no_double(clock: Clock) -> None:
    assert [each.role for each in build_fleet(3, seed=1, clock=clock)] == list(ROLES[:3])
    assert len({each.home.id for each in build_fleet(400, seed=1, clock=clock)}) == 400


def test_the_congested_home_gains_much_on_channel_1(fleet: dict[str, Resident]) -> None:
    radio = fleet["congested"].home.radio(1)

    assert fleet["congested"].country == "GB"
    assert radio.utilisation() > 180
    assert radio.utilisation(1) < 90
    assert min((1, 6, 11), key=radio.utilisation) == 1


def test_the_box_abroad_would_take_channel_13_of_which_its_country_has_none(
    fleet: dict[str, Resident],
) -> None:
    home = fleet["abroad"].home
    wanted = m.ParameterValue("Device.WiFi.Radio.1.Channel", "13", "unsignedInt")

    assert fleet["abroad"].country == "US"
    assert home.tree.read("Device.WiFi.Radio.1.RegulatoryDomain") == "US "
    assert answer(home, m.SetParameterValues((wanted,), "k")) == m.SetParameterValuesResponse(0)


def test_the_haunted_home_gets_worse_on_the_channel_that_a_scan_recommends(
    fleet: dict[str, Resident],
) -> None:
    radio = fleet["haunted"].home.radio(1)
    heard = {each.channel for each in radio.scan()}

    assert heard == {1, 11}
    assert radio.quietest() == 6
    assert radio.utilisation(6) > radio.utilisation() + 50


def test_all_homes_behind_the_bent_fibre_are_dim_and_no_other_is(
    fleet: dict[str, Resident],
) -> None:
    lit = {key: each for key, each in fleet.items() if each.home.household.drop}
    dim = {
        key
        for key, each in lit.items()
        if each.home.household.drop and each.home.household.drop.level_dbm < SENSITIVITY_DBM
    }

    assert dim == {f"dim-{number}" for number in range(1, 9)}
    assert {each.node for each in lit.values() if each.node in BAD_SPLITTERS} == set(BAD_SPLITTERS)
    assert sum(each.node in BAD_SPLITTERS for each in fleet.values()) == 8


def test_only_the_misled_cannot_resolve_names(fleet: dict[str, Resident]) -> None:
    assert {key for key, each in fleet.items() if not each.home.resolves()} == {"misled", "old"}


def test_everybody_else_is_well(fleet: dict[str, Resident]) -> None:
    crowded = {
        key
        for key, each in fleet.items()
        if any(radio.utilisation() > 110 for radio in each.home.radios)
    }

    assert crowded == {"congested", "haunted"}


def test_some_neighbours_have_hostile_names_that_fit_into_an_ssid(
    fleet: dict[str, Resident],
) -> None:
    names = {
        seen.ssid for each in fleet.values() for radio in each.home.radios for seen in radio.scan()
    }

    assert len(names & set(HOSTILE_NAMES)) >= 3
    assert all(len(name.encode()) <= 32 for name in HOSTILE_NAMES)


def test_the_inventory_knows_every_device_and_every_reference_in_it_holds(
    fleet: dict[str, Resident],
) -> None:
    books: Any = inventory(list(fleet.values()))

    ids = {kind: {each.get("id") for each in books[kind]} for kind in books}
    named = {
        device_id(each["oui"], each["product_class"], each["serial"]) for each in books["devices"]
    }
    assert named == {each.home.id for each in fleet.values()}
    assert set(CAST.values()) <= named
    for device in books["devices"]:
        assert device["site"] in ids["sites"]
        assert device["subscriber"] in ids["subscribers"]
        assert device["access_node"] in ids["nodes"]
    assert {each["parent"] for each in books["nodes"] if "parent" in each} <= ids["nodes"]


def test_the_importer_takes_the_inventory_as_it_is(fleet: dict[str, Resident]) -> None:
    taken = Inventory.model_validate(inventory(list(fleet.values())))

    assert len(taken.devices) == COUNT
    assert taken.devices[0].serial == ROLES[0].serial


def test_the_inventory_holds_no_secret_and_is_plain_json(fleet: dict[str, Resident]) -> None:
    text = json.dumps(inventory(list(fleet.values())))

    assert json.loads(text)
    for each in fleet.values():
        assert each.home.household.passphrase not in text
