"""Of what a device says of its health, only what plainly got worse counts as harm."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from brain.datamodel.catalogue import catalogue
from brain.domain.change import Plan, SetParameter
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot
from evals.homes.build import build
from evals.homes.spec import Spec
from executors.harms import harms
from executors.vital_signs import CONTEXT, OBJECTS, TEMPLATES, signs_in, to_watch

DEVICE = DeviceId("box")
WAN = "Device.IP.Interface.2.Status"
STATS = "Device.IP.Interface.2.Stats."
RADIO = "Device.WiFi.Radio.1."
LIGHT = "Device.Optical.Interface.1.Status"
JOINED = "Device.WiFi.AccessPoint.{}.AssociatedDeviceNumberOfEntries"


def said(values: Mapping[str, str]) -> Snapshot:
    return Snapshot(
        device=DEVICE,
        taken_at=datetime(2026, 5, 1, tzinfo=UTC),
        values={ParameterPath(path): value for path, value in values.items()},
    )


def plan(path: str = RADIO + "Channel", after: str = "11") -> Plan:
    one = SetParameter(path=ParameterPath(path), type=ParameterType.STRING, before="6", after=after)
    return Plan(device=DEVICE, changes=(one,))


def harmed(
    before: Mapping[str, str],
    now: Mapping[str, str],
    *,
    doing: Plan | None = None,
    earlier: Mapping[str, str] | None = None,
) -> list[str]:
    found = harms(
        doing or plan(),
        earlier=None if earlier is None else said(earlier),
        before=said(before),
        now=said(now),
    )
    return [each.sign for each in found]


def lost(packets: int, discarded: int) -> dict[str, str]:
    return {STATS + "PacketsReceived": str(packets), STATS + "DiscardPacketsSent": str(discarded)}


def test_every_sign_is_a_parameter_of_the_data_model_and_no_secret() -> None:
    model = catalogue("tr181-cwmp")

    assert [each for each in (*TEMPLATES, *CONTEXT, *OBJECTS) if each not in model] == []
    assert [each for each in (*TEMPLATES, *CONTEXT) if model.is_secret(each)] == []


def test_a_connection_that_was_up_and_is_down_is_harm() -> None:
    assert harmed({WAN: "Up"}, {WAN: "Down"}) == [WAN]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({WAN: "Up"}, {WAN: "Up"}),
        ({WAN: "Down"}, {WAN: "Down"}),
        ({WAN: "Down"}, {WAN: "LowerLayerDown"}),
        ({WAN: "Up"}, {WAN: "Dormant"}),
        ({WAN: "Up"}, {WAN: "Unknown"}),
        ({WAN: "Up"}, {}),
        ({}, {WAN: "Down"}),
        ({LIGHT: "Up", WAN: "Up"}, {LIGHT: "Down", WAN: "LowerLayerDown"}),
    ],
    ids=[
        "well",
        "bad before",
        "still bad",
        "asleep",
        "unknown",
        "not told now",
        "not told before",
        "the line itself is down",
    ],
)
def test_what_is_not_plain_is_no_harm(before: dict[str, str], now: dict[str, str]) -> None:
    assert harmed(before, now) == []


def test_a_line_that_is_down_explains_no_radio() -> None:
    before = {LIGHT: "Up", RADIO + "Status": "Up"}

    assert harmed(before, {LIGHT: "Down", RADIO + "Status": "Down"}) == [RADIO + "Status"]


def test_what_the_plan_itself_switches_off_is_no_harm_and_the_rest_is() -> None:
    before = {RADIO + "Status": "Up", "Device.WiFi.SSID.1.Status": "Up", WAN: "Up"}
    now = {RADIO + "Status": "Down", "Device.WiFi.SSID.1.Status": "LowerLayerDown", WAN: "Down"}

    assert harmed(before, now, doing=plan(RADIO + "Enable", "false")) == [WAN]


def test_a_radio_that_was_changed_has_time_to_listen_for_radars() -> None:
    def patience(doing: Plan) -> timedelta:
        before, now = said({RADIO + "Status": "Up"}), said({RADIO + "Status": "Down"})
        (found,) = harms(doing, earlier=None, before=before, now=now)
        return found.patience

    assert patience(plan()) > timedelta(minutes=10)
    assert patience(plan("Device.DNS.Client.Server.1.DNSServer", "192.0.2.1")) < timedelta(
        minutes=3
    )


@pytest.mark.parametrize(
    ("were", "are", "harm"),
    [((3, 2), (2, 2), False), ((3, 0), (0, 0), False), ((3, 2), (0, 0), True)],
)
def test_only_everybody_of_a_full_house_gone_is_harm(
    were: tuple[int, int], are: tuple[int, int], harm: bool
) -> None:
    before = {JOINED.format(row): str(each) for row, each in enumerate(were, 1)}
    now = {JOINED.format(row): str(each) for row, each in enumerate(are, 1)}

    assert bool(harmed(before, now)) is harm


def test_a_new_passphrase_sends_everybody_away_and_is_no_harm() -> None:
    doing = plan("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "new words for it")

    assert harmed({JOINED.format(1): "9"}, {JOINED.format(1): "0"}, doing=doing) == []


def test_packets_that_are_dropped_since_and_were_not_before_are_harm() -> None:
    before = lost(20_000, 4)

    assert harmed(before, lost(30_000, 404), earlier=lost(10_000, 3)) == [STATS]


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        (None, lost(30_000, 404)),
        (lost(10_000, 3), lost(30_000, 24)),
        (lost(10_000, 0), lost(200, 100)),
        (lost(19_990, 4), lost(30_000, 404)),
        (lost(10_000, 3), {}),
    ],
    ids=["read once only", "hardly any", "counted anew", "too little known", "not told"],
)
def test_counters_that_do_not_prove_it_are_no_harm(
    earlier: dict[str, str] | None, now: dict[str, str]
) -> None:
    assert harmed(lost(20_000, 4), now, earlier=earlier) == []


def test_what_was_dropped_as_much_before_is_no_harm() -> None:
    assert harmed(lost(20_000, 700), lost(30_000, 1100), earlier=lost(10_000, 300)) == []


def test_only_signs_are_read_and_only_of_what_the_device_has() -> None:
    known = [ParameterPath(each) for each in (WAN, RADIO + "Status", RADIO + "Channel")]

    assert to_watch(known) == [WAN, RADIO + "Status", "Device.DNS.Client."]


def test_a_device_that_lists_thousands_of_rows_is_not_asked_for_them_all() -> None:
    known = [ParameterPath(f"Device.IP.Interface.{row}.Status") for row in range(1, 5000)]

    assert len(to_watch(known)) < 250


@pytest.mark.parametrize("model", ["huawei-bm632w", "brightmoor-hearth6", "tarn-c5"])
def test_a_gateway_tells_of_its_way_out_and_its_wifi_by_old_names_too(model: str) -> None:
    world = build(Spec.model_validate({"world": {"model": model}}), 1)

    signs = signs_in(
        said({str(path): text for path, text in world.open().values(world.home.id).items()})
    )

    assert WAN in signs
    assert "Device.WiFi.SSID.1.Status" in signs
    assert len(signs) < 60
