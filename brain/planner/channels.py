"""Which channel would be calmer, from what a scan heard.

Two networks on the same channel hear each other and take turns. Two that half overlap cannot, and
only disturb, so an overlap that is not whole weighs more than its share of the air.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from brain.planner.facts import Band
from brain.planner.radios import HeardNetwork, Radio

_APART = (1, 6, 11)
"""The 2.4 GHz channels that everybody can use and that do not overlap each other."""
_RADAR = range(52, 145)
"""5 GHz channels shared with radar (DFS): a device must leave them when it hears one."""
_DISTURBS = 1.3
_BLOCKS = (range(36, 65, 4), range(100, 145, 4), range(149, 178, 4))
_CALMER = 0.6
_LEAST_GAIN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calmer:
    """A better channel for a radio, and how much better."""

    channel: int
    load: float
    """What would be heard there; the same measure as ``now``."""
    now: float
    overlapping: int
    """How many foreign networks would overlap there."""
    overlapping_now: int
    radar: bool
    """Whether the device has to give way to radar there."""


def load_on(channel: int, radio: Radio, heard: Iterable[HeardNetwork]) -> float:
    """How much foreign networks would disturb this radio on that channel; 0 is silence.

    One network right beside us on the same channel counts 1.
    """
    return sum(_strength(network.signal) * share for network, share in _met(channel, radio, heard))


def overlapping(channel: int, radio: Radio, heard: Iterable[HeardNetwork]) -> int:
    """How many foreign networks this radio would meet on that channel."""
    return sum(1 for _ in _met(channel, radio, heard))


def _met(
    channel: int, radio: Radio, heard: Iterable[HeardNetwork]
) -> Iterator[tuple[HeardNetwork, float]]:
    mine = _span(radio.band, channel, radio.width)
    for network in heard:
        share = _overlap(mine, _span(network.band, network.channel, network.width))
        if network.band is radio.band and share > 0:
            yield network, share


def calmer_channels(radio: Radio, heard: Sequence[HeardNetwork]) -> tuple[Calmer, ...]:
    """The legal channels worth moving to, best first; those shared with radar only when needed."""
    return _best_first(
        each
        for each in _scored(radio, heard)
        if each.load <= each.now * _CALMER and each.now - each.load >= _LEAST_GAIN
    )


def quiet_channels(radio: Radio, heard: Sequence[HeardNetwork]) -> tuple[Calmer, ...]:
    """Those to flee to from what no scan can hear: hardly louder than here, as far as is known."""
    return _best_first(each for each in _scored(radio, heard) if each.load <= each.now + 0.2)


def _scored(radio: Radio, heard: Sequence[HeardNetwork]) -> Iterator[Calmer]:
    now = load_on(radio.channel, radio, heard)
    overlapping_now = overlapping(radio.channel, radio, heard)
    for channel in _choices(radio):
        if not _shares_air(radio, channel):
            yield Calmer(
                channel=channel,
                load=load_on(channel, radio, heard),
                now=now,
                overlapping=overlapping(channel, radio, heard),
                overlapping_now=overlapping_now,
                radar=radio.band is Band.GHZ_5 and channel in _RADAR,
            )


def _best_first(channels: Iterable[Calmer]) -> tuple[Calmer, ...]:
    found = sorted(channels, key=lambda each: (each.radar, round(each.load, 6), each.channel))
    return tuple(each for each in found if not each.radar) or tuple(found)


def _shares_air(radio: Radio, channel: int) -> bool:
    """Whether that is the same air under another number, as within one 80 MHz block."""
    return (
        _overlap(
            _span(radio.band, radio.channel, radio.width), _span(radio.band, channel, radio.width)
        )
        >= 1
    )


def _choices(radio: Radio) -> tuple[int, ...]:
    legal = tuple(channel for channel in radio.possible if channel != radio.channel)
    if radio.band is Band.GHZ_2_4:
        return tuple(channel for channel in legal if channel in _APART) or legal
    if radio.band is Band.GHZ_5 and radio.width > 20:
        return tuple(channel for channel in legal if channel != 165)  # no wider channel holds 165
    return legal


def _strength(signal: int) -> float:
    """1 for a network at -40 dBm or louder, falling to next to nothing at -95 dBm."""
    return min(1.0, max(0.05, (signal + 95) / 55))


def _overlap(mine: tuple[float, float], theirs: tuple[float, float]) -> float:
    shared = min(mine[1], theirs[1]) - max(mine[0], theirs[0])
    if shared <= 0:
        return 0.0
    share = shared / min(mine[1] - mine[0], theirs[1] - theirs[0])
    return 1.0 if share >= 1 else share * _DISTURBS


def _span(band: Band, channel: int, width: int) -> tuple[float, float]:
    """The frequencies a channel takes, in MHz from to (IEEE 802.11 Annex E)."""
    if band is Band.GHZ_2_4:
        centre = 2484 if channel == 14 else 2407 + 5 * channel
        return centre - width / 2, centre + width / 2
    start, first = (5950, 1) if band is Band.GHZ_6 else (5000, _block_start(channel))
    count = max(1, width // 20)
    lowest = first + (channel - first) // 4 // count * count * 4
    low = start + 5 * lowest - 10
    return low, low + 20 * count


def _block_start(channel: int) -> int:
    return next((block.start for block in _BLOCKS if channel in block), channel)
