"""WLANConfiguration becomes radio, SSID and access point, and its mode is put together."""

from collections.abc import Callable
from typing import Any

import pytest

from brain.datamodel.tr098 import Translator
from brain.datamodel.translation.vendors import NO_VENDOR, Vendor
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath

Wish = Callable[..., SetParameter]

WLAN = "InternetGatewayDevice.LANDevice.1.WLANConfiguration."
MODE = ParameterPath("Device.WiFi.AccessPoint.1.Security.ModeEnabled")
PHRASE = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"

OPEN = {
    "BeaconType": "Basic",
    "BasicEncryptionModes": "None",
    "BasicAuthenticationMode": "None",
    "WPAAuthenticationMode": "PSKAuthentication",
    "WPAEncryptionModes": "TKIPEncryption",
    "IEEE11iAuthenticationMode": "PSKAuthentication",
    "IEEE11iEncryptionModes": "AESEncryption",
}


def points(*rows: dict[str, str]) -> dict[str, str]:
    return {
        f"{WLAN}{number}.{leaf}": text
        for number, row in enumerate(rows, start=1)
        for leaf, text in row.items()
    }


def read(values: dict[str, str], vendor: Vendor | None = NO_VENDOR) -> dict[ParameterPath, str]:
    return Translator(values, vendor).to_tr181(values)


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ({}, "None"),
        ({"BasicEncryptionModes": "WEPEncryption"}, None),
        ({"BasicAuthenticationMode": "SharedAuthentication"}, None),
        ({"BeaconType": "WPA"}, "WPA-Personal"),
        ({"BeaconType": "WPA", "WPAAuthenticationMode": "EAPAuthentication"}, "WPA-Enterprise"),
        ({"BeaconType": "11i"}, "WPA2-Personal"),
        ({"BeaconType": "11i", "IEEE11iAuthenticationMode": "EAPandPSKAuthentication"}, None),
        ({"BeaconType": "WPAand11i"}, "WPA-WPA2-Personal"),
        ({"BeaconType": "WPAand11i", "WPAAuthenticationMode": "EAPAuthentication"}, None),
        ({"BeaconType": "BasicandWPA"}, None),
        ({"BeaconType": "None"}, None),
        ({"BeaconType": "WPA3"}, None),
    ],
)
def test_a_mode_is_told_by_all_its_parts_or_not_at_all(
    said: dict[str, str], mode: str | None
) -> None:
    assert read(points(OPEN | said)).get(MODE) == mode


@pytest.mark.parametrize(
    ("mode", "beacon"),
    [("None", "Basic"), ("WPA2-Personal", "11i"), ("WPA-WPA2-Personal", "WPAand11i")],
)
def test_a_mode_is_set_with_everything_that_belongs_to_it(
    wish: Wish, mode: str, beacon: str
) -> None:
    translator = Translator(points(OPEN), NO_VENDOR)

    sets = translator.native_sets([wish(MODE, mode)])

    assert sets[0] == (WLAN + "1.BeaconType", "xsd:string", beacon)
    assert len(sets) >= 3
    assert translator.to_tr181({native: text for native, _, text in sets})[MODE] == mode


def test_going_back_to_a_mode_goes_all_the_way(wish: Wish) -> None:
    before = OPEN | {"BeaconType": "WPAand11i", "WPAEncryptionModes": "AESEncryption"}
    translator = Translator(points(before), NO_VENDOR)

    forth = translator.native_sets([wish(MODE, "WPA2-Personal")])
    translator.to_tr181({native: text for native, _, text in forth})
    back = translator.native_sets([wish(MODE, "WPA-WPA2-Personal")])

    after = points(before) | {native: text for native, _, text in (*forth, *back)}
    assert after == points(before)


def test_a_cipher_too_weak_for_the_mode_does_not_stay(wish: Wish) -> None:
    weak = OPEN | {"IEEE11iEncryptionModes": "TKIPEncryption"}

    sets = Translator(points(weak), NO_VENDOR).native_sets([wish(MODE, "WPA2-Personal")])

    assert (WLAN + "1.IEEE11iEncryptionModes", "xsd:string", "AESEncryption") in sets


def test_only_modes_that_the_device_has_the_parameters_for_are_offered(wish: Wish) -> None:
    modern = {leaf: text for leaf, text in OPEN.items() if not leaf.startswith("WPA")}
    supported = ParameterPath("Device.WiFi.AccessPoint.1.Security.ModesSupported")

    translator = Translator(points(modern), NO_VENDOR)

    assert translator.to_tr181(points(modern))[supported] == "None,WPA2-Personal"
    with pytest.raises(InvalidValue, match="cannot be said"):
        translator.native_sets([wish(MODE, "WPA-Personal")])


