"""Lines of copper, cable and air that carry too little, which no setting can mend."""

from collections.abc import Iterator

from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause, Evidence
from brain.planner.candidates import Candidate, Observed, seen
from brain.planner.playbook import Claim
from brain.planner.reading import number, paths_like, rows

_LEAST_MARGIN = 40
"""In tenths of a dB: lines are trained to 6 dB (G.993.2 target), and below 4 dB they err."""
_LEAST_SNR = 330
"""In tenths of a dB: DOCSIS 3.0 PHY asks 33 dB for 256-QAM."""
_LOST = 0.005
"""Share of codewords that could not be corrected."""
_LEAST_RSRP = -110
"""In dBm: the edge of an LTE cell (3GPP TS 36.133 reports down to -140)."""
_DOWN = ("Down", "LowerLayerDown", "NotPresent", "Error", "Dormant")
_UPLINKS = r"Device\.(?:Optical|DSL|DOCSIS|Cellular)\.(?:Interface|Line)\.\d+\.Status"


def dsl_noise(observed: Observed) -> Iterator[Candidate]:
    """Too little margin on a telephone line."""
    snapshot = observed.snapshot
    for row in rows(snapshot, "Device.DSL.Line."):
        path = row + "DownstreamNoiseMargin"
        margin = number(snapshot, path)
        if margin is not None and margin < _LEAST_MARGIN:
            said = f"The line has a noise margin of {margin / 10:.1f} dB; 6 dB is what it needs."
            evidence = _told(snapshot, row, "DownstreamMaxBitRate", "LastChange")
            yield _to_the_field(Cause.DSL_NOISE, said, seen(snapshot, path, said), evidence)


def cable_noise(observed: Observed) -> Iterator[Candidate]:
    """Bad levels on a cable, or codewords that cannot be corrected."""
    snapshot = observed.snapshot
    for row in rows(snapshot, "Device.DOCSIS.DownstreamChannel."):
        quality = row + "SignalQuality."
        snr, power = number(snapshot, quality + "SignalNoise"), number(snapshot, row + "Power")
        lost = _uncorrected(snapshot, quality)
        if snr is not None and (snr < _LEAST_SNR or (lost or 0) > _LOST):
            at = "" if power is None else f" at {power / 10:.1f} dBmV"
            said = f"The cable has a signal to noise of {snr / 10:.1f} dB{at}; 33 dB is needed."
            first = seen(snapshot, quality + "SignalNoise", said)
            more = _told(snapshot, row, "Power", "SignalQuality.ExtUncorrectables")
            yield _to_the_field(Cause.CABLE_NOISE, said, first, more)
            return


def weak_cell(observed: Observed) -> Iterator[Candidate]:
    """Hardly any signal of the mobile network."""
    snapshot = observed.snapshot
    for row in rows(snapshot, "Device.Cellular.Interface."):
        path = row + "RSRP"
        level = number(snapshot, path)
        if level is not None and level < _LEAST_RSRP:
            said = f"The mobile network arrives at {level} dBm; below -110 dBm it is too weak."
            claim = Claim(
                cause=Cause.WEAK_CELL,
                confidence=0.92,
                said=said,
                evidence=(seen(snapshot, path, said), *_told(snapshot, row, "RSRQ", "RSSI")),
            )
            yield claim.for_others(
                "the subscriber and the radio network team",
                "Put the device at a window towards the mast, or use an antenna outside; if that "
                "does not help, the cell does not reach this home.",
            )


def line_down(observed: Observed) -> Iterator[Candidate]:
    """The line itself says that it is down, and nobody beside it suffers."""
    snapshot = observed.snapshot
    for path in paths_like(snapshot, _UPLINKS):
        if snapshot.get(path) in _DOWN:
            said = f"{path.split('.')[1]} line: Status is {snapshot.get(path)}."
            yield _to_the_field(Cause.OUTAGE, said, seen(snapshot, path, said), ())


def _to_the_field(
    cause: Cause, said: str, first: Evidence, more: tuple[Evidence, ...]
) -> Candidate:
    claim = Claim(cause=cause, confidence=0.93, said=said, evidence=(first, *more))
    return claim.for_others(
        "the field team", "Check the line, its plugs and splitters; no setting of the device helps."
    )


def _told(snapshot: Snapshot, row: str, *leaves: str) -> tuple[Evidence, ...]:
    return tuple(
        seen(snapshot, row + leaf, f"{leaf.rpartition('.')[2]} is {snapshot.get(row + leaf)}.")
        for leaf in leaves
        if snapshot.get(row + leaf) is not None
    )


def _uncorrected(snapshot: Snapshot, quality: str) -> float | None:
    good = number(snapshot, quality + "ExtUnerroreds")
    bad = number(snapshot, quality + "ExtUncorrectables")
    return bad / (good + bad) if good is not None and bad else None
