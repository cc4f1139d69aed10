"""What is known of the devices of a vendor, as data: by maker and model, and for no others."""

from collections.abc import Callable

import pytest

from brain.datamodel.describe import describe
from brain.datamodel.tr098 import Translator
from brain.datamodel.translation.vendors import vendor_of
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath

Wish = Callable[..., SetParameter]

ROOT = "InternetGatewayDevice."
INFO = ROOT + "DeviceInfo."
WLAN = ROOT + "LANDevice.1.WLANConfiguration.1."
WAN = ROOT + "WANDevice.1.WANConnectionDevice.1.WANIPConnection.1."
MAKER = {INFO + "Manufacturer": "Huawei Technologies Co., Ltd."}
MODEL = MAKER | {INFO + "ModelName": "BM632w"}
MODE = ParameterPath("Device.WiFi.AccessPoint.1.Security.ModeEnabled")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
MIXED = {
    WLAN + "BeaconType": "WPAWPA2",
    WLAN + "WPAAuthenticationMode": "PSKAuthentication",
    WLAN + "WPAEncryptionModes": "AESEncryption",
    WLAN + "IEEE11iAuthenticationMode": "PSKAuthentication",
    WLAN + "IEEE11iEncryptionModes": "AESEncryption",
    WLAN + "X_HUAWEI_MixedAuthenticationMode": "PSKAuthentication",
    WLAN + "X_HUAWEI_MixedEncryptionModes": "TKIPandAESEncryption",
}
AUTOMATIC = {
    WLAN + "Channel": "6",
    WLAN + "Standard": "b/g/n",
    WLAN + "AutoChannelEnable": "true",
    WLAN + "X_HUAWEI_ChannelUsed": "9",
}


def read(values: dict[str, str]) -> dict[ParameterPath, str]:
    return Translator(values).to_tr181(values)


@pytest.mark.parametrize(
    ("native", "text", "path", "value"),
    [
        (WLAN + "X_HUAWEI_WlanIsolateControl", "1", "WiFi.AccessPoint.1.IsolationEnable", "true"),
        (
            WLAN + "X_HUAWEI_AssociateDeviceNum",
            "32",
            "WiFi.AccessPoint.1.MaxAssociatedDevices",
            "32",
        ),
        (WLAN + "X_HUAWEI_Wlan11NGIControl", "long", "WiFi.Radio.1.GuardInterval", "800nsec"),
        (
            WLAN + "WPS.X_HUAWEI_WPSMode",
            "ap-pbc",
            "WiFi.AccessPoint.1.WPS.ConfigMethodsEnabled",
            "PushButton",
        ),
        (WLAN + "X_HUAWEI_TotalPacketsReceivedError", "5", "WiFi.SSID.1.Stats.ErrorsReceived", "5"),
        (
            ROOT + "LANDevice.1.LANEthernetInterfaceConfig.2.Stats.X_HUAWEI_PacketsSentDrops",
            "7",
            "Ethernet.Interface.2.Stats.DiscardPacketsSent",
            "7",
        ),
        (WAN + "X_HUAWEI_DMZ.DMZEnable", "0", "Firewall.DMZ.1.Enable", "false"),
        (
            WAN + "X_HUAWEI_DMZ.DMZHostIPAddress",
            "192.168.1.9",
            "Firewall.DMZ.1.DestIP",
            "192.168.1.9",
        ),
    ],
)
def test_a_parameter_of_the_vendors_own_is_read_for_its_models_alone(
    native: str, text: str, path: str, value: str
) -> None:
    name = ParameterPath(f"Device.{path}")

    assert read(MODEL | {native: text})[name] == value
    assert name not in read(MAKER | {native: text})
    assert name not in read({native: text, INFO + "ModelName": "BM632w"})