@pytest.mark.parametrize(
    ("said", "ciphers"),
    [
        ({"BeaconType": "11i"}, "AES"),
        ({"BeaconType": "WPA"}, "TKIP"),
        ({"BeaconType": "WPAand11i"}, "TKIP,AES"),
        ({"BeaconType": "WPA", "WPAEncryptionModes": "WEPandTKIPEncryption"}, None),
        ({}, None),
    ],
)
def test_ciphers_are_those_of_the_mode_in_use(said: dict[str, str], ciphers: str | None) -> None:
    path = ParameterPath("Device.WiFi.AccessPoint.1.Security.EncryptionMode")

    assert read(points(OPEN | said)).get(path) == ciphers


def test_networks_of_one_band_share_a_radio_and_keep_their_own_numbers() -> None:
    low, high = {"Standard": "n", "Channel": "6"}, {"Standard": "ac", "Channel": "36"}
    names = [{"SSID": "a"}, {"SSID": "b"}, {"SSID": "c"}, {"SSID": "d"}]

    said = read(points(*(b | n for b, n in zip([low, high, low, high], names, strict=True))))

    assert [said[ParameterPath(f"Device.WiFi.SSID.{n}.LowerLayers")] for n in range(1, 5)] == [
        "Device.WiFi.Radio.1",
        "Device.WiFi.Radio.2",
        "Device.WiFi.Radio.1",
        "Device.WiFi.Radio.2",
    ]
    assert said[ParameterPath("Device.WiFi.Radio.2.OperatingFrequencyBand")] == "5GHz"
    assert "Device.WiFi.Radio.3.Channel" not in said


def test_a_network_that_goes_does_not_move_the_numbers_of_the_others() -> None:
    rows = points({"SSID": "a", "Standard": "g"}, {"SSID": "b", "Standard": "a"})
    second = {path: text for path, text in rows.items() if ".2." in path}

    before, after = read(rows), read(second)

    assert after
    assert {path: before[path] for path in after} == after


def test_two_radios_of_one_band_are_told_apart_by_their_channels() -> None:
    rows = points(
        {"SSID": "a", "Standard": "ac", "PossibleChannels": "36-64"},
        {"SSID": "b", "Standard": "ac", "PossibleChannels": "100-140"},
    )

    assert read(rows)[ParameterPath("Device.WiFi.SSID.2.LowerLayers")] == "Device.WiFi.Radio.2"


def test_a_network_of_unknown_band_has_a_radio_of_its_own() -> None:
    rows = points({"SSID": "a", "Standard": "ax", "Channel": "5"}, {"SSID": "b", "Channel": "5"})

    said = read(rows)

    assert said[ParameterPath("Device.WiFi.SSID.2.LowerLayers")] == "Device.WiFi.Radio.2"
    assert "Device.WiFi.Radio.1.OperatingFrequencyBand" not in said


@pytest.mark.parametrize(
    ("standard", "standards", "band"),
    [
        ("a", "a", "5GHz"),
        ("b", "b", "2.4GHz"),
        ("g", "b,g", "2.4GHz"),
        ("g-only", "g", "2.4GHz"),
        ("n", "n", "2.4GHz"),
        ("b/g/n", "b,g,n", "2.4GHz"),
        ("a/n/ac", "a,n,ac", "5GHz"),
        ("turbo", None, None),
    ],
)
def test_a_standard_says_which_band(standard: str, standards: str | None, band: str | None) -> None:
    said = read(points({"Standard": standard, "Channel": "11"}))

    assert said.get(ParameterPath("Device.WiFi.Radio.1.OperatingStandards")) == standards
    assert said.get(ParameterPath("Device.WiFi.Radio.1.OperatingFrequencyBand")) == band


def test_an_access_point_that_lets_nobody_in_is_off() -> None:
    said = read(points({"Enable": "1", "BeaconType": "None"}))

    assert said[ParameterPath("Device.WiFi.AccessPoint.1.Enable")] == "false"
    assert said[ParameterPath("Device.WiFi.SSID.1.Enable")] == "true"


def test_an_access_point_that_lets_nobody_in_is_not_opened_by_its_switch(wish: Wish) -> None:
    translator = Translator(points({"Enable": "0", "BeaconType": "None"}), NO_VENDOR)

    with pytest.raises(InvalidValue, match="cannot be said"):
        translator.native_sets([wish("Device.WiFi.AccessPoint.1.Enable", "true")])
    for path in ("Device.WiFi.SSID.1.Enable", "Device.WiFi.AccessPoint.1.Enable"):
        assert translator.native_sets([wish(path, "false")])[0][2] == "false"
    assert translator.native_sets([wish("Device.WiFi.SSID.1.Enable", "true")])[0][2] == "true"


