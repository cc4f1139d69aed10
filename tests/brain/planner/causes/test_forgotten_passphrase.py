"""A fresh passphrase goes to the home's main network, on every band that carries it."""

from typing import TYPE_CHECKING

from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.causes.forgotten_passphrase import forgotten_passphrase
from brain.planner.facts import Band

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

FORGOT = Symptom.FORGOT_WIFI_PASSPHRASE
KEY = "Device.WiFi.AccessPoint.{}.Security.KeyPassphrase"


def test_both_bands_of_the_main_network_get_the_same_and_the_guest_network_none(
    observed_of: "ObservedOf",
) -> None:
    (found,) = forgotten_passphrase(observed_of(symptom=FORGOT))

    assert found.finding.cause is Cause.FORGOTTEN_PASSPHRASE
    assert [change.path for change in found.changes] == [KEY.format(1), KEY.format(2)]
    assert {change.after for change in found.changes} == {"fresh-4711-apples"}
    assert all(change.secret and change.before == "" for change in found.changes)


def test_the_passphrase_stands_nowhere_but_in_the_changes(observed_of: "ObservedOf") -> None:
    (found,) = forgotten_passphrase(observed_of(symptom=FORGOT))

    assert "fresh-4711" not in f"{found.summary}{found.finding}{found.hand_over}"


def test_what_a_leaky_device_shows_is_never_taken_as_the_value_before(
    observed_of: "ObservedOf",
) -> None:
    (found,) = forgotten_passphrase(observed_of({KEY.format(1): "leaked-123"}, symptom=FORGOT))

    assert "leaked-123" not in repr(found)


def test_only_the_band_that_was_named_is_changed(observed_of: "ObservedOf") -> None:
    (found,) = forgotten_passphrase(observed_of(symptom=FORGOT, band=Band.GHZ_5))

    assert [change.path for change in found.changes] == [KEY.format(2)]


def test_an_enterprise_network_and_one_that_is_off_have_no_passphrase(
    observed_of: "ObservedOf",
) -> None:
    changed = {
        "Device.WiFi.AccessPoint.1.Security.ModeEnabled": "WPA2-Enterprise",
        "Device.WiFi.AccessPoint.2.Enable": "false",
    }

    (found,) = forgotten_passphrase(observed_of(changed, symptom=FORGOT))

    assert [change.path for change in found.changes] == [KEY.format(3)]


def test_it_rests_on_the_security_mode_and_the_network_and_not_on_its_name(
    observed_of: "ObservedOf",
) -> None:
    (found,) = forgotten_passphrase(observed_of(symptom=FORGOT))

    guarding = {str(item.path).rpartition(".")[2] for item in found.finding.evidence if item.guard}
    assert guarding == {"ModeEnabled", "SSIDReference"}
    assert "Vanderkooy" not in repr(found.finding)


def test_a_home_without_such_a_network_has_no_candidate(observed_of: "ObservedOf") -> None:
    none: dict[str, str | None] = {KEY.format(index): None for index in (1, 2, 3)}

    assert forgotten_passphrase(observed_of(none, symptom=FORGOT)) == []
