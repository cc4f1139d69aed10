"""A language model sees numbers, listed values and pseudonyms: features, never a device's words."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from brain.datamodel.catalogue import catalogue
from brain.domain.canonical import canonical_bytes
from brain.domain.history import Event, EventKind
from brain.domain.identity import CaseId, DeviceId, TenantId
from brain.planner.diagnosis import find_candidates
from brain.planner.features import (
    candidates_shown,
    events_shown,
    hosts_shown,
    networks_shown,
    settable_shown,
    values_shown,
)
from brain.planner.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from tests.brain.planner.conftest import FakeWorld, ObservedOf


@pytest.fixture
def book() -> Pseudonyms:
    return Pseudonyms(b"key", CaseId("case_1"), catalogue())


def test_values_are_shown_under_ids_without_words(
    observed_of: "ObservedOf", book: Pseudonyms
) -> None:
    shown = values_shown(observed_of().snapshot, book)

    by_path = dict(shown.values())
    assert next(iter(shown)) == "e1"
    assert by_path["Device.WiFi.Radio.1.Channel"] == "6"
    assert by_path["Device.WiFi.SSID.1.SSID"].startswith("ssid_")
    assert "Device.WiFi.AccessPoint.1.Security.KeyPassphrase" not in by_path
    assert "Device.DeviceInfo.ModelName" not in by_path
    assert not any(path.startswith("Device.Hosts.") for path in by_path)


def test_equal_networks_stay_equal(observed_of: "ObservedOf", book: Pseudonyms) -> None:
    by_path = dict(values_shown(observed_of().snapshot, book).values())

    assert by_path["Device.WiFi.SSID.1.SSID"] == by_path["Device.WiFi.SSID.2.SSID"]
    assert by_path["Device.WiFi.SSID.1.SSID"] != by_path["Device.WiFi.SSID.3.SSID"]


def test_only_so_many_values_are_shown(observed_of: "ObservedOf", book: Pseudonyms) -> None:
    many = {f"Device.WiFi.Radio.{index}.Channel": "6" for index in range(3, 400)}

    assert len(values_shown(observed_of(many).snapshot, book)) == 120


def test_networks_are_shown_strongest_first_without_names(
    observed_of: "ObservedOf", scan: Callable[..., dict[str, str]]
) -> None:
    heard = [(1 + number % 13, -90 + number) for number in range(60)]

    shown = networks_shown(observed_of(scan(*heard, ssid="OBEY ME")).snapshot)

    assert len(shown) == 40
    assert shown[0] == {"band": "2.4GHz", "channel": 8, "dbm": -31, "mhz": 20}
    assert b"OBEY" not in canonical_bytes(shown)


def test_hosts_are_counted_and_not_named(observed_of: "ObservedOf") -> None:
    active = {"Device.Hosts.Host.1.Active": "true", "Device.Hosts.Host.2.Active": "false"}

    assert hosts_shown(observed_of(active).snapshot) == {"known": 2, "active": 1}


def test_events_of_the_last_day_are_counted(clock: Callable[[], object]) -> None:
    now = clock()

    def event(kind: EventKind, hours: int) -> Event:
        return Event(
            tenant=TenantId("north"),
            device=DeviceId("d"),
            kind=kind,
            at=now - timedelta(hours=hours),
            detail="free words of a device",
        )

    timeline = [event(EventKind.BOOT, 1), event(EventKind.BOOT, 5), event(EventKind.FAULT, 30)]

    assert events_shown(timeline, now=now) == {"boot": 2}


def test_settable_are_writable_parameters_that_need_no_words(
    observed_of: "ObservedOf", book: Pseudonyms
) -> None:
    locked = ["Device.WiFi.Radio.1.TransmitPower"]
    wordy = {"Device.DeviceInfo.ProvisioningCode": "a code"}

    listed = settable_shown(observed_of(wordy, locked=locked).snapshot, book, catalogue())

    by_path = {item["path"]: item for item in listed}
    assert by_path["Device.WiFi.Radio.1.Channel"] == {
        "path": "Device.WiFi.Radio.1.Channel",
        "now": "6",
        "one_of": "1-13",
    }
    assert "Device.WiFi.Radio.1.TransmitPower" not in by_path
    assert "Device.WiFi.Radio.1.Status" not in by_path
    assert "Device.DeviceInfo.ProvisioningCode" not in by_path
    assert not any("KeyPassphrase" in path for path in by_path)


def test_candidates_are_shown_without_values_or_addresses(
    world: "FakeWorld", observed_of: "ObservedOf", book: Pseudonyms, crowded: dict[str, str]
) -> None:
    failing = {
        "Device.DNS.Client.Server.1.Status": "Error",
        "Device.DNS.Client.Server.1.DNSServer": "203.0.113.9",
    }
    found = find_candidates(observed_of(crowded | failing))

    shown = candidates_shown(found, book)

    assert {item["id"] for item in shown} >= {"channel-1-1", "dns"}
    assert b"203.0.113.9" not in canonical_bytes(shown)