def test_both_switches_of_a_network_are_one_in_tr098(wish: Wish) -> None:
    both = ("Device.WiFi.AccessPoint.1.Enable", "Device.WiFi.SSID.1.Enable")
    translator = Translator(points({"Enable": "true", "BeaconType": "11i"}), NO_VENDOR)

    off = translator.native_sets([wish(path, "false") for path in both])

    assert off == ((WLAN + "1.Enable", "xsd:boolean", "false"),)
    with pytest.raises(InvalidValue):
        translator.native_sets([wish(both[0], "false"), wish(both[1], "true")])


def test_a_channel_of_zero_is_no_channel() -> None:
    assert "Device.WiFi.Radio.1.Channel" not in read(points({"Channel": "0", "Standard": "g"}))


def test_a_channel_is_set_alone_where_the_device_cannot_choose_one(wish: Wish) -> None:
    translator = Translator(points({"Channel": "1", "Standard": "g"}), NO_VENDOR)

    sets = translator.native_sets([wish("Device.WiFi.Radio.1.Channel", "6")])

    assert sets == ((WLAN + "1.Channel", "xsd:unsignedInt", "6"),)


@pytest.mark.parametrize(
    ("maker", "leaves", "chosen"),
    [
        ("Acme", ("KeyPassphrase", "PreSharedKey.1.KeyPassphrase"), "PreSharedKey.1.KeyPassphrase"),
        ("Acme", ("KeyPassphrase",), "KeyPassphrase"),
        ("ZTE", ("KeyPassphrase", "PreSharedKey.1.KeyPassphrase"), "KeyPassphrase"),
        ("Huawei", ("PreSharedKey.1.PreSharedKey",), "PreSharedKey.1.PreSharedKey"),
        (
            "Huawei",
            ("PreSharedKey.1.PreSharedKey", "PreSharedKey.1.KeyPassphrase"),
            "PreSharedKey.1.KeyPassphrase",
        ),
    ],
)
def test_a_passphrase_goes_where_the_vendor_wants_it(
    wish: Wish, maker: str, leaves: tuple[str, ...], chosen: str
) -> None:
    values = points(dict.fromkeys(leaves, ""))
    values["InternetGatewayDevice.DeviceInfo.Manufacturer"] = f"{maker} Ltd."

    sets = Translator(values).native_sets([wish(PHRASE, "correct horse")])

    assert sets == ((f"{WLAN}1.{chosen}", "xsd:string", "correct horse"),)


def test_a_key_is_no_place_for_a_passphrase_of_a_vendor_nobody_knows(wish: Wish) -> None:
    key = "Device.WiFi.AccessPoint.1.Security.PreSharedKey"
    translator = Translator(points({"PreSharedKey.1.PreSharedKey": ""}), NO_VENDOR)

    with pytest.raises(InvalidValue, match="has nothing"):
        translator.native_sets([wish(PHRASE, "correct horse")])
    with pytest.raises(InvalidValue, match="cannot be said"):
        translator.native_sets([wish(key, "AB")])
    assert translator.native_sets([wish(key, "AB" * 32)])[0][2] == "AB" * 32


def test_a_key_and_a_passphrase_are_never_set_together(wish: Wish) -> None:
    leaves = ("PreSharedKey.1.PreSharedKey", "PreSharedKey.1.KeyPassphrase")
    translator = Translator(points(dict.fromkeys(leaves, "")), NO_VENDOR)
    phrase = wish(PHRASE, "correct horse")
    key = wish("Device.WiFi.AccessPoint.1.Security.PreSharedKey", "AB" * 32)

    for changes in ([phrase, key], [key, phrase]):
        with pytest.raises(InvalidValue) as caught:
            translator.native_sets(changes)
        assert "horse" not in str(caught.value)


def test_a_vendors_word_is_understood_and_used(gateway: Any, wish: Wish) -> None:
    translator = Translator(gateway.values)

    sets = translator.native_sets([wish(MODE, "WPA-WPA2-Personal")])

    assert sets[0] == (WLAN + "1.BeaconType", "xsd:string", "WPAWPA2")
    assert MODE not in Translator(gateway.values, NO_VENDOR).to_tr181(gateway.values)


