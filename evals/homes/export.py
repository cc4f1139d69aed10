"""Turns a parameter export of a real device into a model file without anybody's data in it.

    python -m evals.homes.export EXPORT.csv > evals/homes/models/NAME.json

The export is CSV with the columns Parameter, Object, Writable, Value, Value type. Numbers and
booleans are kept. Of texts only those whose leaf stands in ``_KEPT`` are; every other text becomes
empty, so that what nobody thought of cannot leak. ``_SHOWN`` names what a home fills in anew.
"""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_NUMBERS = frozenset({"int", "unsignedInt", "boolean"})
_KEPT = frozenset(
    """Manufacturer ManufacturerOUI ModelName ProductClass HardwareVersion SpecVersion Description
    DeviceSummary DiagnosticsState AddressSource Status IPInterfaceAddressingType VendorClassID
    BasicAuthenticationMode BasicEncryptionModes BeaconType IEEE11iAuthenticationMode Level
    IEEE11iEncryptionModes MaxBitRate Standard WEPEncryptionLevel WPAAuthenticationMode
    WPAEncryptionModes X_HUAWEI_WPSMode X_HUAWEI_MixedAuthenticationMode X_HUAWEI_DeviceType
    X_HUAWEI_MixedEncryptionModes X_HUAWEI_Wlan11NBWControl X_HUAWEI_Wlan11NGIControl InterfaceType
    InterfaceReference X_HUAWEI_InterfaceName InterfaceName DTMFMethod Enable PhysicalLinkStatus
    ActiveConnectionDeviceContainer ActiveConnectionServiceID WANAccessType AddressingType
    ConnectionStatus ConnectionTrigger ConnectionType PossibleConnectionTypes RouteProtocolRx
    CurrentLevel X_HUAWEI_Direction X_HUAWEI_Service Port Protocol Interface DisplayLevel
    ConnState X_HUAWEI_ServiceList BridgeName""".split()  # noqa: SIM905 - a hundred quotes would hide the words
)
_SECRET = frozenset(
    """PreSharedKey WEPKey KeyPassphrase Password Userpassword ConnectionRequestPassword
    DevicePassword PinPhrase SharedSecret""".split()  # noqa: SIM905
)
_ROOT = "InternetGatewayDevice."
_WLAN = _ROOT + "LANDevice.1.WLANConfiguration.1."
_WAN = _ROOT + "WANDevice.1.WANConnectionDevice.1.WANIPConnection.1."
_LAN = _ROOT + "LANDevice.1.LANHostConfigManagement."
_COMMON = _ROOT + "WANDevice.1.WANCommonInterfaceConfig."
_HOSTS = _ROOT + "LANDevice.1.Hosts."
_STATIONS = _WLAN + "AssociatedDevice."
_TABLES = (_HOSTS + "Host.", _STATIONS)
"""Tables that follow the household: their first row becomes the template of all rows."""

_MAPPINGS = _WAN + "PortMapping."
_GROW: dict[str, dict[str, list[str]]] = {
    _MAPPINGS + "{i}.": {
        "PortMappingEnabled": ["boolean", "w", "false"],
        "PortMappingLeaseDuration": ["unsignedInt", "w", "0"],
        "RemoteHost": ["string", "w", "", "address"],
        "ExternalPort": ["unsignedInt", "w", "0", "0..65535"],
        "ExternalPortEndRange": ["unsignedInt", "w", "0", "0..65535"],
        "InternalPort": ["unsignedInt", "w", "0", "0..65535"],
        "PortMappingProtocol": ["string", "w", "TCP", "TCP|UDP"],
        "InternalClient": ["string", "w", ""],
        "PortMappingDescription": ["string", "w", ""],
    }
}
"""Tables that were empty when it was exported: a row of them holds what TR-098 gives it."""

