"""A radio shares its channel with too many others, and a calmer one is legal here."""

from collections.abc import Sequence

from brain.domain.change import SetParameter
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause, Direction, Effect, Evidence, Finding
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.causes.deaf_radio import let_it_choose
from brain.planner.channels import Calmer, calmer_channels, load_on, quiet_channels
from brain.planner.radios import HeardNetwork, Radio, heard_networks, radios, was_scanned

_BUSY = 128
"""Utilisation (0 to 255) from which half of the air is gone."""
_RETRANSMITS = 20
"""Packets in a hundred that had to be sent again."""
_CROWDED = 2.0
"""Load at which a scan alone is reason enough, when the device measures nothing itself."""
_OTHERS = 64
"""The share of the air, of 255, below which others are no trouble."""
_EXPLAINED = 0.5
"""Load from which the networks of a scan are reason enough for a busy channel."""
_OFFERED = 3

_NOWHERE_BETTER = (
    "and no channel that is legal here is calmer",
    "For the subscriber: use the other band nearby, a cable, or a second access point closer to "
    "where it is slow.",
)
_NOT_SCANNED = (
    "and the device has not looked at the networks around it",
    "For the agent: let the device scan its surroundings, then ask again.",
)


def congested_channel(observed: Observed) -> list[Candidate]:
    """Moves to calmer channels, best first, for every radio that is busy or loses frames."""
    heard = heard_networks(observed.snapshot)
    found: list[Candidate] = []
    for radio in radios(observed.snapshot):
        named = observed.facts.band in (None, radio.band)
        if named and radio.enabled and not fled_from_radar(observed.snapshot, radio):
            found.extend(of_radio(observed, radio, heard) or let_it_choose(observed, radio))
    return found


def fled_from_radar(snapshot: Snapshot, radio: Radio) -> bool:
    """Whether the radio is where it is because it heard a radar elsewhere."""
    return snapshot.get(radio.path("ChannelLastSelectionReason")) == "Auto_DFS"


def move(snapshot: Snapshot, radio: Radio, channel: int) -> tuple[SetParameter, ...]:
    """The changes that put a radio on a channel and keep it there.

    With AutoChannelEnable true the device would choose again (TR-181 Device.WiFi.Radio.{i}.), so
    that goes first.
    """
    first = (wanted(snapshot, radio.path("AutoChannelEnable"), "false"),) if radio.automatic else ()
    return (*first, wanted(snapshot, radio.path("Channel"), str(channel)))


def of_radio(observed: Observed, radio: Radio, heard: Sequence[HeardNetwork]) -> list[Candidate]:
    """What could be done for one radio; nothing when it is well."""
    confidence = _confidence(radio, heard)
    if confidence is None:
        return []
    evidence = _evidence(observed.snapshot, radio, heard)
    if not was_scanned(observed.snapshot):
        return [_stays(radio, confidence - 0.3, evidence, _NOT_SCANNED)]
    calmer = calmer_channels(radio, heard)
    if not calmer and _is_unheard(radio, heard):
        calmer, confidence = quiet_channels(radio, heard), confidence - 0.25
    if not calmer:
        return [_stays(radio, confidence - 0.3, evidence, _NOWHERE_BETTER)]
    return [
        _candidate(observed, radio, each, evidence, confidence - 0.02 * rank)
        for rank, each in enumerate(calmer[:_OFFERED])
    ]


def suffers(radio: Radio) -> bool:
    """Whether others in the air are any trouble to this radio, as far as it tells.

    One that tells nothing at all may suffer; one that hardly sends anything again does not.
    """
    if radio.foreign is not None and radio.foreign < _OTHERS:
        return (radio.retransmissions or 0) >= _RETRANSMITS
    if not is_measured(radio):
        return True
    return (radio.utilisation or 0) >= _OTHERS or (radio.retransmissions or 0) >= _RETRANSMITS


