"""What people's devices are and want: kinds of clients, where they stand, what they do online."""

from dataclasses import dataclass
from enum import StrEnum

_ALL = frozenset({"a", "g", "n", "ac", "ax"})


class Want(StrEnum):
    """What somebody does with a client."""

    WEB = "web"
    VIDEO = "video"
    GAME = "game"
    VOICE = "voice"
    IPTV = "iptv"
    UPLOAD = "upload"
    """Sends all it can all the time, so that whoever else is at home lives with a full uplink."""
    LOCAL = "local"
    """Casts or prints: another device of the same home has to be reached."""
    INBOUND = "inbound"
    """Is reached from outside: a camera, or a game that hosts."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one want takes while somebody wants it: Mbit/s on average, and the least that will do.

    Video: 15 Mbit/s, what large streaming services ask for 4K. IPTV: one HD channel, 8 Mbit/s.
    """

    down: float
    up: float
    least: float


NEEDS = {
    Want.WEB: Need(1.0, 0.2, 1.5),
    Want.VIDEO: Need(7.0, 0.2, 15.0),
    Want.GAME: Need(0.3, 0.2, 0.5),
    Want.VOICE: Need(0.1, 0.1, 0.1),
    Want.IPTV: Need(8.0, 0.05, 8.0),
    Want.UPLOAD: Need(0.2, 6.0, 0.5),
    Want.LOCAL: Need(0.5, 0.5, 0.5),
    Want.INBOUND: Need(0.1, 1.0, 0.5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A client as it is. No device shows where it stands or what its own radio is worth."""

    metres: float = 4.0
    walls: int = 0
    floors: int = 0
    cable: bool = False
    bands: tuple[str, ...] = ("2.4GHz", "5GHz")
    standards: frozenset[str] = _ALL
    streams: int = 2
    wpa3: bool = True
    dbm: float = 15.0
    """What its own radio sends: far less than a gateway's."""
    sticky: bool = False
    """Joins what it hears loudest, however slow; others see which network is faster."""
    trouble: float = 0.0
    """The share of frames that its own radio or driver breaks, wherever it stands."""
    wants: tuple[Want, ...] = (Want.WEB, Want.VIDEO)
    port: int = 0
    """The port it has to be reached on from outside; 0 for none."""
    static: bool = False
    """Somebody typed its address in, so that it asks for no lease."""

    @property
    def down(self) -> float:
        """Mbit/s that it takes on average."""
        return sum(NEEDS[each].down for each in self.wants)

    @property
    def up(self) -> float:
        """Mbit/s that it sends on average."""
        return sum(NEEDS[each].up for each in self.wants)


_NARROW = frozenset({"g", "n"})

KINDS: dict[str, Body] = {
    "phone": Body(wants=(Want.WEB, Want.VIDEO)),
    "laptop": Body(wants=(Want.WEB, Want.VIDEO), dbm=16.0),
    "tablet": Body(wants=(Want.WEB, Want.VIDEO)),
    "tv": Body(wants=(Want.VIDEO, Want.LOCAL), sticky=True),
    "console": Body(wants=(Want.GAME,), standards=frozenset({"a", "g", "n", "ac"})),
    "old_laptop": Body(
        wants=(Want.WEB,), bands=("2.4GHz",), standards=_NARROW, streams=1, wpa3=False
    ),
    "printer": Body(
        wants=(Want.LOCAL,), bands=("2.4GHz",), standards=_NARROW, streams=1, wpa3=False
    ),
    "camera": Body(
        wants=(Want.INBOUND,), bands=("2.4GHz",), standards=_NARROW, streams=1, wpa3=False
    ),
    "sensor": Body(wants=(), bands=("2.4GHz",), standards=_NARROW, streams=1, wpa3=False),
    "desktop": Body(cable=True, wants=(Want.WEB, Want.VIDEO)),
    "server": Body(cable=True, wants=(Want.UPLOAD,)),
    "set_top_box": Body(cable=True, wants=(Want.IPTV,)),
    "telephone": Body(cable=True, wants=(Want.VOICE,)),
}
"""Clients by what they are."""