_SHOWN = {
    _ROOT + "DeviceInfo.SerialNumber": "{serial}",
    _ROOT + "DeviceInfo.SoftwareVersion": "V100R001C56B017",
    _ROOT + "DeviceInfo.AdditionalSoftwareVersion": "1.0.0",
    _ROOT + "DeviceInfo.UpTime": "=uptime",
    _ROOT + "ManagementServer.PeriodicInformInterval": "60",
    _ROOT + "Time.CurrentLocalTime": "=time",
    _ROOT + "Time.NTPServer1": "ntp1.operator.example",
    _HOSTS + "HostNumberOfEntries": "#" + _HOSTS + "Host.",
    _HOSTS + "Host.{i}.HostName": "{name}",
    _HOSTS + "Host.{i}.IPAddress": "{address}",
    _HOSTS + "Host.{i}.MACAddress": "{mac}",
    _HOSTS + "Host.{i}.Layer2Interface": "{layer}",
    _STATIONS + "{i}.AssociatedDeviceMACAddress": "{mac}",
    _WLAN + "AutoChannelEnable": "false",
    _WLAN + "BSSID": "{mac4}",
    _WLAN + "SSID": "{ssid}",
    _WLAN + "RegulatoryDomain": "{country}",
    _WLAN + "PreSharedKey.1.PreSharedKey": "{passphrase}",
    _WLAN + "X_HUAWEI_ChannelUsed": "=radio.channel",
    _WLAN + "TotalAssociations": "#" + _STATIONS,
    _WLAN + "TotalBytesSent": "=radio.bytes",
    _WLAN + "TotalBytesReceived": "=radio.bytes_received",
    _WLAN + "TotalPacketsSent": "=radio.frames",
    _WLAN + "TotalPacketsReceived": "=radio.frames_received",
    _WLAN + "X_HUAWEI_TotalPacketsSentError": "=radio.errors",
    _LAN + "IPInterface.1.IPInterfaceIPAddress": "192.168.1.1",
    _LAN + "IPInterface.1.IPInterfaceSubnetMask": "255.255.255.0",
    _LAN + "MinAddress": "192.168.1.2",
    _LAN + "MaxAddress": "192.168.1.254",
    _COMMON + "TotalBytesReceived": "=wan.bytes_received",
    _COMMON + "TotalBytesSent": "=wan.bytes_sent",
    _COMMON + "TotalPacketsReceived": "=wan.frames_received",
    _COMMON + "TotalPacketsSent": "=wan.frames_sent",
    _WAN + "ExternalIPAddress": "{wan_address}",
    _WAN + "DefaultGateway": "{wan_gateway}",
    _WAN + "SubnetMask": "255.255.255.0",
    _WAN + "MACAddress": "{mac2}",
    _WAN + "PortMappingNumberOfEntries": "#" + _MAPPINGS,
    _WAN + "Uptime": "=uptime",
    _WAN + "Stats.EthernetBytesReceived": "=wan.bytes_received",
    _WAN + "Stats.EthernetBytesSent": "=wan.bytes_sent",
    _WAN + "Stats.EthernetPacketsReceived": "=wan.frames_received",
    _WAN + "Stats.EthernetPacketsSent": "=wan.frames_sent",
}
_RULES = {
    _WLAN + "Channel": "1..13",
    _WLAN + "SSID": "1..32 chars",
    _WLAN + "PreSharedKey.1.PreSharedKey": "8..64 chars",
    _WAN + "DNSServers": "addresses",
    _ROOT + "ManagementServer.PeriodicInformInterval": "1..86400",
    _ROOT + "IPPingDiagnostics.DiagnosticsState": "Requested|Canceled",
}