WEP = OPEN | {
    "BasicEncryptionModes": "WEPEncryption",
    "WEPKeyIndex": "2",
    "WEPKey.1.WEPKey": "",
    "WEPKey.2.WEPKey": "",
}
WEP_KEY = "Device.WiFi.AccessPoint.1.Security.WEPKey"


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ({}, None),
        ({"WEPKey.2.WEPKey": "0123456789"}, "WEP-64"),
        ({"WEPKey.2.WEPKey": "01" * 13, "WEPKey.1.WEPKey": "0123456789"}, "WEP-128"),
        ({"WEPKey.1.WEPKey": "0123456789"}, None),
        ({"WEPEncryptionLevel": "Disabled,40-bit"}, "WEP-64"),
        ({"WEPEncryptionLevel": "40-bit,104-bit"}, None),
    ],
)
def test_wep_is_told_by_the_key_in_use_or_by_what_the_device_can(
    said: dict[str, str], mode: str | None
) -> None:
    assert read(points(WEP | said)).get(MODE) == mode


def test_of_a_wep_key_nothing_is_kept_but_its_length() -> None:
    values = points(WEP | {"WEPKey.2.WEPKey": "5EC4E75EC4"})
    translator = Translator(values, NO_VENDOR)

    said = translator.to_tr181(values)

    assert said[ParameterPath(WEP_KEY)] == ""
    assert "5EC4" not in repr(vars(translator))
    assert "5EC4" not in repr(vars(vars(translator)["_index"].home))


def test_a_wep_key_goes_where_the_device_uses_it_and_tells_the_mode(wish: Wish) -> None:
    translator = Translator(points(WEP | {"BasicEncryptionModes": "None"}), NO_VENDOR)
    key = wish(WEP_KEY, "0123456789")

    sets = translator.native_sets([wish(MODE, "WEP-64"), key])

    assert (WLAN + "1.WEPKey.2.WEPKey", "xsd:string", "0123456789") in sets
    assert (WLAN + "1.BasicEncryptionModes", "xsd:string", "WEPEncryption") in sets
    for wrong in ([wish(MODE, "WEP-128"), key], [wish(MODE, "WEP-64")], [wish(WEP_KEY, "0123")]):
        with pytest.raises(InvalidValue, match="cannot be said"):
            translator.native_sets(wrong)


def test_one_list_of_addresses_for_all_networks_is_set_for_all_or_for_none(wish: Wish) -> None:
    listed = "InternetGatewayDevice.LANDevice.1.LANHostConfigManagement.AllowedMACAddresses"
    values = points({"SSID": "a"}, {"SSID": "b"}) | {listed: ""}
    paths = [f"Device.WiFi.AccessPoint.{point}.AllowedMACAddress" for point in (1, 2)]
    translator, mac = Translator(values, NO_VENDOR), "02:00:00:00:00:01"

    sets = translator.native_sets([wish(path, mac) for path in paths])

    assert sets == ((listed, "xsd:string", mac),)
    assert set(paths) <= translator.to_tr181({listed: mac}).keys()
    with pytest.raises(InvalidValue, match="holds for others") as caught:
        translator.native_sets([wish(paths[0], mac)])
    assert paths[1] in caught.value.remedy
    with pytest.raises(InvalidValue, match="another change"):
        translator.native_sets([wish(paths[0], mac), wish(paths[1], "")])


CIPHERS = "Device.WiFi.AccessPoint.1.Security.EncryptionMode"


@pytest.mark.parametrize("turned", [False, True])
def test_ciphers_that_are_named_go_before_those_of_the_mode(wish: Wish, turned: bool) -> None:
    changes = [wish(MODE, "WPA2-Personal"), wish(CIPHERS, "TKIP,AES")]
    translator = Translator(points(OPEN), NO_VENDOR)

    sets = translator.native_sets(changes[::-1] if turned else changes)

    assert {native.removeprefix(WLAN + "1."): text for native, _, text in sets} == {
        "BeaconType": "11i",
        "IEEE11iAuthenticationMode": "PSKAuthentication",
        "IEEE11iEncryptionModes": "TKIPandAESEncryption",
    }


@pytest.mark.parametrize(("beacon", "ciphers"), [("Basic", "AES"), ("11i", "GCMP"), ("11i", "")])
def test_ciphers_that_tr098_has_no_word_for_are_refused(
    wish: Wish, beacon: str, ciphers: str
) -> None:
    translator = Translator(points(OPEN | {"BeaconType": beacon}), NO_VENDOR)

    with pytest.raises(InvalidValue, match="cannot be said"):
        translator.native_sets([wish(CIPHERS, ciphers)])
