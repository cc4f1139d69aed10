"""Settings of the Wi-Fi that keep people apart, out, or on the slow band."""

from collections.abc import Iterator

from brain.domain.proposal import Cause, Evidence
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.facts import Band
from brain.planner.playbook import Claim
from brain.planner.radios import Radio, radios
from brain.planner.reading import is_on, listed
from brain.planner.stations import Network, hosts, own_networks, stations

_STEERING = "Device.WiFi.DataElements.Network.Device.1.Radio.{}.SteeringPolicy"
_MANDATED = "1"
"""Wi-Fi EasyMesh 17.2.11: 0 agents steer nobody, 1 they do when told, 2 by signal."""
_BUSY = 128
_NEAR = -67
_FAST = ("ac", "ax", "be")
_MIXED = "WPA3-Personal-Transition"


def band_steering_off(observed: Observed) -> Iterator[Candidate]:
    """Steering for a busy slow band with people near who could use a calm fast one."""
    snapshot = observed.snapshot
    slow = [each for each in radios(snapshot) if each.band is Band.GHZ_2_4 and each.enabled]
    fast = [each for each in radios(snapshot) if each.band is not Band.GHZ_2_4 and each.enabled]
    calm = [each for each in fast if each.utilisation is not None and each.utilisation < _BUSY]
    for radio in slow:
        path = _STEERING.format(radio.index)
        stuck = _stuck(observed, radio)
        busy = radio.utilisation is not None and radio.utilisation >= _BUSY
        if snapshot.get(path) == "0" and busy and calm and stuck:
            yield _steered(observed, radio, path, stuck)


def guest_isolation(observed: Observed) -> list[Candidate]:
    """Isolation off on the home's own network; guests stay apart."""
    snapshot = observed.snapshot
    paths = [
        each.point + "IsolationEnable"
        for each in own_networks(snapshot)
        if each.point and is_on(snapshot, each.point + "IsolationEnable")
    ]
    if not paths:
        return []
    claim = Claim(
        cause=Cause.GUEST_ISOLATION,
        confidence=0.9,
        said="The home's own network keeps its devices apart, as a network for guests does.",
        evidence=tuple(seen(snapshot, path, "Isolation is on.") for path in paths),
    )
    changes = [wanted(snapshot, path, "false") for path in paths]
    return [claim.mended_by(changes, "Let the devices on the home's own network reach each other.")]


def old_client(observed: Observed) -> Iterator[Candidate]:
    """Standards and security that older devices know, when some device stays away."""
    gone = sum(each.wireless and not each.active for each in hosts(observed.snapshot))
    for network in own_networks(observed.snapshot):
        if network.radio.enabled and network.radio.band is Band.GHZ_2_4:
            yield from _security(observed, network, gone)
            yield from _standards(observed, network.radio, gone)


def _stuck(observed: Observed, radio: Radio) -> int:
    """How many on this radio are near and quick enough for the fast band."""
    return sum(
        each.radio == radio.index
        and each.signal is not None
        and each.signal >= _NEAR
        and each.standard in _FAST
        for each in stations(observed.snapshot)
    )


def _steered(observed: Observed, radio: Radio, path: str, stuck: int) -> Candidate:
    snapshot = observed.snapshot
    claim = Claim(
        cause=Cause.BAND_STEERING_OFF,
        confidence=0.93,
        said=f"{stuck} near devices stay on the busy {radio.band.words} band, and none is steered.",
        evidence=(
            seen(snapshot, path, "Steering is off."),
            seen(snapshot, radio.utilisation_path, "The band is busy, and the faster one is not."),
            *guards(snapshot, radio.path("OperatingFrequencyBand")),
        ),
        key=str(radio.index),
    )
    does = "Let the device move those that are near to the faster band."
    return claim.mended_by([wanted(snapshot, path, _MANDATED)], does)


def _security(observed: Observed, network: Network, gone: int) -> Iterator[Candidate]:
    snapshot = observed.snapshot
    path = network.point + "Security.ModeEnabled"
    modes = listed(snapshot, network.point + "Security.ModesSupported")
    if not network.point or snapshot.get(path) != "WPA3-Personal" or _MIXED not in modes:
        return
    claim = Claim(
        cause=Cause.OLD_CLIENT,
        confidence=0.85 if gone else 0.5,
        said="The network takes WPA3 only, which older devices do not know.",
        evidence=(seen(snapshot, path, "The mode is WPA3-Personal."), _absent(gone)),
        key="security",
    )
    does = "Let the network take WPA2 beside WPA3; devices that know WPA3 go on using it."
    yield claim.mended_by([wanted(snapshot, path, _MIXED)], does)


def _standards(observed: Observed, radio: Radio, gone: int) -> Iterator[Candidate]:
    snapshot, path = observed.snapshot, radio.path("OperatingStandards")
    now = listed(snapshot, path)
    known = listed(snapshot, radio.path("SupportedStandards"))
    # 802.11b is left out: its rates cost everybody air, and nothing in use needs it.
    wider = [each for each in known if each in now or each in ("g", "n")]
    if not now or set(now) & {"g", "n"} or len(wider) == len(now):
        return
    claim = Claim(
        cause=Cause.OLD_CLIENT,
        confidence=0.85 if gone else 0.5,
        said=f"The {radio.band.words} radio speaks {', '.join(now)} only.",
        evidence=(seen(snapshot, path, f"It speaks {', '.join(now)}."), _absent(gone)),
        key="standards",
    )
    does = f"Let the {radio.band.words} radio speak {', '.join(wider)}."
    yield claim.mended_by([wanted(snapshot, path, ",".join(wider))], does)


def _absent(gone: int) -> Evidence:
    return Evidence(text=f"{gone} wireless devices of the home are not here now.")