def convert(rows: Iterable[Mapping[str, str]]) -> dict[str, object]:
    """The model that an export shows; rows as ``csv.DictReader`` gives them."""
    parameters: dict[str, list[str]] = {}
    objects: dict[str, bool] = {}
    for row in rows:
        path, writable = row["Parameter"], row["Writable"] == "true"
        if not path.startswith(_ROOT.rstrip(".")) or not (place := _place(path)):
            continue
        if row["Object"] == "true":
            objects[place + "."] = writable
        else:
            parameters[place] = _parameter(place, row, writable=writable)
    kept = {path: can for path, can in objects.items() if can or not _holds(path, parameters)}
    tables = {table + "{i}.": {"writable": False, "rows": []} for table in _TABLES}
    for place, leaves in _GROW.items():
        tables[place] = {"writable": True, "rows": []}
        parameters |= {place + leaf: spec for leaf, spec in leaves.items()}
    return {**_head(parameters), "objects": kept, "tables": tables, "parameters": parameters}


def text_of(model: Mapping[str, object]) -> str:
    """The model file: one parameter, object or table a line."""
    lines = []
    for key, value in model.items():
        if key in ("objects", "tables", "parameters") and isinstance(value, dict) and value:
            inner = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            lines.append(f" {json.dumps(key)}: {{\n{inner}\n }}")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _place(path: str) -> str:
    """Where it goes: first rows of what follows the household stand for all of them."""
    for table in _TABLES:
        if path.startswith(table):
            number, dot, leaf = path.removeprefix(table).partition(".")
            return f"{table}{{i}}.{leaf}" if number == "1" and dot else ""
    return path


def _parameter(path: str, row: Mapping[str, str], *, writable: bool) -> list[str]:
    kind = row["Value type"].removeprefix("xsd:")
    leaf = path.rpartition(".")[2]
    value = row["Value"] if kind in _NUMBERS or leaf in _KEPT else ""
    access = "s" if leaf in _SECRET else "w" if writable else "r"
    spec = [kind, access, _SHOWN.get(path, "" if leaf in _SECRET else value)]
    return [*spec, _RULES[path]] if path in _RULES else spec


def _holds(path: str, parameters: Mapping[str, object]) -> bool:
    return any(each.startswith(path) for each in parameters)


def _head(parameters: Mapping[str, list[str]]) -> dict[str, object]:
    info = _ROOT + "DeviceInfo."
    forced = ("SpecVersion", "HardwareVersion", "SoftwareVersion", "ProvisioningCode")
    server = _ROOT + "ManagementServer."
    return {
        "name": "huawei-bm632w",
        "about": "A real make (TR-098), from an export of its parameters without anybody's data.",
        "manufacturer": parameters[info + "Manufacturer"][2],
        "oui": parameters[info + "ManufacturerOUI"][2],
        "product_class": parameters[info + "ProductClass"][2],
        "firmware": parameters[info + "SoftwareVersion"][2],
        "hardware": parameters[info + "HardwareVersion"][2],
        "root": _ROOT,
        "data_model_version": "1.1",
        "returns_secrets": False,
        "optical": False,
        "line": "cell",
        "forced_inform": [
            _ROOT + "DeviceSummary",
            *(info + leaf for leaf in forced),
            server + "ConnectionRequestURL",
            server + "ParameterKey",
            _WAN + "ExternalIPAddress",
        ],
        "notify": [info + "SoftwareVersion", info + "ProvisioningCode", _WAN + "ExternalIPAddress"],
        "radios": [
            {
                "row": _WLAN,
                "band": "2.4GHz",
                "width": "X_HUAWEI_Wlan11NBWControl",
                "default_width": 20,
                "possible": "1-13",
            }
        ],
        "places": {
            "hosts": _HOSTS + "Host.",
            "stations": [_STATIONS],
            "resolvers": _WAN + "DNSServers",
            "cable": _ROOT + "LANDevice.1.LANEthernetInterfaceConfig.1",
            "uplinks": [_WAN + "Enable"],
            "ssids": [_WLAN + "SSID"],
            "passphrases": [_WLAN + "PreSharedKey.1.PreSharedKey"],
        },
        "settings": {},
    }


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as source:
        sys.stdout.write(text_of(convert(csv.DictReader(source))))
