"""Rules of WAN connections and interfaces, which TR-181 builds up from layers."""

from dataclasses import replace

from brain.datamodel.facets import split_list
from brain.datamodel.translation.binding import Look, Sets
from brain.datamodel.translation.rule import Rule, copy, is_on, same
from brain.datamodel.translation.words import from_words

_MBPS = 1000
_PVC = "PVC:"
_BRIDGED = frozenset({"DHCP_Spoofed", "PPPoE_Bridged", "PPPoE_Relay", "PPTP_Relay", "L2TP_Relay"})
_STATIC = ("ExternalIPAddress", "SubnetMask", "DefaultGateway")
_UPLINK = "WANCommonInterfaceConfig.WANAccessType"


def _is_static(look: Look) -> bool:
    return look.beside("AddressingType") == "Static"


def _while_up(look: Look) -> str | None:
    """TR-098 counts since the connection came up, TR-181 since the status last changed."""
    return look.text if look.beside("ConnectionStatus") == "Connected" else None


def _bound(look: Look) -> str | None:
    leased = look.text == "Connected" and look.beside("AddressingType") == "DHCP"
    return "Bound" if leased else None


def _uplink(look: Look) -> bool:
    """Which kind of layer 1 the WAN device has decides which TR-181 table it is in."""
    return look.beside(_UPLINK) == look.at.row.argument


def _status(look: Look) -> str | None:
    return from_words(look, "uplink_status")


def _kbps(look: Look) -> str | None:
    return str(int(look.text) * _MBPS) if look.text.isascii() and look.text.isdecimal() else None


def _pvc(look: Look) -> str | None:
    kind, colon, rest = look.text.partition(":")
    return rest.strip() if f"{kind}{colon}" == _PVC else None


def _set_pvc(value: str, look: Look) -> Sets:
    return look.set(f"{_PVC} {value}")


def _server(look: Look) -> str | None:
    servers = split_list(look.text)
    return servers[look.at.position] if look.at.position < len(servers) else None


def _set_server(value: str, look: Look) -> Sets | None:
    """One item of the list; the others stay as they are."""
    servers = list(split_list(look.text))
    if look.at.position >= len(servers) or not value or "," in value:
        return None
    servers[look.at.position] = value
    return look.set(",".join(servers))


def _server_type(look: Look) -> str | None:
    """Static when nothing from the network may take its place; else TR-098 does not tell."""
    manual = _is_static(look) or look.beside("DNSOverrideAllowed") in ("false", "0")
    return "Static" if manual else None


def _learned(look: Look) -> str | None:
    """The list while it is what the network gave: connected, and free to replace ours."""
    free = is_on(look.beside("DNSOverrideAllowed")) and not _is_static(look)
    return look.text if free and look.beside("ConnectionStatus") == "Connected" else None


def _leases(look: Look) -> str | None:
    return {"DHCP": "true", "Static": "false"}.get(look.text)


def _set_leases(value: str, look: Look) -> Sets | None:
    """Without DHCP the connection goes on with what it has: so that has to be there."""
    if value == "true":
        return look.set("DHCP")
    return look.set("Static") if all(map(look.beside, _STATIC)) else None


def _routed(look: Look) -> bool:
    """A bridged connection has no IP interface."""
    return look.beside("ConnectionType") not in _BRIDGED


def routed(rule: Rule) -> Rule:
    """The rule, for the IP interface on a connection."""
    return replace(rule, applies=_routed, needs=("ConnectionType",))


CONNECTION_RULES: dict[str, Rule] = {
    "uptime": Rule(read=_while_up, needs=("ConnectionStatus",)),
    "dhcp_status": Rule(read=_bound, needs=("AddressingType",)),
    # What DHCP gave cannot be set: only an address that was typed in can.
    "static": Rule(read=same, write=copy, settable=_is_static, needs=("AddressingType",), turn=1),
    "dhcp": Rule(read=_leases, write=_set_leases, needs=_STATIC),
    "routed": routed(Rule(read=same, write=copy)),
    "routed_read": routed(Rule(read=same)),
    "learned": Rule(
        read=_learned, needs=("ConnectionStatus", "DNSOverrideAllowed", "AddressingType")
    ),
    "if_dhcp": Rule(
        read=lambda look: look.text if look.beside("AddressingType") == "DHCP" else None,
        needs=("AddressingType",),
    ),
    "uplink": Rule(read=same, needs=(_UPLINK,), applies=_uplink),
    "uplink_status": Rule(read=_status, needs=(_UPLINK,), applies=_uplink),
    "kbps": Rule(read=_kbps),
    "pvc": Rule(read=_pvc, write=_set_pvc),
    "dns": Rule(read=_server, write=_set_server, shared=True),
    "dns_type": Rule(read=_server_type, needs=("AddressingType", "DNSOverrideAllowed")),
}
