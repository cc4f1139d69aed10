"""What somebody wanted, what a restart hides and the life of a home are told from harm."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.change import Plan, SetParameter
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot
from brain.planner.causes.congested_channel import move
from brain.planner.radios import radios
from executors.harms import Harm, harms, tells

DEVICE = DeviceId("box")
AT = datetime(2026, 5, 1, tzinfo=UTC)
WIFI = "Device.WiFi."
RADIO, SSID, POINT = WIFI + "Radio.1.", WIFI + "SSID.1.", WIFI + "AccessPoint.1."
JOINED = POINT + "AssociatedDeviceNumberOfEntries"
WAN = "Device.IP.Interface.2."
LOG_IN = "Device.PPP.Interface.1."
UP_TIME = "Device.DeviceInfo.UpTime"
HOME = {
    RADIO + "Enable": "true",
    RADIO + "Status": "Up",
    RADIO + "Channel": "6",
    RADIO + "AutoChannelEnable": "true",
    RADIO + "PossibleChannels": "1-13",
    RADIO + "OperatingFrequencyBand": "2.4GHz",
    SSID + "Status": "Up",
    SSID + "LowerLayers": RADIO.rstrip("."),
    WIFI + "SSID.2.Status": "Up",
    WIFI + "SSID.2.LowerLayers": WIFI + "Radio.2.",
    POINT + "Status": "Enabled",
    POINT + "SSIDReference": SSID,
    JOINED: "8",
    WAN + "Status": "Up",
    LOG_IN + "Status": "Up",
}
DARK = {SSID + "Status": "LowerLayerDown", POINT + "Status": "Disabled", JOINED: "0"}


def said(values: Mapping[str, str], after: float = 0) -> Snapshot:
    at = AT + timedelta(seconds=after)
    told = {ParameterPath(path): value for path, value in values.items()}
    return Snapshot(device=DEVICE, taken_at=at, values=told)


def plan(path: str, after: str) -> Plan:
    one = SetParameter(path=ParameterPath(path), type=ParameterType.STRING, before="x", after=after)
    return Plan(device=DEVICE, changes=(one,))


def found(
    doing: Plan, now: Mapping[str, str], before: Mapping[str, str] | None = None
) -> list[Harm]:
    was = dict(HOME if before is None else before)
    return [*harms(doing, earlier=None, before=said(was), now=said({**was, **now}, 60))]


def signs(doing: Plan, now: Mapping[str, str]) -> set[str]:
    return {each.sign for each in found(doing, now)}


def test_the_planners_move_to_a_channel_explains_no_radio_that_stays_dark() -> None:
    (radio,) = radios(said(HOME))
    doing = Plan(device=DEVICE, changes=move(said(HOME), radio, 1))
    assert doing.paths[0] == RADIO + "AutoChannelEnable"

    harmed = signs(doing, {RADIO + "Status": "Down", **DARK})

    assert harmed == {RADIO + "Status", SSID + "Status", POINT + "Status", WIFI + "AccessPoint."}


@pytest.mark.parametrize("leaf", ["IsolationEnable", "AutoChannelEnable", "SteeringEnable"])
def test_a_setting_that_only_ends_like_a_switch_switches_nothing_off(leaf: str) -> None:
    assert signs(plan(RADIO + leaf, "false"), {RADIO + "Status": "Down"}) == {RADIO + "Status"}


def test_a_radio_that_is_switched_off_explains_what_stands_on_it_and_nothing_else() -> None:
    now = {RADIO + "Status": "Down", **DARK, WIFI + "SSID.2.Status": "Down", WAN + "Status": "Down"}

    assert signs(plan(RADIO + "Enable", "false"), now) == {WIFI + "SSID.2.Status", WAN + "Status"}


def test_a_network_that_is_switched_off_explains_no_radio_and_no_way_out() -> None:
    now = {RADIO + "Status": "Down", **DARK, LOG_IN + "Status": "Down"}

    assert signs(plan(SSID + "Enable", "false"), now) == {RADIO + "Status", LOG_IN + "Status"}


def test_a_connection_that_is_switched_off_leaves_the_log_in_watched() -> None:
    now = {WAN + "Status": "Down", LOG_IN + "Status": "Down"}

    assert signs(plan(WAN + "Enable", "false"), now) == {LOG_IN + "Status"}


def test_wifi_that_somebody_switched_off_at_the_box_is_no_harm() -> None:
    dns = plan("Device.DNS.Client.Server.1.DNSServer", "192.0.2.1")
    down = {RADIO + "Status": "Down", **DARK}

    assert signs(dns, {RADIO + "Enable": "false", **down}) == set()
    assert signs(dns, down) == {RADIO + "Status", SSID + "Status", POINT + "Status"}
    assert signs(plan(RADIO + "Channel", "1"), {RADIO + "Enable": "false", **down}) == set()


def test_people_who_leave_after_a_change_of_something_else_are_no_harm() -> None:
    dns = plan("Device.DNS.Client.Server.1.DNSServer", "192.0.2.1")

    assert found(dns, {JOINED: "0"}) == []


def test_people_who_leave_count_only_if_they_leave_soon_after_the_write() -> None:
    (gone,) = found(plan(RADIO + "Channel", "1"), {JOINED: "0"})

    assert gone.begins_within == timedelta(minutes=15)


def counted(packets: int, lost: int, up: int) -> dict[str, str]:
    stats = WAN + "Stats."
    told = {"PacketsReceived": packets, "DiscardPacketsSent": lost}
    return {UP_TIME: str(up), **{stats + leaf: str(each) for leaf, each in told.items()}}


def dropped(now: Mapping[str, str], up: int = 5000) -> tuple[bool, bool]:
    """Whether there is harm, and whether the reading tells of the counters at all."""
    earlier, before = said(counted(100, 0, up - 60), -60), said(counted(20_000, 4, up))
    after = said(now, 600)
    bad = harms(plan(RADIO + "Channel", "1"), earlier=earlier, before=before, now=after)
    return bool(bad), tells(WAN + "Stats.", before, after)


@pytest.mark.parametrize(("up", "then"), [(5000, 300), (120, 590)])
def test_counters_of_a_device_that_started_anew_are_neither_bad_nor_well(
    up: int, then: int
) -> None:
    assert dropped(counted(90_000, 9_000, up + 600), up) == (True, True)
    assert dropped(counted(90_000, 9_000, then), up) == (False, False)


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 21, "²", "-1", ""])
def test_a_counter_that_no_device_can_count_to_is_not_told(digits: str) -> None:
    now = counted(90_000, 9_000, 5600) | {WAN + "Stats.DiscardPacketsSent": digits}

    assert dropped(now) == (False, False)
    assert found(plan(RADIO + "Channel", "1"), {JOINED: digits}) == []
    assert found(plan(RADIO + "Channel", "1"), {JOINED: "0"}, {JOINED: digits}) == []
