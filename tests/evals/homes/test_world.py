"""Homes behind the simulated executor's door: the same devices, the same refusals."""

from collections.abc import Callable
from typing import Any

import pytest

from brain.domain.change import Command
from brain.domain.errors import ControllerRefused, DeviceUnreachable, OutcomeUnknown
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath
from evals.homes.faults import Loss
from evals.homes.home import Home
from evals.homes.world import HomesWorld

MakeHome = Callable[..., Home]
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")


def test_what_is_set_is_said_with_its_key(make_home: MakeHome) -> None:
    home = make_home()
    world = HomesWorld([home])

    world.set(home.id, {CHANNEL: "11"}, "chg_1")

    said = world.values(home.id)
    assert said[CHANNEL] == "11"
    assert said[ParameterPath("Device.ManagementServer.ParameterKey")] == "chg_1"
    assert home.radio(1).channel == 11


def test_a_refusal_names_the_fault_and_the_paths_and_changes_nothing(make_home: MakeHome) -> None:
    home = make_home()
    nowhere = ParameterPath("Device.Nowhere")

    with pytest.raises(ControllerRefused) as refused:
        HomesWorld([home]).set(home.id, {CHANNEL: "11", nowhere: "1"}, "chg_1")

    assert refused.value.fault == "9003"
    assert refused.value.paths == (nowhere,)
    assert home.radio(1).channel == 6


def test_a_line_lost_leaves_the_outcome_unknown_and_then_silence(make_home: MakeHome) -> None:
    home = make_home()
    world = HomesWorld([home])
    home.faults.lose_line, home.faults.silent_after_loss = Loss.AFTER, 60.0

    with pytest.raises(OutcomeUnknown):
        world.set(home.id, {CHANNEL: "11"}, "chg_1")
    with pytest.raises(DeviceUnreachable):
        world.values(home.id)


def test_a_device_that_is_not_there_is_unreachable(make_home: MakeHome) -> None:
    with pytest.raises(DeviceUnreachable):
        HomesWorld([make_home()]).values(DeviceId("other"))


def test_a_reboot_takes_a_moment_and_other_commands_are_refused(
    make_home: MakeHome, clock: Any
) -> None:
    home = make_home()
    world = HomesWorld([home])

    world.run(home.id, Command(path=ParameterPath("Device.Reboot()")))
    with pytest.raises(DeviceUnreachable):
        world.values(home.id)

    clock.advance(seconds=10)
    assert world.values(home.id)[CHANNEL] == "6"
    with pytest.raises(ControllerRefused):
        world.run(home.id, Command(path=ParameterPath("Device.SelfTest()")))


def test_an_old_device_is_spoken_to_in_tr_181_too(make_home: MakeHome) -> None:
    home = make_home(model="huawei-bm632w", resolvers=("192.0.2.53",))
    world = HomesWorld([home])
    resolver = ParameterPath("Device.DNS.Client.Server.1.DNSServer")
    assert world.values(home.id)[resolver] == "192.0.2.53"

    world.set(home.id, {CHANNEL: "1", resolver: "9.9.9.9"}, "chg_1")

    assert world.values(home.id)[resolver] == "9.9.9.9"
    assert (home.radio(1).channel, home.resolves()) == (1, True)


def test_what_an_old_device_has_no_word_for_is_refused_whole(make_home: MakeHome) -> None:
    home = make_home(model="huawei-bm632w")
    unknown = ParameterPath("Device.WiFi.Radio.1.RetryLimit")

    with pytest.raises(ControllerRefused):
        HomesWorld([home]).set(home.id, {CHANNEL: "1", unknown: "3"}, "chg_1")

    assert home.radio(1).channel == 6


MAPPINGS = ParameterPath("Device.NAT.PortMapping.")


def test_a_row_is_added_with_its_values_and_deleted_again(make_home: MakeHome) -> None:
    home = make_home()
    world = HomesWorld([home])

    world.add(home.id, MAPPINGS, {"ExternalPort": "8554", "Enable": "true"}, "chg_1")
    row = f"{MAPPINGS}{home.tree.rows(MAPPINGS)[-1]}."
    assert home.tree.read(row + "ExternalPort") == "8554"

    world.delete(home.id, ParameterPath(row), "chg_2")
    assert home.tree.rows(MAPPINGS) == []
    assert home.tree.read("Device.ManagementServer.ParameterKey") == "chg_2"


def test_a_row_whose_values_are_refused_is_not_there(make_home: MakeHome) -> None:
    home = make_home()

    with pytest.raises(ControllerRefused):
        HomesWorld([home]).add(home.id, MAPPINGS, {"ExternalPort": "99999999"}, "chg_1")

    assert home.tree.rows(MAPPINGS) == []


def test_an_old_device_takes_the_rows_that_tr_098_has_too(make_home: MakeHome) -> None:
    home = make_home(model="huawei-bm632w")
    world = HomesWorld([home])
    values = {"Interface": "Device.IP.Interface.2", "ExternalPort": "8554", "Enable": "true"}

    world.add(home.id, MAPPINGS, values, "chg_1")

    said = world.values(home.id)
    assert {leaf: said[ParameterPath(f"{MAPPINGS}1.{leaf}")] for leaf in values} == values
    world.delete(home.id, ParameterPath(MAPPINGS + "1."), "chg_2")
    assert not [path for path in world.values(home.id) if path.startswith(MAPPINGS)]
    with pytest.raises(ControllerRefused, match="no row of its own"):
        world.add(home.id, ParameterPath("Device.WiFi.SSID."), {}, "chg_3")
