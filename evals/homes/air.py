"""What is on the air around a radio, and what share of the time it keeps a channel busy.

The model is deliberately small: who overlaps our channel, how loud, and how often. Co-channel
neighbours wait for each other, so they cost airtime; partial overlap cannot be decoded and costs
retransmissions too; what is not Wi-Fi does not wait for anybody and costs both.
"""

from dataclasses import dataclass
from math import log10, prod

_FLOOR_DBM = -95.0
_DEAF_DBM, _CLEAR_DBM = -92.0, -62.0
"""Below the first nothing is noticed; from the second on (energy detect) everything is."""

_LAST_WITH_ROOM = 9
_BLOCKS_5GHZ = ((36, 64), (100, 144), (149, 161))
"""First and last channel of each run that wide channels are cut from."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another household's access point: a scan shows it."""

    ssid: str
    bssid: str
    channel: int
    dbm: int
    load: float
    """The share of the time that it transmits, 0 to 1."""
    width: int = 20
    security: str = "WPA2"


@dataclass(frozen=True, slots=True)
class Interferer:
    """Something that is not Wi-Fi: no scan shows it, and it waits for nobody."""

    name: str
    centre: float
    """MHz."""
    width: float
    """MHz."""
    dbm: int
    duty: float
    """The share of the time that it transmits, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Air:
    """Everything that transmits around one radio of one home."""

    band: str
    neighbours: tuple[Neighbour, ...] = ()
    interferers: tuple[Interferer, ...] = ()


@dataclass(frozen=True, slots=True)
class Airtime:
    """Shares of the time, 0 to 1, on one channel; ``retry`` is the share of frames sent again."""

    own: float
    others: float
    retry: float
    noise_dbm: int

    @property
    def busy(self) -> float:
        """The share of the time that the channel is not free."""
        return 1 - (1 - self.own) * (1 - self.others)


def centre(band: str, channel: int, width: int) -> float:
    """The middle of a channel in MHz. In 5 GHz a wide channel is the block its primary is in.

    In 2.4 GHz the other half of a wide one lies above, or below where there is no room above
    (802.11-2020 19.3.15: secondary channel 4 channels away).
    """
    if band == "2.4GHz":
        beside = 0 if width < 40 else 10 if channel <= _LAST_WITH_ROOM else -10
        return 2484.0 if channel == 14 else 2407.0 + 5 * channel + beside
    if band == "6GHz":
        first = 1 + (channel - 1) // (width // 5) * (width // 5)
        return 5950.0 + 5 * first + (width - 20) / 2
    start = next((low for low, high in _BLOCKS_5GHZ if low <= channel <= high), channel)
    first = start + (channel - start) // (width // 5) * (width // 5)
    return 5000.0 + 5 * first + (width - 20) / 2


def airtime(air: Air, channel: int, width: int, demand: float) -> Airtime:
    """What the air is like on this channel for a radio that would transmit ``demand`` of the time.

    ``demand`` is the airtime its own stations need on a clean channel, 0 to 1.
    """
    mine = (centre(air.band, channel, width), float(width))
    free, clean = [], []
    for each in air.neighbours:
        theirs = (centre(air.band, each.channel, each.width), float(each.width))
        share = _overlap(mine, theirs) * _heard(each.dbm)
        partial = 0.12 if each.channel == channel else 0.5
        free.append(1 - each.load * share)
        clean.append(1 - partial * each.load * share)
    for thing in air.interferers:
        share = _overlap(mine, (thing.centre, thing.width)) * _heard(thing.dbm)
        free.append(1 - thing.duty * share)
        clean.append(1 - 0.7 * thing.duty * share)
    retry = min(1 - prod(clean), 0.9)
    own = min(demand / (1 - retry), 0.98)
    return Airtime(own=own, others=1 - prod(free), retry=retry, noise_dbm=_noise(air, mine))


def _overlap(mine: tuple[float, float], theirs: tuple[float, float]) -> float:
    """The share of the narrower of two bands, each (centre, width), that lies in the other."""
    low = max(mine[0] - mine[1] / 2, theirs[0] - theirs[1] / 2)
    high = min(mine[0] + mine[1] / 2, theirs[0] + theirs[1] / 2)
    return max(0.0, high - low) / min(mine[1], theirs[1])


def _heard(dbm: float) -> float:
    return min(max((dbm - _DEAF_DBM) / (_CLEAR_DBM - _DEAF_DBM), 0.0), 1.0)


def _noise(air: Air, mine: tuple[float, float]) -> int:
    """Noise floor in dBm: the receiver's own, and what is not Wi-Fi within our channel."""
    watts = 10 ** (_FLOOR_DBM / 10)
    for thing in air.interferers:
        share = _overlap(mine, (thing.centre, thing.width)) * thing.duty
        watts += share * 10 ** (thing.dbm / 10)
    return round(10 * log10(watts))
