"""From the line to names that resolve: log-in, VLAN, addresses, packet size, prefix and firewall.

Each answers to what the device's tree holds now, against what the operator's side expects.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.homes.truth import Account

if TYPE_CHECKING:
    from evals.homes.home import Home

PPP = "Device.PPP.Interface.1."
DHCP = "Device.DHCPv4.Client.1."
WAN = "Device.IP.Interface.2."
_LAN = "Device.IP.Interface.1.IPv4Address.1.IPAddress"
VLAN = "Device.Ethernet.VLANTermination.1."
V6 = "Device.DHCPv6.Client.1."
ETHERNET_MTU, PPPOE_MTU = 1500, 1492
"""RFC 894; and PPPoE takes eight bytes of it (RFC 2516 section 7)."""
_IPV6_LEAST = 1280
"""RFC 8200 section 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How far a home gets, step by step: each needs the one before."""

    line: bool
    vlan: bool
    session: bool
    """Logged in, or given an address."""
    open: bool
    """Not held back at the page that asks for money."""
    clash: bool
    """Whether the network outside has the addresses of the one inside: nothing knows the way."""
    names: bool
    mtu: int
    """What the box sends at most, in bytes."""
    large: bool
    """Whether packets of that size arrive."""
    prefix: bool
    public: bool

    @property
    def online(self) -> bool:
        """Whether packets reach the internet."""
        return self.line and self.vlan and self.session and self.open and not self.clash


def connection(home: "Home") -> Connection:
    """The connection as it is now."""
    return home.memory.once("connection", lambda: _connection(home))


def _connection(home: "Home") -> Connection:
    contract = home.household.truth.contract
    line, vlan = home.line().up, _vlan(home)
    session = line and vlan and logged_in(home) and home.on(WAN)
    mtu = _sent_mtu(home)
    prefix = contract.prefix and home.on(V6) and home.reads(V6 + "RequestPrefixes", "false")
    return Connection(
        line=line,
        vlan=vlan,
        session=session,
        open=contract.account is not Account.SUSPENDED,
        clash=(clash := _clash(home)),
        names=session and not clash and home.resolves(),
        mtu=mtu,
        large=mtu <= path_mtu(home),
        prefix=session and prefix and mtu >= _IPV6_LEAST,
        public=contract.public,
    )


def _clash(home: "Home") -> bool:
    """Whether the address outside lies in the network inside, both of 256 addresses."""
    inside, outside = home.setting(_LAN), home.household.wan.address
    bridged = home.backhaul is not None
    return not bridged and inside.rpartition(".")[0] == outside.rpartition(".")[0]


def uses_ppp(home: "Home") -> bool:
    """Whether this make logs in by PPPoE."""
    return PPP + "Enable" in home.tree.parameters


def refusal(home: "Home") -> str:
    """Why a log-in fails, in the words of TR-181 LastConnectionError; ERROR_NONE when it does not.

    A wrong VLAN hears nobody: PADI goes unanswered (RFC 2516). A wrong name or password is told.
    """
    contract = home.household.truth.contract
    if not home.line().up:
        return "ERROR_NO_CARRIER"
    if not _vlan(home):
        return "ERROR_ISP_TIME_OUT"
    if contract.account is Account.LOCKED:
        return "ERROR_ACCOUNT_DISABLED"
    named = not contract.login or home.setting(PPP + "Username") == contract.login
    proven = not contract.password or home.setting(PPP + "Password") == contract.password
    return "ERROR_NONE" if named and proven else "ERROR_AUTHENTICATION_FAILURE"


def logged_in(home: "Home") -> bool:
    """Whether the operator's side has given this home an address."""
    if uses_ppp(home):
        return home.on(PPP) and refusal(home) == "ERROR_NONE"
    return home.on(DHCP) and home.household.truth.contract.account is not Account.LOCKED


def mru(home: "Home") -> int:
    """What both ends of the PPP session agree on: ours, and at most 1492 without RFC 4638."""
    return min(int(home.setting(PPP + "MaxMRUSize", str(PPPOE_MTU))), PPPOE_MTU)


def path_mtu(home: "Home") -> int:
    """The largest packet that the way carries."""
    given = home.household.truth.contract.path_mtu
    return given or (PPPOE_MTU if uses_ppp(home) else ETHERNET_MTU)


def _sent_mtu(home: "Home") -> int:
    ours = int(home.setting(WAN + "MaxMTUSize", str(ETHERNET_MTU)))
    return min(ours, ETHERNET_MTU)


def _vlan(home: "Home") -> bool:
    wanted = home.household.truth.contract.vlan
    if wanted is None:
        return True
    tagged = home.on(VLAN) and VLAN + "VLANID" in home.tree.parameters
    used = int(home.setting(VLAN + "VLANID")) if tagged else 0
    return used == wanted
