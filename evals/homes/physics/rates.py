"""How fast a frame travels at a signal level: the rate tables of IEEE 802.11.

Rates are for one spatial stream and 20 MHz (802.11-2020 tables 17-4, 19-27, 21-29; 802.11ax table
27-79, 0.8 us guard interval). A rate can be received from its minimum sensitivity on (tables 17-18,
19-23, 21-25, 27-51), which rises by 3 dB with each doubling of the width; chips of today are better
than the standard asks by ``CHIP_DB``.
"""

from math import log2

CHIP_DB = 5.0
FLOOR_DBM = -95.0
"""Noise of a receiver in 20 MHz: -174 dBm/Hz, 73 dB of bandwidth, 6 dB of noise figure."""

_OFDM = ((6, -82), (9, -81), (12, -79), (18, -77), (24, -74), (36, -70), (48, -66), (54, -65))
_HT = (
    (7.2, -82),
    (14.4, -79),
    (21.7, -77),
    (28.9, -74),
    (43.3, -70),
    (57.8, -66),
    (65.0, -65),
    (72.2, -64),
)
_VHT = (*_HT, (86.7, -59))
_HE = (
    (8.6, -82),
    (17.2, -79),
    (25.8, -77),
    (34.4, -74),
    (51.6, -70),
    (68.8, -66),
    (77.4, -65),
    (86.0, -64),
    (103.2, -59),
    (114.7, -57),
    (129.0, -54),
    (143.4, -52),
)
_TABLES = {"a": _OFDM, "g": _OFDM, "n": _HT, "ac": _VHT, "ax": _HE, "be": _HE}
_ORDER = ("a", "g", "n", "ac", "ax", "be")
_OLD_CARRIERS = {20: 52, 40: 108, 80: 234, 160: 468}
_HE_CARRIERS = {20: 234, 40: 468, 80: 980, 160: 1960}
"""Data subcarriers by width in MHz: HT and VHT (tables 19-6, 21-5), and HE (27-12)."""
_WIDEST = {"a": 20, "g": 20, "n": 40, "ac": 160, "ax": 160, "be": 160}


def newest(ours: frozenset[str], theirs: frozenset[str]) -> str | None:
    """The newest standard that both ends speak; None when there is none."""
    both = ours & theirs
    return next((each for each in reversed(_ORDER) if each in both), None)


def usable_width(standard: str, width: int) -> int:
    """The width in MHz that this standard makes of a channel."""
    return min(width, _WIDEST[standard])


def sensitivity_dbm(standard: str, width: int) -> float:
    """The level from which the slowest rate can be received."""
    return _needs(_TABLES[standard][0][1], width)


def rate_mbps(standard: str, width: int, streams: int, dbm: float) -> float:
    """The rate on the air in Mbit/s; 0 below the sensitivity. ``dbm`` is less what noise takes."""
    width = usable_width(standard, width)
    streams = streams if standard not in ("a", "g") else 1
    reached = [rate for rate, least in _TABLES[standard] if dbm >= _needs(least, width)]
    carriers = _HE_CARRIERS if standard in ("ax", "be") else _OLD_CARRIERS
    return max(reached) * carriers[width] / carriers[20] * streams if reached else 0.0


def _needs(least: float, width: int) -> float:
    return least + 3 * log2(width / 20) - CHIP_DB
