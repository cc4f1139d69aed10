"""A radio of a box that can neither look around nor say how busy the air is: it chooses itself."""

from collections.abc import Iterator

from brain.domain.device import DataModelRoot
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.playbook import Claim
from brain.planner.radios import Radio
from brain.planner.reading import number, rows, tells

_LOST = 0.001
"""A frame is sent again several times before it is given up: on a calm channel hardly one is."""
_MANY = 100_000
"""Frames from which a share so small says anything."""


def let_it_choose(observed: Observed, radio: Radio) -> Iterator[Candidate]:
    """The automatic choice on, where frames are lost and nobody but the box can ever hear why.

    TR-098 has no words for a scan or for how busy the air is. A box of TR-181 has them: there the
    scan is waited for.
    """
    snapshot, path = observed.snapshot, radio.path("AutoChannelEnable")
    if observed.device.root is not DataModelRoot.INTERNET_GATEWAY_DEVICE:
        return
    if snapshot.get(path) != "false" or _hears(snapshot, radio):
        return
    lost, sent, told = _counted(snapshot, radio)
    if sent < _MANY or lost < _LOST * sent:
        return
    claim = Claim(
        cause=Cause.CONGESTED_CHANNEL,
        confidence=0.55,
        said=f"Frames are lost on channel {radio.channel}, and the device cannot say who else is "
        "on it.",
        evidence=(
            *(seen(snapshot, each, f"{snapshot.get(each)} frames were given up.") for each in told),
            seen(snapshot, path, f"It stays on channel {radio.channel}, as it was told."),
            *guards(snapshot, radio.path("Channel"), radio.path("RegulatoryDomain")),
        ),
        key=f"unheard-{radio.index}",
    )
    does = (
        f"Let the {radio.band.words} radio choose its channel by itself. Whether it helps, only "
        "the people at home can tell."
    )
    yield claim.mended_by([wanted(snapshot, path, "true")], does)


def _hears(snapshot: Snapshot, radio: Radio) -> bool:
    measured = radio.utilisation is not None or radio.retransmissions is not None
    return measured or tells(snapshot, ["Device.WiFi.NeighboringWiFiDiagnostic."])


def _counted(snapshot: Snapshot, radio: Radio) -> tuple[int, int, list[str]]:
    """Frames given up and sent on all networks of the radio, and the paths that tell of them."""
    here = f"Device.WiFi.Radio.{radio.index}"
    below = [
        row + "Stats."
        for row in rows(snapshot, "Device.WiFi.SSID.")
        if (snapshot.get(row + "LowerLayers") or "").rstrip(".") == here
    ]
    lost, sent = (
        sum(number(snapshot, row + leaf) or 0 for row in below)
        for leaf in ("ErrorsSent", "PacketsSent")
    )
    return (
        lost,
        sent,
        [row + "ErrorsSent" for row in below if row + "ErrorsSent" in snapshot.values],
    )
