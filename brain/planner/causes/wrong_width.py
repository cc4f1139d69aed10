"""A channel wider than its surroundings allow, or narrower than they would bear."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.causes.congested_channel import is_measured, promised, suffers
from brain.planner.causes.reach import clients_own_trouble
from brain.planner.channels import load_on
from brain.planner.facts import Band
from brain.planner.playbook import Claim
from brain.planner.radios import HeardNetwork, Radio, heard_networks, radios, was_scanned
from brain.planner.reading import listed, numbers

_LEFT = 0.6
"""What may be left of the load for the smaller width to be worth it."""
_LEAST = 0.5
_MEASURED, _HEARD = 0.93, 0.5
"""How sure we are of a radio that tells how it fares, and of one of which only a scan tells."""
_QUIET = 0.25
"""How much more may be heard on a wider channel."""


def wrong_width(observed: Observed) -> Iterator[Candidate]:
    """The width that fits what a scan heard, for each radio that suffers or holds people back."""
    if any(clients_own_trouble(observed)):
        return  # what one broken device sends again says nothing of the air
    heard = heard_networks(observed.snapshot)
    for radio in radios(observed.snapshot):
        named = observed.facts.band in (None, radio.band)
        if named and radio.enabled and was_scanned(observed.snapshot):
            yield from _narrower(observed, radio, heard)
            yield from _wider(observed, radio, heard)


def _narrower(
    observed: Observed, radio: Radio, heard: Sequence[HeardNetwork]
) -> Iterator[Candidate]:
    now = load_on(radio.channel, radio, heard)
    for width in reversed(_widths(observed, radio)):
        load = load_on(radio.channel, replace(radio, width=width), heard)
        if width < radio.width and load <= now * _LEFT and now - load >= _LEAST and suffers(radio):
            said = f"{radio.width} MHz on channel {radio.channel} reaches into others' channels."
            confidence = _MEASURED if is_measured(radio) else _HEARD
            yield _candidate(observed, radio, width, said, confidence)
            return


def _wider(observed: Observed, radio: Radio, heard: Sequence[HeardNetwork]) -> Iterator[Candidate]:
    widths = [each for each in _widths(observed, radio) if each <= 80]
    if radio.band is Band.GHZ_2_4 or radio.width > 20 or observed.symptom is not Symptom.SLOW_WIFI:
        return
    now = load_on(radio.channel, radio, heard)
    fitting = [
        each
        for each in widths
        if each > radio.width
        and load_on(radio.channel, replace(radio, width=each), heard) <= now + _QUIET
    ]
    if fitting:
        said = f"The {radio.band.words} radio is 20 MHz wide, and the air beside it is free."
        yield _candidate(observed, radio, max(fitting), said, 0.5)


def _candidate(
    observed: Observed, radio: Radio, width: int, said: str, confidence: float
) -> Candidate:
    snapshot, path = observed.snapshot, radio.path("OperatingChannelBandwidth")
    supported = radio.path("SupportedOperatingChannelBandwidths")
    claim = Claim(
        cause=Cause.WRONG_WIDTH,
        confidence=confidence,
        said=said,
        evidence=(
            seen(snapshot, path, f"It runs {radio.width} MHz wide."),
            *guards(snapshot, radio.path("Channel"), supported),
        ),
        key=f"{radio.index}-{width}",
    )
    does = f"Run the {radio.band.words} radio {width} MHz wide instead of {radio.width} MHz."
    change = wanted(snapshot, path, f"{width}MHz")
    narrower = width < radio.width
    return claim.mended_by([change], does, effect=promised(observed, radio) if narrower else None)


def _widths(observed: Observed, radio: Radio) -> list[int]:
    """The widths that the device lists, in MHz; none when it lists none."""
    texts = listed(observed.snapshot, radio.path("SupportedOperatingChannelBandwidths"))
    return sorted(set(numbers(text.removesuffix("MHz") for text in texts)))
