"""What stands between a client's connection and one service: queues, firewall, mappings, voice.

Names of vendor parameters carry the OUI (TR-106 3.3): IGMP and telephony have none in TR-181.
"""

from typing import TYPE_CHECKING

from evals.homes.connection import connection
from evals.homes.leases import leases
from evals.homes.physics.queueing import loaded_ms

if TYPE_CHECKING:
    from evals.homes.home import Home
    from evals.homes.household import Guest

SHAPER, QUEUE = "Device.QoS.Shaper.1.", "Device.QoS.Queue.1."
MAPPINGS = "Device.NAT.PortMapping."
FIREWALL = "Device.Firewall."
SIP_HELPER = "Device.Firewall.ConnectionTracking.SIP.Enable"
_MANAGED = frozenset({"RED", "WRED", "BLUE"})


def vendor(home: "Home", what: str) -> str:
    """The path of a parameter that TR-181 has no name for."""
    return f"Device.X_{home.model.oui}_{what}"


def shaped_mbps(home: "Home") -> float | None:
    """What the shaper lets out, or None when it is off.

    TR-181 Shaper.ShapingRate: -1 is no shaping, up to 100 a percentage, above it bits a second.
    """
    rate = int(home.setting(SHAPER + "ShapingRate", "-1"))
    if rate < 0 or not home.reads(SHAPER + "Enable", "false"):
        return None
    return home.line().up_mbps * rate / 100 if rate <= 100 else rate / 1e6


def up_mbps(home: "Home") -> float:
    """What the home can send."""
    line, shaped = home.line().up_mbps, shaped_mbps(home)
    return line if shaped is None else min(line, shaped)


def waiting_ms(home: "Home") -> float:
    """What a full uplink adds to every packet's way."""
    return loaded_ms(
        line_mbps=home.line().up_mbps,
        shaped_mbps=shaped_mbps(home),
        modem_kb=home.household.truth.services.modem_buffer_kbytes,
        own_kb=int(home.setting(QUEUE + "BufferLength", "131072")) / 1000,
        managed=home.setting(QUEUE + "DropAlgorithm", "DT") in _MANAGED,
    )


def strict(home: "Home") -> bool:
    """Whether the firewall lets only common services out and nothing in (TR-181 Config High)."""
    return home.on(FIREWALL) and home.setting(FIREWALL + "Config", "Low") == "High"


def mapped(home: "Home", guest: "Guest") -> bool:
    """Whether somebody outside who asks for the guest's port is led to it."""
    lease = leases(home).get(guest.mac)
    port, address = str(guest.body.port if guest.body else 0), lease.address if lease else ""
    for number in home.tree.rows(MAPPINGS) if MAPPINGS in home.tree.objects else ():
        row = f"{MAPPINGS}{number}."
        wanted = (home.setting(row + "ExternalPort"), home.setting(row + "InternalPort"))
        to = home.setting(row + "InternalClient")
        if home.on(row) and to == address and wanted in ((port, port), (port, "0")):
            return True
    return False


def multicast(home: "Home") -> bool:
    """Whether what the television subscribes to is forwarded."""
    return home.reads(vendor(home, "IPTV.IGMPProxyEnable"), "true")


def codec(home: "Home") -> str:
    """What the telephone speaks first."""
    return home.setting(vendor(home, "Voice.Line.1.Codec"), "G.711")


def registered(home: "Home") -> bool:
    """Whether the telephone is known to the operator's side."""
    services, state = home.household.truth.services, connection(home)
    mangled = services.rewrites_sip and home.reads(SIP_HELPER, "false")
    return state.online and state.names and services.registers and not mangled


def synchronised(home: "Home") -> bool:
    """Whether the clock of the box is right: one of its servers can be found and answers."""
    time = "Device.Time."
    if time + "NTPServer1" not in home.tree.parameters:
        return True
    servers = {home.setting(f"{time}NTPServer{number}") for number in range(1, 6)}
    answers = bool(servers & home.household.truth.time_servers)
    return home.on(time) and answers and connection(home).names
