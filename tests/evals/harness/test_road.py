"""What is written to homes is noted."""

import pytest

from brain.domain.change import Command
from brain.domain.errors import ControllerRefused
from brain.domain.parameter import ParameterPath
from evals.harness.road import WatchedHomes
from evals.homes.build import World, build

CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
MAPPINGS = ParameterPath("Device.NAT.PortMapping.")


@pytest.fixture
def world() -> World:
    return build({"world": {"around": {"splitter": 0, "port": 0, "olt": 0}}}, seed=1)


def test_all_that_was_done_is_noted_and_seen_at_once(world: World) -> None:
    homes, home = WatchedHomes(world.open(), world.clock), world.home.id
    before = homes.values(home)[CHANNEL]
    other = "11" if before != "11" else "1"

    homes.set(home, {CHANNEL: other}, "k")
    homes.add(home, MAPPINGS, {"Description": "camera"}, "k")
    homes.run(home, Command(path=ParameterPath("Device.Reboot()")))

    assert [(each.path, each.value) for each in homes.touched] == [
        (CHANNEL, other),
        (f"{MAPPINGS}Description", "camera"),
        ("Device.Reboot()", ""),
    ]


def test_a_reading_after_a_write_shows_it(world: World) -> None:
    homes, home = WatchedHomes(world.open(), world.clock), world.home.id
    other = "11" if homes.values(home)[CHANNEL] != "11" else "1"

    homes.set(home, {CHANNEL: other}, "k")

    assert homes.values(home)[CHANNEL] == other


def test_what_the_device_refused_was_not_done(world: World) -> None:
    homes = WatchedHomes(world.open(), world.clock)

    with pytest.raises(ControllerRefused):
        homes.set(world.home.id, {CHANNEL: "999"}, "k")

    assert homes.touched == []
