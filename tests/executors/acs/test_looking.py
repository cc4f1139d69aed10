"""What is looked at on a device, and how often each of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Value
from brain.remediation.index import Index
from brain.remediation.rules import load_rules
from evals.homes.build import build
from executors.acs.looking import LINE_EVERY, Wants, turned

DEVICE = DeviceId("box")
DAY = timedelta(days=1)
NEVER = Wants()


def said(**values: str) -> dict[ParameterPath, Value]:
    return {ParameterPath(f"Device.{path.replace('_', '.')}"): v for path, v in values.items()}


def looked_at(wants: Wants, values: dict[ParameterPath, Value]) -> dict[str, timedelta]:
    return {look.path.removeprefix("Device."): look.every for look in wants.looks(values)}


def test_where_nobody_wants_anything_nothing_is_looked_at() -> None:
    assert looked_at(NEVER, said(WiFi_Radio_1_Stats_Noise="-90", DSL_Line_1_Status="Up")) == {}


def test_a_line_is_looked_at_with_all_that_tells_of_a_drop() -> None:
    values = said(
        DSL_Line_1_Status="Up",
        DSL_Line_1_LastChange="90",
        DeviceInfo_UpTime="900",
        WiFi_SSID_1_SSID="Anna and Bram",
    )

    assert looked_at(Wants(line=DAY), values) == {
        "DSL.Line.1.Status": DAY,
        "DSL.Line.1.LastChange": DAY,
        "DeviceInfo.UpTime": DAY,
    }


def test_an_ethernet_port_is_a_line_only_where_it_says_that_it_faces_up() -> None:
    ports = said(
        Ethernet_Interface_1_Status="Up",
        Ethernet_Interface_1_Upstream="true",
        Ethernet_Interface_2_Status="Up",
        Ethernet_Interface_2_Upstream="false",
        Ethernet_Interface_3_Status="Up",
    )

    found = looked_at(Wants(line=DAY), ports)

    assert set(found) == {"Ethernet.Interface.1.Status"}


def test_who_wants_it_most_often_decides() -> None:
    wants = Wants(measures=DAY, rules=lambda path: timedelta(hours=1) if "Free" in path else None)
    values = said(DeviceInfo_MemoryStatus_Free="90000", WiFi_Radio_1_Stats_Noise="-90")

    assert looked_at(wants, values) == {
        "DeviceInfo.MemoryStatus.Free": timedelta(hours=1),
        "WiFi.Radio.1.Stats.Noise": DAY,
    }


def test_a_look_is_short_and_holds_what_is_wanted_most_often() -> None:
    channels = {ParameterPath(f"Device.DOCSIS.DownstreamChannel.{n}.Power"): "1" for n in range(99)}
    wants = Wants(measures=DAY, rules=lambda path: timedelta(hours=1) if "Free" in path else None)

    found = looked_at(wants, channels | said(DeviceInfo_MemoryStatus_Free="90000"))

    assert len(found) == 40
    assert "DeviceInfo.MemoryStatus.Free" in found


def test_a_device_is_looked_at_once_a_period_and_not_all_at_the_same_time() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    minutes = [start + timedelta(minutes=n) for n in range(7 * 24 * 60)]

    def beginnings(device: DeviceId) -> list[datetime]:
        pairs = pairwise(minutes)
        return [now for last, now in pairs if turned(device, DAY, last, now)]

    box, other = beginnings(DEVICE), beginnings(DeviceId("other"))
    assert len(box) == len(other) == 7
    assert {after - before for before, after in pairwise(box)} == {DAY}
    assert box[0] != other[0]


def test_a_virtual_home_is_looked_at_for_every_shipped_rule_that_reads_in_one_request() -> None:
    world = build({"world": {"model": "brightmoor-hearth6"}}, seed=1)
    values = dict(world.open().values(world.home.id))
    rulebook = load_rules()
    every = Index(rulebook).every
    wants = Wants(measures=timedelta(hours=12), line=LINE_EVERY, rules=every)

    looks = wants.looks(values)

    assert len(looks) < 64
    reading = {rule.id for rule in rulebook.rules if rule.looks_at.paths}
    for rule in reading:
        alone = Index(rulebook.model_copy(update={"rules": (rulebook.get(rule),)}))
        assert any(alone.every(look.path) for look in looks), rule


def test_devices_of_one_model_share_what_is_to_be_looked_at() -> None:
    wants = Wants(line=DAY)

    first, second = (wants.looks(said(DSL_Line_1_Status="Up")) for _ in range(2))

    assert first is second
