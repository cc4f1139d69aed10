"""What one home is made of: the box, the air around it, who lives there, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from evals.homes.air import Air
from evals.homes.optics import Drop
from evals.homes.people import Body
from evals.homes.truth import Truth
from evals.homes.wan import Wan


@dataclass(frozen=True, slots=True)
class Guest:
    """Something that hangs on the home network. ``point`` is its access point; 0 is a cable."""

    name: str
    mac: str
    address: str
    point: int = 0
    dbm: int = 0
    body: Body | None = None
    """Where it stands and what it can do; with one, it finds its access point by itself."""


@dataclass(frozen=True, slots=True)
class RadioLife:
    """What one radio of the home is up against."""

    air: Air
    channel: int
    demand: float
    """The share of the time its own stations would need on a clean channel."""
    automatic: bool = False
    """Whether the box picks the channel itself."""
    by_the_hour: bool = False
    """Whether the neighbours are busier in the evening: their loads are those of the peak."""
    radar: tuple[tuple[int, datetime], ...] = ()
    """Channels that a radar is heard on, and when."""
    fled: bool = False
    """Whether it is on its channel because of a radar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A home before it is switched on. Two equal ones behave alike, to the last digit."""

    model: str
    serial: str
    seed: int
    country: str
    ssid: str
    passphrase: str
    wan: Wan
    resolvers: tuple[str, ...]
    own_resolvers: bool = False
    """Somebody typed the resolvers in; otherwise they were learned from the provider."""
    drop: Drop | None = None
    radios: tuple[RadioLife, ...] = ()
    guests: tuple[Guest, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    """Parameters that are not as the make ships them, by full path."""
    visitors_per_day: float = 0.0
    """Strangers' devices that take an address and leave."""
    truth: Truth = field(default_factory=Truth)
    provider_resolvers: tuple[str, ...] = ("198.51.100.53", "203.0.113.53")