def is_measured(radio: Radio) -> bool:
    """Whether the radio tells how busy its air is, or how much it sends again."""
    return radio.utilisation is not None or radio.retransmissions is not None


def _confidence(radio: Radio, heard: Sequence[HeardNetwork]) -> float | None:
    """How sure we are that others in the air are the trouble; None when they are not."""
    if radio.foreign is not None and radio.foreign < _OTHERS:
        return None  # it is the home's own traffic, which would come along to any channel
    if radio.utilisation is not None and radio.utilisation >= _BUSY:
        return 0.75 + 0.15 * (min(radio.utilisation, 255) - _BUSY) / 127
    if radio.retransmissions is not None and radio.retransmissions >= _RETRANSMITS:
        return 0.65
    if not is_measured(radio) and load_on(radio.channel, radio, heard) >= _CROWDED:
        return 0.5
    return None


def _is_unheard(radio: Radio, heard: Sequence[HeardNetwork]) -> bool:
    """Whether others fill the air and a scan does not show who: something that is not Wi-Fi."""
    return radio.foreign is not None and load_on(radio.channel, radio, heard) < _EXPLAINED


def _candidate(
    observed: Observed,
    radio: Radio,
    calmer: Calmer,
    evidence: tuple[Evidence, ...],
    confidence: float,
) -> Candidate:
    summary = (
        f"Move the {radio.band.words} radio from channel {radio.channel} to {calmer.channel}, "
        f"where it meets {calmer.overlapping} instead of {calmer.overlapping_now} foreign "
        "networks."
    )
    if calmer.radar:
        summary += " It is shared with radar, so the device may have to leave it again."
    return Candidate(
        id=f"channel-{radio.index}-{calmer.channel}",
        finding=Finding(
            cause=Cause.CONGESTED_CHANNEL,
            confidence=round(confidence, 3),
            summary=f"Channel {radio.channel} is crowded.",
            evidence=evidence,
        ),
        summary=summary,
        changes=move(observed.snapshot, radio, calmer.channel),
        effect=promised(observed, radio),
    )


def _stays(
    radio: Radio, confidence: float, evidence: tuple[Evidence, ...], why: tuple[str, str]
) -> Candidate:
    said = f"Channel {radio.channel} is crowded, {why[0]}."
    return Candidate(
        id=f"crowded-{radio.index}",
        finding=Finding(
            cause=Cause.CONGESTED_CHANNEL,
            confidence=round(confidence, 3),
            summary=said,
            evidence=evidence,
        ),
        summary="Change nothing here.",
        hand_over=f"{said} {why[1]}",
    )


def _evidence(
    snapshot: Snapshot, radio: Radio, heard: Sequence[HeardNetwork]
) -> tuple[Evidence, ...]:
    said: list[Evidence] = []
    if radio.utilisation is not None:
        busy = f"The air is busy {round(radio.utilisation * 100 / 255)} % of the time."
        said.append(seen(snapshot, radio.utilisation_path, busy))
    if radio.retransmissions is not None:
        said.append(Evidence(text=f"{radio.retransmissions} of 100 packets are sent again."))
    same = sum(each.band is radio.band and each.channel == radio.channel for each in heard)
    around = sum(each.band is radio.band for each in heard)
    said.append(
        Evidence(
            text=f"Of {around} foreign networks heard on {radio.band.words}, {same} on channel "
            f"{radio.channel}."
        )
    )
    settings = ("OperatingFrequencyBand", "PossibleChannels", "RegulatoryDomain")
    return (*said, *guards(snapshot, *(radio.path(leaf) for leaf in settings)))


def promised(observed: Observed, radio: Radio) -> Effect | None:
    """That the air gets less busy; nothing where the device does not tell how busy it is."""
    if radio.utilisation is None:
        return None
    return Effect(
        metric=radio.utilisation_path,
        direction=Direction.DOWN,
        before=str(radio.utilisation),
        by=max(1, min(observed.deps.effect_points, radio.utilisation // 2)),
        within=observed.deps.effect_within,
    )
