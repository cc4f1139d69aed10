"""Somebody asked for something outright. It is proposed as asked: policy says whether it may be."""

from collections.abc import Callable, Sequence

from brain.domain.change import Change, Command
from brain.domain.errors import PlannerFailed
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Cause, Evidence, Finding
from brain.planner.candidates import Candidate, MoreNeeded, Observed, guards, wanted
from brain.planner.causes.congested_channel import move
from brain.planner.causes.wrong_dns import resolvers
from brain.planner.facts import Band, Request, RequestKind
from brain.planner.radios import Radio, band_of, radios

Asked = tuple[str, tuple[Change, ...], tuple[Radio, ...]]
"""What it would do in words, the changes, and the radios it is about."""


def requested(observed: Observed) -> list[Candidate]:
    """The one candidate that does what was asked.

    Raises MoreNeeded when the message leaves open what is meant, and PlannerFailed when the device
    has nothing of the kind.
    """
    request = observed.facts.request
    if request is None:
        return []
    summary, changes, about = _READERS[request.kind](observed, request)
    band_paths = [radio.path("OperatingFrequencyBand") for radio in about]
    asked = Evidence(text=f"It was asked for: {summary}")
    return [
        Candidate(
            id="request",
            finding=Finding(
                cause=Cause.REQUESTED,
                confidence=1.0,
                summary="It was asked for.",
                evidence=(asked, *guards(observed.snapshot, *band_paths)),
            ),
            summary=summary,
            changes=changes,
        )
    ]


def _channel(observed: Observed, request: Request) -> Asked:
    channel = int(request.value)
    band = observed.facts.band or band_of(channel)
    there = _radios_on(observed, band)
    radio = next((each for each in there if channel in each.possible), there[0])
    summary = f"Put the {radio.band.words} radio on channel {channel}."
    return summary, move(observed.snapshot, radio, channel), (radio,)


def _auto_channel(observed: Observed, request: Request) -> Asked:
    del request
    return _on_radios(observed, "AutoChannelEnable", "true", "choose its channel by itself")


def _bandwidth(observed: Observed, request: Request) -> Asked:
    width = f"{int(request.value)}MHz"
    return _on_one_radio(observed, "OperatingChannelBandwidth", width, f"run {width} wide")


def _power(observed: Observed, request: Request) -> Asked:
    percent = str(int(request.value))
    return _on_one_radio(observed, "TransmitPower", percent, f"send at {percent} % of its power")


def _radio_on(observed: Observed, request: Request) -> Asked:
    del request
    return _on_one_radio(observed, "Enable", "true", "switch on")


def _radio_off(observed: Observed, request: Request) -> Asked:
    del request
    return _on_one_radio(observed, "Enable", "false", "switch off")


def _dns(observed: Observed, request: Request) -> Asked:
    addresses = request.value.split(",")
    rows = [each for each in resolvers(observed.snapshot) if not each.given]
    if not rows:
        raise PlannerFailed(
            "this device has no resolver of its own that can be set",
            remedy="Its resolvers come from the network: ask the network team.",
        )
    changes = tuple(
        wanted(observed.snapshot, row.path, address)
        for row, address in zip(rows, addresses, strict=False)
    )
    return f"Set the resolver to {', '.join(addresses[: len(changes)])}.", changes, ()


def _reboot(observed: Observed, request: Request) -> Asked:
    del observed, request
    return "Restart the device.", (Command(path=ParameterPath("Device.Reboot()")),), ()


def _parameter(observed: Observed, request: Request) -> Asked:
    change = wanted(observed.snapshot, request.path, request.value)
    return f"Set {request.path} as asked.", (change,), ()


def _on_one_radio(observed: Observed, leaf: str, value: str, words: str) -> Asked:
    """For what is seldom meant for all radios: which one has to be said."""
    listed = radios(observed.snapshot)
    bands = sorted({radio.band.words for radio in listed})
    if observed.facts.band is None and len(bands) > 1:
        raise MoreNeeded(f"Which radio do you mean: {' or '.join(bands)}?")
    return _on_radios(observed, leaf, value, words)


def _on_radios(observed: Observed, leaf: str, value: str, words: str) -> Asked:
    about = _radios_on(observed, observed.facts.band)
    named = " and ".join(sorted({radio.band.words for radio in about}))
    changes = tuple(wanted(observed.snapshot, radio.path(leaf), value) for radio in about)
    return f"Let the {named} radio {words}.", changes, tuple(about)


def _radios_on(observed: Observed, band: Band | None) -> Sequence[Radio]:
    there = [each for each in radios(observed.snapshot) if band in (None, each.band)]
    if not there:
        raise PlannerFailed(f"this device tells of no {band.words if band else 'Wi-Fi'} radio")
    return there


_READERS: dict[RequestKind, Callable[[Observed, Request], Asked]] = {
    RequestKind.CHANNEL: _channel,
    RequestKind.AUTO_CHANNEL: _auto_channel,
    RequestKind.BANDWIDTH: _bandwidth,
    RequestKind.TRANSMIT_POWER: _power,
    RequestKind.RADIO_ON: _radio_on,
    RequestKind.RADIO_OFF: _radio_off,
    RequestKind.DNS: _dns,
    RequestKind.REBOOT: _reboot,
    RequestKind.PARAMETER: _parameter,
}
