"""What is true of a home and its line, and shown by no device: for scorers, never for planners."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from evals.homes.physics.cable import Coax
from evals.homes.physics.cellular import Cell
from evals.homes.physics.copper import Copper


class Account(StrEnum):
    """What the operator's books let a subscriber do."""

    OPEN = "open"
    LOCKED = "locked"
    """The log-in is refused whatever is typed."""
    SUSPENDED = "suspended"
    """The line is up, and every page is the one that asks for money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What the operator's side of the line is set to."""

    down_mbps: float = 500.0
    up_mbps: float = 100.0
    login: str = ""
    password: str = ""
    """Empty: any is taken."""
    vlan: int | None = None
    """The VLAN that internet comes on, 0 for none; None: whichever the box uses."""
    account: Account = Account.OPEN
    path_mtu: int = 0
    """The largest packet that gets through, in bytes; 0: what the kind of line gives."""
    prefix: bool = True
    """Whether it delegates an IPv6 prefix."""
    public: bool = True
    """Whether the address can be reached from outside: no carrier's NAT, no second router."""


class TroubleKind(StrEnum):
    """What goes wrong beyond the home, for everybody behind one node."""

    OUTAGE = "outage"
    LOSS = "loss"
    CONGESTION = "congestion"
    DIMMING = "dimming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something upstream, for as long as it lasts. ``amount`` is a share, or dB of dimming."""

    kind: TroubleKind
    amount: float = 1.0
    begins: datetime | None = None
    ends: datetime | None = None

    def lasts(self, now: datetime) -> bool:
        """Whether it is there now."""
        begun = self.begins is None or self.begins <= now
        return begun and (self.ends is None or now < self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What is wrong with the device itself, or with the software in it."""

    leak_kb_per_hour: float = 0.0
    flood: bool = False
    """Something in it fills the log, as long as logging is on."""
    bug: str = ""
    """The name of a known bug (``bugs.py``); empty for none."""
    loss_after_change: tuple[str, float] = ("", 0.0)
    """A setting, and minutes after which a change of it begins to break frames: a slow poison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the home subscribes to besides internet, and the far end of it."""

    registers: bool = True
    """Whether the operator's side takes the telephone's registration."""
    codecs: frozenset[str] = frozenset({"G.711", "G.729"})
    """What the other end speaks."""
    rewrites_sip: bool = False
    """The box's SIP helper breaks what it means to help, as long as it is on."""
    modem_buffer_kbytes: float = 256.0
    """The buffer before the line, which nobody can set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Everything that is true beyond the device's tree."""

    line: Copper | Coax | Cell | None = None
    """None: a fibre (``Household.drop``), or a line that never has trouble."""
    contract: Contract = field(default_factory=Contract)
    upstream: tuple[Trouble, ...] = ()
    """Troubles of every node above the home."""
    managed_apart: bool = True
    """Whether the controller is reached by a way of its own, so that a home without internet
    still answers; lines that are down answer nobody."""
    box: Box = field(default_factory=Box)
    services: Services = field(default_factory=Services)
    time_servers: frozenset[str] = frozenset({"ntp1.operator.example", "ntp2.operator.example"})
    """Those that answer."""
