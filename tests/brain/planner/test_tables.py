"""A language model sees numbers, listed values and pseudonyms: features, never a device's words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from brain.datamodel.catalogue import catalogue
from brain.domain.canonical import canonical_bytes
from brain.domain.history import By, Event, EventKind
from brain.domain.identity import CaseId, DeviceId, TenantId
from brain.planner.diagnosis import find_candidates
from brain.planner.groups import Group
from brain.planner.offered import candidates_shown
from brain.planner.pseudonyms import Pseudonyms
from brain.planner.tables import (
    changes_shown,
    events_shown,
    hosts_shown,
    networks_shown,
    rows_shown,
    settable_shown,
)

if TYPE_CHECKING:
    from brain.planner.candidates import Observed
    from tests.brain.planner.conftest import FakeWorld, ObservedOf


@pytest.fixture
def book() -> Pseudonyms:
    return Pseudonyms(b"key", CaseId("case_1"), catalogue())


def all_rows(observed: "Observed", book: Pseudonyms, *first: Group) -> list[str]:
    return [str(row) for row in rows_shown(observed.snapshot, book, first=first)]


def test_an_object_is_one_row(observed_of: "ObservedOf", book: Pseudonyms) -> None:
    shown = rows_shown(observed_of().snapshot, book, first=())

    (radio,) = (str(row) for row in shown if str(row).startswith("WiFi.Radio.1:"))
    assert "Channel 6" in radio
    assert "OperatingFrequencyBand 2.4GHz" in radio


def test_no_name_and_no_secret_is_in_a_row(observed_of: "ObservedOf", book: Pseudonyms) -> None:
    text = "\n".join(all_rows(observed_of(), book))

    assert text
    assert "KeyPassphrase" not in text
    assert "ModelName" not in text
    assert "SSID.1.SSID" not in text
    assert "Hosts." not in text


def test_an_address_is_shown_as_a_pseudonym(observed_of: "ObservedOf", book: Pseudonyms) -> None:
    server = {"Device.DNS.Client.Server.1.DNSServer": "203.0.113.9"}

    text = "\n".join(all_rows(observed_of(server), book))

    assert "DNSServer ip_" in text
    assert "203.0.113.9" not in text


def test_the_rows_of_the_groups_that_matter_come_first(
    observed_of: "ObservedOf", book: Pseudonyms
) -> None:
    dns_first = all_rows(observed_of(), book, Group.DNS)
    wifi_first = all_rows(observed_of(), book, Group.RADIOS)

    assert dns_first[0].startswith("D")
    assert wifi_first[0].startswith("WiFi.Radio.1:")


def test_what_is_off_is_said_to_be_off_and_no_more(
    observed_of: "ObservedOf", book: Pseudonyms
) -> None:
    off = {"Device.WiFi.Radio.1.Enable": "false"}

    assert "WiFi.Radio.1: off" in all_rows(observed_of(off), book)


def test_what_is_merely_up_shares_the_last_row(observed_of: "ObservedOf", book: Pseudonyms) -> None:
    well = {"Device.Syslog.Enable": "true", "Device.Syslog.Status": "Enabled"}
    sick = {"Device.Syslog.Enable": "true", "Device.Syslog.Status": "Error"}

    (last,) = all_rows(observed_of(well), book)[-1:]
    assert last.startswith("on and up: ")
    assert "Syslog" in last
    assert "Syslog: Status Error" in all_rows(observed_of(sick), book)


def test_only_so_many_rows_are_shown(observed_of: "ObservedOf", book: Pseudonyms) -> None:
    many = {f"Device.WiFi.Radio.{index}.Channel": "6" for index in range(3, 400)}

    assert len(all_rows(observed_of(many), book)) == 40


def test_networks_are_a_row_a_channel_loudest_first_without_names(
    observed_of: "ObservedOf", scan: Callable[..., dict[str, str]]
) -> None:
    heard = [(1 + number % 13, -90 + number) for number in range(60)]

    shown = networks_shown(observed_of(scan(*heard, ssid="OBEY ME")).snapshot)

    assert shown[0] == "2.4GHz channel 8: 5, loudest -31 dBm"
    assert len(shown) == 13
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


def test_who_set_what_is_told_newest_first_and_nothing_that_names_anybody(
    clock: Callable[[], datetime], book: Pseudonyms
) -> None:
    now, radio, ssid = clock(), "Device.WiFi.Radio.1.", "Device.WiFi.SSID.1.SSID"

    def changed(path: str, value: str, by: By | None, hours: int) -> Event:
        at = now - timedelta(hours=hours)
        tenant, device = TenantId("north"), DeviceId("d")
        kind = EventKind.VALUE_CHANGE
        return Event(tenant=tenant, device=device, kind=kind, at=at, path=path, value=value, by=by)

    timeline = [
        changed(radio + "Channel", "6", By.SUBSCRIBER, 100),
        changed(radio + "TransmitPower", "20", By.US, 3),
        changed(radio + "Channel", "11", By.DEVICE, 2),
        changed(radio + "Channel", "1", By.US, 24 * 15),
        changed(ssid, "Casa Zofia", By.SUBSCRIBER, 1),
        changed(ssid.replace("SSID.1.SSID", "AccessPoint.1.Security.KeyPassphrase"), "x", By.US, 1),
    ]

    shown = changes_shown(timeline, book, now=now)

    settings = [each for each in map(str, shown) if "SSID" not in each]
    assert settings == [
        "3 h ago: WiFi.Radio.1.TransmitPower became 20, by us",
        "4 days ago: WiFi.Radio.1.Channel became 6, by the subscriber",
    ]
    assert not {"Zofia", "Passphrase"} & set(" ".join(map(str, shown)).replace(".", " ").split())


def test_settable_are_writable_parameters_that_need_no_words(
    observed_of: "ObservedOf", book: Pseudonyms
) -> None:
    locked = ["Device.WiFi.Radio.1.TransmitPower"]
    wordy = {"Device.DeviceInfo.ProvisioningCode": "a code"}

    shown = settable_shown(observed_of(wordy, locked=locked).snapshot, book, catalogue())

    assert shown["Device.WiFi.Radio.1.Channel"] == "6"
    assert "Device.WiFi.Radio.1.TransmitPower" not in shown
    assert "Device.WiFi.Radio.1.Status" not in shown
    assert "Device.DeviceInfo.ProvisioningCode" not in shown
    assert not any("KeyPassphrase" in path for path in shown)


def test_what_is_off_is_the_first_that_could_be_set(
    observed_of: "ObservedOf", book: Pseudonyms
) -> None:
    off = {"Device.WiFi.Radio.2.Enable": "false"}

    shown = settable_shown(observed_of(off).snapshot, book, catalogue())

    on = next(place for place, value in enumerate(shown.values()) if value != "false")
    assert list(shown).index("Device.WiFi.Radio.2.Enable") < on


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
