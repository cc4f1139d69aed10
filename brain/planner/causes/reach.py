"""Who is hard to reach by Wi-Fi: the box whispers, they sit too far away, or are broken themselves.

A station is heard by its own power, and hears the box by the box's. So a downlink far slower than
the uplink says that the box is too quiet, and a faint station that it is far away.
"""

from collections.abc import Iterator, Sequence
from math import log10

from brain.domain.incident import Symptom
from brain.domain.proposal import Cause, Evidence
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.playbook import Claim
from brain.planner.radios import Radio, radios
from brain.planner.reading import listed, number, numbers
from brain.planner.stations import Station, hosts, stations

_LOPSIDED = 2
"""How many times slower the way down is than the way up when the box is too quiet."""
_FAINT = -76
"""In dBm: below it the slowest rates are all that is left."""
_NEAR = -70
"""In dBm: above it, distance is no excuse."""
_BROKEN = 40
_WELL = 15
"""Packets in a hundred sent again."""


def low_power(observed: Observed) -> Iterator[Candidate]:
    """The lowest power that reaches everybody, for each radio that whispers."""
    for radio in _radios(observed):
        power = number(observed.snapshot, radio.path("TransmitPower"))
        if power is None or not 0 < power < 100:
            continue
        unheard = [each for each in _of(observed, radio) if _hears_badly(each)]
        enough = _sufficient(observed, radio, power, unheard) if unheard else power
        if enough > power:
            yield _louder(observed, radio, (power, enough), unheard)


def weak_coverage(observed: Observed) -> Iterator[Candidate]:
    """Stations that are faint although the box is as loud as it may be, and those that are gone."""
    faint = [
        each
        for radio in _radios(observed)
        if (number(observed.snapshot, radio.path("TransmitPower")) or 100) >= 100
        for each in _of(observed, radio)
        if each.signal is not None and each.signal <= _FAINT
    ]
    gone = [each.row for each in hosts(observed.snapshot) if each.wireless and not each.active]
    if faint:
        yield _far(observed, [(each.row + "SignalStrength", each.signal) for each in faint])
    elif gone:
        yield _perhaps_far(observed, gone)


def clients_own_trouble(observed: Observed) -> Iterator[Candidate]:
    """One near station that loses much while everybody beside it is well."""
    for radio in _radios(observed):
        there = [each for each in _of(observed, radio) if each.retries is not None]
        broken = [each for each in there if (each.retries or 0) >= _BROKEN and _is_near(each)]
        others = [each for each in there if each not in broken]
        well = all((each.retries or 0) < _WELL for each in others)
        if len(broken) == 1 and others and well:
            yield _its_own(observed, radio, broken[0], len(others))


def _radios(observed: Observed) -> list[Radio]:
    band = observed.facts.band
    return [
        each for each in radios(observed.snapshot) if each.enabled and band in (None, each.band)
    ]


def _of(observed: Observed, radio: Radio) -> list[Station]:
    return [each for each in stations(observed.snapshot) if each.radio == radio.index]


def _hears_badly(station: Station) -> bool:
    if not station.down or not station.up:
        return False
    return station.down * _LOPSIDED <= station.up


def _is_near(station: Station) -> bool:
    return station.signal is not None and station.signal >= _NEAR


def _sufficient(observed: Observed, radio: Radio, power: int, unheard: Sequence[Station]) -> int:
    """The lowest power, in percent, by which the way down is as fast as the way up.

    Twice the rate takes about 6 dB (IEEE 802.11 sensitivity tables); 10 dB is ten times the power.
    """
    ratio = max((each.up or 1) / (each.down or 1) for each in unheard)
    needed = power * 10 ** (20 * log10(ratio) / 10)
    steps = listed(observed.snapshot, radio.path("TransmitPowerSupported"))
    choices = sorted(numbers(steps)) or [100]
    return next((each for each in choices if each >= needed), choices[-1])


def _louder(
    observed: Observed, radio: Radio, powers: tuple[int, int], unheard: Sequence[Station]
) -> Candidate:
    snapshot, path = observed.snapshot, radio.path("TransmitPower")
    now, enough = powers
    claim = Claim(
        cause=Cause.LOW_POWER,
        confidence=0.94,
        said=f"The {radio.band.words} radio sends at {now} % of its power, and is hardly heard.",
        evidence=(
            seen(snapshot, path, f"It sends at {now} %.", guard=True),
            *(
                seen(
                    snapshot,
                    each.row + "LastDataDownlinkRate",
                    f"A station sends to us at {each.up} kbit/s and hears us at {each.down}.",
                )
                for each in unheard
            ),
            *guards(snapshot, radio.path("RegulatoryDomain")),
        ),
        key=f"{radio.index}-{enough}",
    )
    does = f"Let the {radio.band.words} radio send at {enough} % of its power, which is enough."
    return claim.mended_by([wanted(snapshot, path, str(enough))], does)


def _far(observed: Observed, faint: Sequence[tuple[str, int | None]]) -> Candidate:
    weakest = min(signal for _, signal in faint if signal is not None)
    claim = Claim(
        cause=Cause.WEAK_COVERAGE,
        confidence=0.85,
        said=f"A device at home is heard at {weakest} dBm only, and the radio sends at full power.",
        evidence=tuple(
            seen(observed.snapshot, path, f"It is heard at {signal} dBm.") for path, signal in faint
        ),
    )
    return claim.for_others(
        "the subscriber",
        "No setting reaches that far: place an access point or a mesh extender half way, or use a "
        "cable.",
    )


def _perhaps_far(observed: Observed, gone: Sequence[str]) -> Candidate:
    cannot_join = observed.symptom is Symptom.CANNOT_JOIN
    claim = Claim(
        cause=Cause.WEAK_COVERAGE,
        confidence=0.6 if cannot_join else 0.42,
        said=f"{len(gone)} of the home's wireless devices cannot be heard at all.",
        evidence=tuple(
            seen(observed.snapshot, row + "Active", "It was here before, and is not now.")
            for row in gone
        ),
    )
    return claim.for_others(
        "the subscriber",
        "Radios and networks are on. If it works close to the box, it is out of reach: place an "
        "access point or a mesh extender half way. If it does not, it is the device itself.",
    )


def _its_own(observed: Observed, radio: Radio, broken: Station, others: int) -> Candidate:
    said = (
        f"One device near the box has {broken.retries} of 100 packets sent again, while "
        f"{others} others on {radio.band.words} are well."
    )
    claim = Claim(
        cause=Cause.CLIENTS_OWN_TROUBLE,
        confidence=0.9,
        said=said,
        evidence=(
            seen(observed.snapshot, broken.row + "Retransmissions", said),
            Evidence(text=f"It is heard at {broken.signal} dBm, which is near."),
        ),
    )
    return claim.for_others(
        "the subscriber",
        "That is the device's own radio or driver: restart it, update it, or try it elsewhere. "
        "Nothing here would help it, and a change would disturb the others.",
    )
