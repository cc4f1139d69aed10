"""What TR-098 devices say for each rule that writes, and what may be written to them.

Shared by the round trips in memory and over CWMP, so that neither tries less than the other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from brain.datamodel.catalogue import catalogue
from brain.datamodel.entry import Syntax
from brain.datamodel.facets import checked
from brain.datamodel.refusal import Subject
from brain.datamodel.translation.mapping import Row, rows
from brain.domain.errors import InvalidValue

ROOT = "InternetGatewayDevice."
_WLAN = "LANDevice.1.WLANConfiguration.1."
_LAN = "LANDevice.1.LANHostConfigManagement."
_CONNECTION = "WANDevice.1.WANConnectionDevice.1."
_IP = _CONNECTION + "WANIPConnection.1."
_PPP = _CONNECTION + "WANPPPConnection.1."
_VOICE = "Services.VoiceService.1.VoiceProfile.1."
_SERVICE = "Device.Services.VoiceService.1."
_SECURITY = "Device.WiFi.AccessPoint.1.Security."
_ROUTE = "Device.Routing.Router.1.IPv4Forwarding."

BOOLEANS = st.sampled_from(["true", "false"])
ADDRESSES = st.ip_addresses(v=4).map(str)
PHRASES = st.text("abcdefghijklmnopqrstuvwxyz 0123456789", min_size=8, max_size=63)
MACS = st.lists(
    st.binary(min_size=6, max_size=6).map(lambda raw: raw.hex(":")), max_size=3, unique=True
).map(",".join)
_OPEN = {
    "BeaconType": "Basic",
    "BasicEncryptionModes": "None",
    "BasicAuthenticationMode": "None",
    "WPAAuthenticationMode": "PSKAuthentication",
    "WPAEncryptionModes": "TKIPEncryption",
    "IEEE11iAuthenticationMode": "PSKAuthentication",
    "IEEE11iEncryptionModes": "AESEncryption",
    "WEPKeyIndex": "2",
    "WEPEncryptionLevel": "Disabled,104-bit",
    "WEPKey.1.WEPKey": "",
    "WEPKey.2.WEPKey": "",
}


@dataclass(frozen=True)
class Case:
    """One rule on one device."""

    rule: str
    """As the mapping names it, with its argument."""
    says: Mapping[str, str]
    """What the device says, without the root."""
    path: str
    wanted: st.SearchStrategy[str]
    """Values that have to be taken."""
    native: str = ""
    """For a secret: where the device keeps it."""

    @property
    def values(self) -> dict[str, str]:
        return {ROOT + path: text for path, text in self.says.items()}


def _wlan(**leaves: str) -> dict[str, str]:
    return {_WLAN + leaf.replace("__", "."): text for leaf, text in leaves.items()}


CASES = (
    Case(
        "wlan_enable:point",
        _wlan(Enable="1", BeaconType="11i"),
        "Device.WiFi.AccessPoint.1.Enable",
        BOOLEANS,
    ),
    Case(
        "wlan_enable:ssid",
        _wlan(Enable="0", BeaconType="None"),
        "Device.WiFi.SSID.1.Enable",
        BOOLEANS,
    ),
    Case(
        "channel",
        _wlan(Channel="1", Standard="n", AutoChannelEnable="true"),
        "Device.WiFi.Radio.1.Channel",
        st.integers(1, 255).map(str),
    ),
    Case(
        "mode",
        _wlan(**_OPEN),
        _SECURITY + "ModeEnabled",
        st.sampled_from(
            [
                "None",
                "WEP-128",
                *(f"{kind}-Personal" for kind in ("WPA", "WPA2", "WPA-WPA2")),
                *(f"{kind}-Enterprise" for kind in ("WPA", "WPA2", "WPA-WPA2")),
            ]
        ),
    ),
    Case(
        "cipher",
        _wlan(**(_OPEN | {"BeaconType": "WPAand11i"})),
        _SECURITY + "EncryptionMode",
        st.sampled_from(["TKIP", "AES", "TKIP,AES"]),
    ),
    Case(
        "passphrase",
        _wlan(PreSharedKey__1__KeyPassphrase="", KeyPassphrase=""),
        _SECURITY + "KeyPassphrase",
        PHRASES,
        native=_WLAN + "PreSharedKey.1.KeyPassphrase",
    ),
    Case(
        "psk_text",
        {**_wlan(PreSharedKey__1__PreSharedKey=""), "DeviceInfo.Manufacturer": "Huawei"},
        _SECURITY + "KeyPassphrase",
        PHRASES,
        native=_WLAN + "PreSharedKey.1.PreSharedKey",
    ),
    Case(
        "psk",
        _wlan(PreSharedKey__1__PreSharedKey=""),
        _SECURITY + "PreSharedKey",
        st.binary(min_size=32, max_size=32).map(lambda raw: raw.hex().upper()),
        native=_WLAN + "PreSharedKey.1.PreSharedKey",
    ),
    Case(
        "wep_key",
        _wlan(**_OPEN),
        _SECURITY + "WEPKey",
        st.binary(min_size=13, max_size=13).map(lambda raw: raw.hex().upper()),
        native=_WLAN + "WEPKey.2.WEPKey",
    ),
    Case(
        "together",
        {_LAN + "AllowedMACAddresses": "", _WLAN + "SSID": "home"},
        "Device.WiFi.AccessPoint.1.AllowedMACAddress",
        MACS,
    ),
    Case(
        "routed",
        {_PPP + "Enable": "1", _PPP + "ConnectionType": "IP_Routed"},
        "Device.IP.Interface.3.Enable",
        BOOLEANS,
    ),
    Case(
        "words:compression",
        {_PPP + "PPPCompressionProtocol": "None"},
        "Device.PPP.Interface.1.CompressionProtocol",
        st.sampled_from(["None", "Van Jacobson", "STAC LZS"]),
    ),
    Case(
        "dns",
        {_IP + "DNSServers": "192.0.2.1,192.0.2.2"},
        "Device.DNS.Client.Server.2.DNSServer",
        ADDRESSES,
    ),
    Case(
        "dhcp",
        {
            _IP + "AddressingType": "DHCP",
            _IP + "ExternalIPAddress": "192.0.2.9",
            _IP + "SubnetMask": "255.255.255.0",
            _IP + "DefaultGateway": "192.0.2.1",
        },
        "Device.DHCPv4.Client.1.Enable",
        BOOLEANS,
    ),
    Case(
        "static",
        {_IP + "AddressingType": "Static", _IP + "ExternalIPAddress": "192.0.2.9"},
        "Device.IP.Interface.2.IPv4Address.1.IPAddress",
        ADDRESSES,
    ),
    Case(
        "default_gateway",
        {_IP + "AddressingType": "Static", _IP + "DefaultGateway": "192.0.2.1"},
        _ROUTE + "90000.GatewayIPAddress",
        ADDRESSES,
    ),
    Case(
        "default_interface",
        {
            "Layer3Forwarding.DefaultConnectionService": "",
            _IP + "Enable": "1",
            _PPP + "Enable": "1",
        },
        _ROUTE + "90000.Interface",
        st.sampled_from(["Device.IP.Interface.2", "Device.IP.Interface.3"]),
    ),
    Case(
        "path",
        {"Layer3Forwarding.Forwarding.4.Interface": "", _IP + "Enable": "1"},
        _ROUTE + "4.Interface",
        st.sampled_from(["", "Device.IP.Interface.2"]),
    ),
    Case(
        "words:speed",
        {"LANDevice.1.LANEthernetInterfaceConfig.3.MaxBitRate": "Auto"},
        "Device.Ethernet.Interface.3.MaxBitRate",
        st.sampled_from(["-1", "10", "100", "1000", "10000"]),
    ),
    Case(
        "words:atm_link",
        {_CONNECTION + "WANDSLLinkConfig.LinkType": "PPPoE"},
        "Device.ATM.Link.1.LinkType",
        st.sampled_from(["EoA", "IPoA", "PPPoA", "CIP", "Unconfigured"]),
    ),
    Case(
        "pvc",
        {_CONNECTION + "WANDSLLinkConfig.DestinationAddress": "PVC: 8/35"},
        "Device.ATM.Link.1.DestinationAddress",
        st.tuples(st.integers(0, 255), st.integers(32, 65535)).map(lambda at: f"{at[0]}/{at[1]}"),
    ),
    Case("any_on", {_LAN + "DHCPServerEnable": "0"}, "Device.DHCPv4.Server.Enable", BOOLEANS),
    Case(
        "servers",
        {f"Time.NTPServer{number}": "old" for number in range(1, 6)},
        "Device.Time.Client.1.Servers",
        st.lists(ADDRESSES, max_size=5, unique=True).map(",".join),
    ),
    Case(
        "offset",
        {"Time.LocalTimeZone": "+00:00"},
        "Device.Time.LocalTimeZone",
        st.sampled_from(["<+01>-1", "<-05>5", "<+0530>-5:30", "<-0930>9:30", "<+00>-0"]),
    ),
    *(
        Case(
            "words:diagnostics",
            {f"{test}Diagnostics.DiagnosticsState": "None"},
            f"Device.IP.Diagnostics.{test}Diagnostics.DiagnosticsState",
            st.just("Requested"),
        )
        for test in ("Download", "Upload")
    ),
    Case(
        "words:dtmf",
        {_VOICE + "DTMFMethod": "InBand"},
        _SERVICE + "VoIPProfile.1.DTMFMethod",
        st.sampled_from(["InBand", "SIPInfo", "RFC4733"]),
    ),
    *(
        Case("voice_enable", {_VOICE + f"{leaf}Enable": "Quiescent"}, _SERVICE + path, BOOLEANS)
        for leaf, path in (
            ("", "SIP.Network.1.Enable"),
            ("Line.1.", "SIP.Client.1.Enable"),
            ("Line.1.", "CallControl.Line.1.Enable"),
        )
    ),
    Case(
        "voice_quiescent",
        {_VOICE + "Enable": "Disabled"},
        _SERVICE + "SIP.Network.1.QuiescentMode",
        BOOLEANS,
    ),
)

_NUMBER = re.compile(r"\{[a-z_]+\}")
_SAMPLES = (
    *("true", "7", "1", "36", "100", "192.0.2.1", "00:11:22:33:44:55", "2026-01-02T03:04:05Z"),
    *("DE ", "00D09E", "sample", "http://192.0.2.1/", "15", "4500", "60", ""),
)


def native_of(row: Row) -> str:
    """The path of the first instance."""
    return _NUMBER.sub("1", row.native)


def syntax_of(row: Row) -> tuple[Syntax, Syntax] | None:
    """Of both ends; None for voice, of which neither catalogue knows anything."""
    native = catalogue("tr098").find(row.native_template)
    target = catalogue("tr181-cwmp").find(row.target_template)
    if native is None or target is None or native.syntax is None or target.syntax is None:
        return None
    return native.syntax, target.syntax


def sample_of(row: Row) -> str:
    """A value that is legal in both models, as both write it."""
    both = syntax_of(row)
    assert both is not None
    native, target = both
    words = [word for word in target.enumeration if word in native.enumeration]
    for text in (*words, *_SAMPLES):
        try:
            value = checked(target, text, Subject(field=row.target))
            if checked(native, value, Subject(field=row.native)) == value:
                return value
        except InvalidValue:
            continue
    raise AssertionError(f"no sample is legal in both models: {row.native}")


def plain_rows() -> list[Row]:
    """The rows that are copied as they are, of parameters that both models let us write."""
    old, new = catalogue("tr098"), catalogue("tr181-cwmp")
    found = []
    for row in rows():
        ends = (old.find(row.native_template), new.find(row.target_template))
        if row.rule == "same" and all(end is not None and end.writable for end in ends):
            found.append(row)
    return found


PLAIN = plain_rows()
