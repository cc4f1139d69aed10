"""A cause that homes share strikes all of them and nobody else, wherever it lies above them."""

from typing import Any

import pytest

from brain.domain.topology import NodeKind
from evals.homes.build import World, build
from evals.homes.optics import SENSITIVITY_DBM
from evals.homes.quality import quality

AROUND = {"splitter": 2, "port": 3, "olt": 2, "other_software": 1}
EVERYBODY = set(range(9))
LEVEL = "Device.Optical.Interface.1.OpticalSignalLevel"


def world(*faults: dict[str, Any], **parts: Any) -> World:
    return build({"world": {"around": AROUND, **parts}, "faults": list(faults)}, 5)


def ill(here: World) -> set[int]:
    return {n for n, home in enumerate(here.homes) if home.silent or quality(home).broken}


@pytest.mark.parametrize(
    ("place", "struck"),
    [
        ("home", {0}),
        ("splitter", {0, 1, 2}),
        ("port", {0, 1, 2, 3, 4, 5}),
        ("olt", EVERYBODY),
        ("area", {0, 1, 2, 6, 7, 8}),
        ("version", EVERYBODY - {8}),
        ("neighbour", {8}),
    ],
)
def test_a_cause_strikes_those_who_share_it(place: str, struck: set[int]) -> None:
    assert ill(world({"kind": "access.outage", "at": place})) == struck


def test_a_bent_feeder_dims_the_port_and_a_bent_drop_one_home() -> None:
    port = world({"kind": "access.shared_upstream", "at": "port", "trouble": "dimming"})
    drop = world({"kind": "access.weak_optical_signal"})

    def dim(here: World) -> set[int]:
        limit = 1000 * SENSITIVITY_DBM
        return {n for n, home in enumerate(here.homes) if int(home.tree.read(LEVEL)) < limit}

    assert dim(port) == {0, 1, 2, 3, 4, 5}
    assert dim(drop) == {0}


def test_a_bug_is_in_every_box_with_that_software_and_in_no_other() -> None:
    here = world({"kind": "device.known_bug", "at": "version"}, uptime_hours=100)

    versions = [home.tree.read("Device.DeviceInfo.SoftwareVersion") for home in here.homes]
    assert ill(here) == {n for n, version in enumerate(versions) if version == "4.2.11"}
    assert len(set(versions)) == 2


def test_the_nodes_of_a_fibre_hang_from_each_other_and_a_cell_is_one_node() -> None:
    fibre, cell = world(), world(model="tarn-c5")
    parents = {node.id: node.parent for node in fibre.nodes}

    home = fibre.devices[0].access_node
    assert home is not None
    above = parents[home]
    assert above is not None
    assert [node.kind for node in fibre.nodes if node.id == parents[above]] == [NodeKind.OLT]
    assert [node.kind for node in cell.nodes] == [NodeKind.CELL]
    assert len({device.access_node for device in cell.devices}) == 1


def test_an_outage_begins_and_ends_on_the_clock() -> None:
    here = world(
        {"kind": "access.outage", "at": "splitter", "begins_minutes": 10, "ends_minutes": 40}
    )
    seen = []

    for _ in range(3):
        seen.append(ill(here))
        here.advance(minutes=20)

    assert seen == [set(), {0, 1, 2}, set()]


def test_a_congested_street_is_slow_in_the_evening_and_not_at_night() -> None:
    fault = {"kind": "access.shared_upstream", "trouble": "congestion", "amount": 0.98}
    here = world(fault, at="2026-01-05T21:00:00Z")
    evening = here.quality()

    here.advance(minutes=7 * 60)

    assert evening.broken
    assert here.quality().well
    assert here.quality().line.down_mbps > 10 * evening.line.down_mbps
