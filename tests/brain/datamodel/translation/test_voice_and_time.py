"""Voice and time: switches, states and zones that the two models say in different words."""

from collections.abc import Callable

import pytest

from brain.datamodel.tr098 import Translator
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath

Wish = Callable[..., SetParameter]

ROOT = "InternetGatewayDevice."
PROFILE = ROOT + "Services.VoiceService.1.VoiceProfile.2."
LINE = PROFILE + "Line.1."
VOICE = "Device.Services.VoiceService.1."
NETWORK = VOICE + "SIP.Network.2."
CALLS = VOICE + "CallControl.Line.100001."
CLIENT = VOICE + "SIP.Client.100001."


def read(values: dict[str, str]) -> dict[ParameterPath, str]:
    return Translator(values).to_tr181(values)


@pytest.mark.parametrize(
    ("word", "on", "quiet"),
    [
        ("Enabled", "true", "false"),
        ("Disabled", "false", "false"),
        ("Quiescent", "false", "true"),
        ("Strange", None, None),
    ],
)
def test_one_word_is_two_switches(word: str, on: str | None, quiet: str | None) -> None:
    said = read({PROFILE + "Enable": word})

    assert said.get(ParameterPath(NETWORK + "Enable")) == on
    assert said.get(ParameterPath(NETWORK + "QuiescentMode")) == quiet


@pytest.mark.parametrize("quiet_first", [False, True])
def test_switching_off_quietly_takes_both_switches_in_any_order(
    wish: Wish, quiet_first: bool
) -> None:
    changes = [wish(NETWORK + "Enable", "false"), wish(NETWORK + "QuiescentMode", "true")]
    if quiet_first:
        changes.reverse()

    sets = Translator({PROFILE + "Enable": "Enabled"}).native_sets(changes)

    assert sets == ((PROFILE + "Enable", "xsd:string", "Quiescent"),)


def test_what_stays_on_cannot_be_quiet(wish: Wish) -> None:
    with pytest.raises(InvalidValue, match="cannot be said"):
        Translator({PROFILE + "Enable": "Enabled"}).native_sets(
            [wish(NETWORK + "QuiescentMode", "true")]
        )


@pytest.mark.parametrize(
    ("status", "client", "line"),
    [
        ("Up", "Up", "Up"),
        ("Unregistering", "Deregistering", "Deregistering"),
        ("Testing", None, "Testing"),
        ("Error", None, None),
    ],
)
def test_a_registration_is_told_where_both_models_have_a_word(
    status: str, client: str | None, line: str | None
) -> None:
    said = read({LINE + "Status": status})

    assert said.get(ParameterPath(CLIENT + "Status")) == client
    assert said.get(ParameterPath(CALLS + "Status")) == line


@pytest.mark.parametrize(
    ("state", "status"),
    [("Ringing", "Alerting"), ("Hold", "Connected"), ("Calling", None)],
)
def test_a_call_is_told_where_one_word_means_it(state: str, status: str | None) -> None:
    assert read({LINE + "CallState": state}).get(ParameterPath(CALLS + "CallStatus")) == status


def test_a_line_points_to_its_account_and_to_its_features() -> None:
    said = read(
        {LINE + "Enable": "Enabled", LINE + "CallingFeatures.CallWaitingEnable": "1"},
    )

    assert said[ParameterPath(CALLS + "Provider")] == CLIENT.rstrip(".")
    features = VOICE + "CallControl.CallingFeatures.Set.100001"
    assert said[ParameterPath(CALLS + "CallingFeatures")] == features
    assert said[ParameterPath(features + ".CallWaitingEnable")] in ("1", "true")


@pytest.mark.parametrize(
    ("offset", "zone"),
    [
        ("+01:00", "<+01>-1"),
        ("-05:00", "<-05>5"),
        ("+05:30", "<+0530>-5:30"),
        ("Z", None),
        ("+25:00", None),
    ],
)
def test_an_offset_is_a_zone_counted_the_other_way(offset: str, zone: str | None) -> None:
    said = read({ROOT + "Time.LocalTimeZone": offset})

    assert said.get(ParameterPath("Device.Time.LocalTimeZone")) == zone


def test_the_name_of_a_zone_goes_before_its_offset() -> None:
    values = {ROOT + "Time.LocalTimeZone": "+01:00", ROOT + "Time.LocalTimeZoneName": "CET-1CEST"}

    assert read(values)[ParameterPath("Device.Time.LocalTimeZone")] == "CET-1CEST"


@pytest.mark.parametrize("zone", ["CET-1CEST,M3.5.0,M10.5.0/3", "CET-1", "<+01>1", ""])
def test_a_zone_with_a_name_or_a_summer_is_no_offset(wish: Wish, zone: str) -> None:
    with pytest.raises(InvalidValue, match="cannot be said"):
        Translator({ROOT + "Time.LocalTimeZone": "+00:00"}).native_sets(
            [wish("Device.Time.LocalTimeZone", zone)]
        )


def test_servers_are_one_list_and_the_places_that_are_left_are_emptied(wish: Wish) -> None:
    values = {
        ROOT + f"Time.NTPServer{place}": text for place, text in ((1, "a"), (2, ""), (3, "b"))
    }
    path = ParameterPath("Device.Time.Client.1.Servers")

    assert read(values)[path] == "a,b"
    sets = Translator(values).native_sets([wish(path, "c")])
    assert [text for _, _, text in sets] == ["c", "", ""]
    with pytest.raises(InvalidValue, match="cannot be said"):
        Translator(values).native_sets([wish(path, "a,b,c,d")])
