"""What was seen is told in sentences, without anybody's names."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from brain.planner.deps import Neighbourhood
from brain.planner.events import PlannerEvent
from brain.planner.groups import Group
from brain.planner.telling import called, teller, what_was_seen, who_else_suffers

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf


def test_keywords_become_the_payload() -> None:
    told: list[PlannerEvent] = []

    teller(told.append)("text", "Hello.", kind_of_day="fine")

    assert told == [PlannerEvent(kind="text", text="Hello.", payload={"kind_of_day": "fine"})]


def test_a_device_is_called_by_its_make_or_else_its_id(observed_of: "ObservedOf") -> None:
    device = observed_of().device

    assert called(device) == "Quillon Q5"
    assert called(replace(device, manufacturer="", model="")) == device.id


def test_everything_that_was_read_is_told_without_names(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    failing = {"Device.DNS.Client.Server.1.Status": "Error"}
    off = {"Device.WiFi.Radio.2.Enable": "false"}

    told = list(what_was_seen(observed_of(crowded | failing | off).snapshot, set(Group)))

    assert told == [
        "The 2.4 GHz radio is on channel 6, busy 78 % of the time; 3 foreign networks on "
        "that channel.",
        "The 5 GHz radio is switched off.",
        "The optical signal is -21.5 dBm.",
        "The device says that resolver 9.9.9.9 does not answer.",
    ]


def test_only_what_was_read_is_told(observed_of: "ObservedOf") -> None:
    assert list(what_was_seen(observed_of().snapshot, {Group.IDENTITY})) == []


def test_a_device_that_did_not_look_around_is_said_to(observed_of: "ObservedOf") -> None:
    state = "Device.WiFi.NeighboringWiFiDiagnostic.DiagnosticsState"

    told = list(what_was_seen(observed_of({state: "None"}).snapshot, {Group.NEIGHBOURING_WIFI}))

    assert told == ["The device has not looked at the networks around it."]


def test_neighbours_are_counted(together: Callable[..., Neighbourhood]) -> None:
    assert who_else_suffers(Neighbourhood()).startswith("Nothing is known")
    assert who_else_suffers(together(3, well=2)).startswith("3 of 5 neighbours")