@pytest.mark.parametrize(
    ("native", "before", "path", "value", "after"),
    [
        (
            WLAN + "X_HUAWEI_WlanIsolateControl",
            "0",
            "AccessPoint.1.IsolationEnable",
            "true",
            "true",
        ),
        (WLAN + "X_HUAWEI_AssociateDeviceNum", "8", "AccessPoint.1.MaxAssociatedDevices", "9", "9"),
        (WLAN + "X_HUAWEI_Wlan11NGIControl", "?", "Radio.1.GuardInterval", "800nsec", "long"),
    ],
)
def test_a_parameter_of_the_vendors_own_is_written_and_read_back(
    wish: Wish, native: str, before: str, path: str, value: str, after: str
) -> None:
    translator = Translator(MODEL | {native: before})
    name = ParameterPath(f"Device.WiFi.{path}")

    ((written, _, text),) = translator.native_sets([wish(name, value)])

    assert (written, text) == (native, after)
    assert translator.to_tr181({written: text})[name] == value


def test_a_word_that_was_never_seen_is_not_guessed(wish: Wish) -> None:
    native, path = WLAN + "X_HUAWEI_Wlan11NGIControl", "Device.WiFi.Radio.1.GuardInterval"

    assert path not in read(MODEL | {native: "medium"})
    with pytest.raises(InvalidValue, match="cannot be said"):
        Translator(MODEL | {native: "long"}).native_sets([wish(path, "400nsec")])


def test_what_the_standard_has_goes_before_what_the_vendor_has() -> None:
    stats = ROOT + "LANDevice.1.LANEthernetInterfaceConfig.2.Stats."
    values = MODEL | {stats + "X_HUAWEI_PacketsSentError": "7", stats + "ErrorsSent": "5"}

    assert read(values)[ParameterPath("Device.Ethernet.Interface.2.Stats.ErrorsSent")] == "5"


def test_while_the_device_chooses_the_channel_the_one_it_uses_counts(wish: Wish) -> None:
    translator = Translator(MODEL | AUTOMATIC)

    assert translator.to_tr181(AUTOMATIC)[CHANNEL] == "9"
    assert read(MAKER | AUTOMATIC)[CHANNEL] == "6"
    assert WLAN + "X_HUAWEI_ChannelUsed" in translator.native_paths([CHANNEL])
    sets = {native: text for native, _, text in translator.native_sets([wish(CHANNEL, "11")])}
    assert sets == {WLAN + "AutoChannelEnable": "false", WLAN + "Channel": "11"}
    assert translator.to_tr181(sets)[CHANNEL] == "11"


def test_the_mixed_mode_goes_by_the_vendors_own_ciphers(wish: Wish) -> None:
    ciphers = ParameterPath("Device.WiFi.AccessPoint.1.Security.EncryptionMode")

    assert read(MODEL | MIXED)[ciphers] == "TKIP,AES"
    assert read(MAKER | MIXED)[ciphers] == "AES"
    assert read(MODEL | MIXED)[MODE] == "WPA-WPA2-Personal"


def test_the_mixed_mode_is_set_where_the_device_looks_for_it(wish: Wish) -> None:
    now = MIXED | {WLAN + "BeaconType": "11i"}
    translator = Translator(MODEL | now)

    sets = {n: text for n, _, text in translator.native_sets([wish(MODE, "WPA-WPA2-Personal")])}

    assert sets == {
        WLAN + "BeaconType": "WPAWPA2",
        WLAN + "X_HUAWEI_MixedAuthenticationMode": "PSKAuthentication",
        WLAN + "X_HUAWEI_MixedEncryptionModes": "TKIPandAESEncryption",
    }
    assert translator.to_tr181(sets)[MODE] == "WPA-WPA2-Personal"


def test_the_entry_of_a_model_adds_to_that_of_its_maker() -> None:
    maker, model = vendor_of(MAKER), vendor_of(MODEL)

    assert model.passphrases == maker.passphrases != ()
    assert model.words == maker.words
    assert not maker.rows
    assert model.rows
    assert vendor_of({}) == vendor_of({INFO + "Manufacturer": "Acme"})


def test_what_stands_for_a_path_is_shown_with_the_models_that_have_it() -> None:
    facts = describe("Device.WiFi.Radio.{i}.GuardInterval").facts

    assert [text for label, text in facts if label == "in TR-098"] == [
        ROOT + "LANDevice.{i}.WLANConfiguration.{i}.X_HUAWEI_Wlan11NGIControl (huawei BM632*)"
    ]
