"""Television, telephone and clock: what the box does for them beside the internet."""

from collections.abc import Iterator

from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, seen, wanted
from brain.planner.causes.way_out import outside_addresses
from brain.planner.past import neighbours_value
from brain.planner.playbook import Claim
from brain.planner.reading import is_on, paths_like

_HELPER = "Device.Firewall.ConnectionTracking.SIP.Enable"
_SPOKEN = ("G.711", "G.729", "G.722")
"""What every operator's side speaks (RFC 3551, GSMA IR.92)."""


def igmp_off(observed: Observed) -> Iterator[Candidate]:
    """A multicast proxy that is off; the parameter is the maker's own, so somebody else sets it."""
    for path in paths_like(observed.snapshot, r"Device\.X_\w+_IPTV\.IGMPProxyEnable"):
        if is_on(observed.snapshot, path) is False:
            claim = Claim(
                cause=Cause.IGMP_OFF,
                confidence=0.92,
                said="The device does not forward what the television subscribes to.",
                evidence=(seen(observed.snapshot, path, "IGMPProxyEnable is false."),),
            )
            yield claim.for_others(
                "the television team",
                "Switch the IGMP proxy of this device on. It is a parameter of the maker's own, "
                "which nothing here may set.",
            )


def voice_not_registered(observed: Observed) -> Iterator[Candidate]:
    """The SIP helper off where it is on; else the operator's side has to look."""
    snapshot = observed.snapshot
    for path in _lines(observed, "Status"):
        if snapshot.get(path) != "Error" or not outside_addresses(observed):
            continue
        status = seen(snapshot, path, "The line is in error, and the internet is there.")
        helped = is_on(snapshot, _HELPER)
        claim = Claim(
            cause=Cause.VOICE_NOT_REGISTERED,
            confidence=0.88 if helped else 0.85,
            said="The telephone is not registered."
            + (" The device rewrites what it says (SIP helper)." if helped else ""),
            evidence=(status, seen(snapshot, _HELPER, "The SIP helper.")) if helped else (status,),
        )
        if helped:
            change = wanted(snapshot, _HELPER, "false")
            yield claim.mended_by([change], "Let the device leave the telephone's words alone.")
        else:
            yield claim.for_others(
                "the telephone team",
                "Line and internet are well and nothing on the device is in the way. Check the "
                "account and the registrar.",
            )


def voice_codec(observed: Observed) -> Iterator[Candidate]:
    """A codec that the other end hardly speaks; the parameter is the maker's own."""
    snapshot = observed.snapshot
    for path in _lines(observed, "Codec"):
        spoken = snapshot.get(path) or ""
        if spoken and not spoken.startswith(_SPOKEN):
            claim = Claim(
                cause=Cause.VOICE_CODEC,
                confidence=0.85,
                said=f"The telephone speaks {spoken}, which the other end hardly does.",
                evidence=(seen(snapshot, path, f"The codec is {spoken}."),),
            )
            yield claim.for_others(
                "the telephone team",
                "Set G.711 first. The parameter is the maker's own, which nothing here may set.",
            )


def wrong_time(observed: Observed) -> Iterator[Candidate]:
    """The clock on, or servers that answer, where the internet is there and the time is not."""
    snapshot = observed.snapshot
    status = snapshot.get("Device.Time.Status")
    if status in (None, "Synchronized", "Unsynchronized") or not outside_addresses(observed):
        return
    off = is_on(snapshot, "Device.Time.Enable") is False
    claim = Claim(
        cause=Cause.WRONG_TIME,
        confidence=0.92,
        said="The device does not set its clock."
        if off
        else "The time servers of the device do not answer.",
        evidence=(seen(snapshot, "Device.Time.Status", f"Status is {status}."),),
    )
    if off:
        change = wanted(snapshot, "Device.Time.Enable", "true")
        yield claim.mended_by([change], "Let the device set its clock.")
    else:
        yield _other_server(observed, claim)


def _other_server(observed: Observed, claim: Claim) -> Candidate:
    snapshot, path = observed.snapshot, "Device.Time.NTPServer1"
    now = snapshot.get(path)
    near = neighbours_value(observed, path)
    known = [each for each in (*observed.deps.time_servers, near) if each and each != now]
    if not known:
        return claim.for_others(
            "the network team", "Say which time servers homes are to use; none is known here."
        )
    return claim.mended_by([wanted(snapshot, path, known[0])], f"Ask {known[0]} for the time.")


def _lines(observed: Observed, leaf: str) -> tuple[str, ...]:
    return paths_like(observed.snapshot, rf"Device\.X_\w+_Voice\.Line\.\d+\.{leaf}")
