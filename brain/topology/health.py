"""Tells a device that suffers from one that is well, and both from one of which nobody knows.

Only what points at the line counts: a slow radio is the home's own. Unknown is None and is counted
neither as sick nor as well; a device that has been gone for weeks is not sick, it was unplugged.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from brain.domain.device import Device
from brain.domain.history import Event
from brain.domain.identity import DeviceId
from brain.domain.parameter import Snapshot
from brain.domain.topology import NeighbourHealth
from brain.topology.neighbourhood import Graph, siblings
from brain.topology.reads import Reads

_OPTICAL = re.compile(r"(Device\.Optical\.Interface\.\d+)\.OpticalSignalLevel")
_XPON = re.compile(r"Device\.XPON\.ONU\.\d+\.ANI\.\d+\.Transceiver\.\d+\.RxPower")
_LINE = re.compile(
    r"(Device\.(?:Optical\.Interface|DSL\.Line|PPP\.Interface|Cellular\.Interface"
    r"|Ethernet\.Interface)\.\d+)\.Status"
)
_DOWN: Final = frozenset({"Down", "LowerLayerDown", "Error", "Dormant", "NotPresent"})
_LIGHT: Final = ("Device.Optical.", "Device.XPON.")
_LINES: Final = (*_LIGHT, "Device.DSL.", "Device.PPP.", "Device.Cellular.")
_READ: Final = (_LIGHT, _LINES, (*_LINES, "Device.Ethernet."))
"""The objects below which a line may be, read further where those before do not tell. Ethernet is
last: of its many ports one at most is the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where health ends."""

    weakest: int = -27_000
    """In thousandths of a dBm. ITU-T G.984.2 class B+ receivers are specified down to -27 dBm."""
    plausible: tuple[int, int] = (-50_000, 10_000)
    """A receiver that says anything outside of it says *not measured*."""
    drops: int = 4
    """So many losses of the line within a day are too many."""
    within: timedelta = timedelta(hours=24)
    """How far back drops count, and how old what a device said of its line may be."""
    missed: int = 3
    """So many periodic Informs in a row that did not come are silence."""
    shortest: timedelta = timedelta(hours=1)
    """Silence is never shorter: a box may be moved to another socket."""
    quiet: timedelta = timedelta(hours=26)
    """What is silence for a device whose interval nobody knows."""
    gone: timedelta = timedelta(days=14)
    """After so long a device was taken out of use, or sits in a drawer: nobody knows."""


USUAL: Final = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a device is, and why it is said to suffer."""

    suffering: bool
    reason: str = ""


async def neighbours_health(
    tx: Reads, graph: Graph, *, now: datetime, limits: Limits = USUAL
) -> tuple[NeighbourHealth, ...]:
    """How the siblings in a neighbourhood are, without those of which nobody knows.

    Four questions to the store at most, however many they are.
    """
    around = siblings(graph)
    health = await _health(tx, [device for device, _ in around], now, limits)
    found = []
    for device, way in around:
        how = health[device.id]
        if how is not None and way:
            found.append(
                NeighbourHealth(
                    device=device.id,
                    node=way[0],
                    above=way[1:],
                    suffering=how.suffering,
                    reason=how.reason,
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one device said that bears on its line."""

    line: Snapshot | None = None
    """Of its uplinks alone: ``taken_at`` is when it last spoke of them, and not of other things."""
    changes: Sequence[Event] = ()
    """Of kind VALUE_CHANGE."""


async def _health(
    tx: Reads, devices: Sequence[Device], now: datetime, limits: Limits
) -> Mapping[DeviceId, Condition | None]:
    if not devices:
        return {}
    tenant, ids = devices[0].tenant, [device.id for device in devices]
    lost: dict[DeviceId, list[Event]] = {}
    for event in await tx.events.became(tenant, ids, _DOWN, since=now - limits.within):
        lost.setdefault(event.device, []).append(event)

    health: dict[DeviceId, Condition | None] = {}
    unclear = devices
    for below in _READ:
        lines = await tx.snapshots.latest_of(tenant, [each.id for each in unclear], below=below)
        for device in unclear:
            said = Said(line=lines.get(device.id), changes=lost.get(device.id, ()))
            health[device.id] = condition(device, said, now, limits)
        unclear = [
            each
            for each in unclear
            if health[each.id] is None or not _all_below(lost.get(each.id, ()), below)
        ]
        if not unclear:
            break
    return health


def _all_below(events: Sequence[Event], objects: tuple[str, ...]) -> bool:
    """Whether what was read says of each whether it is of the line."""
    return all(event.path.startswith(objects) for event in events)


def condition(
    device: Device, said: Said, now: datetime, limits: Limits = USUAL
) -> Condition | None:
    """How one device is, or None when that cannot be told."""
    if device.last_seen is None or now - device.last_seen > limits.gone:
        return None
    silent = now - device.last_seen
    if silent > _patience(device.inform_every, limits):
        return Condition(suffering=True, reason=f"not heard from for {_hours(silent)}")
    recent = [event for event in said.changes if now - event.at <= limits.within]
    drops = sum(_is_drop(event, said.line) for event in recent)
    if drops >= limits.drops:
        reason = f"lost its line {drops} times in {_hours(limits.within)}"
        return Condition(suffering=True, reason=reason)
    if said.line is None or now - said.line.taken_at > limits.within:
        return None
    return _of_line(said.line, limits)


def _of_line(snapshot: Snapshot, limits: Limits) -> Condition | None:
    levels = list(_levels(snapshot, limits))
    if levels and min(levels) < limits.weakest:
        weak, limit = min(levels) / 1000, limits.weakest / 1000
        reason = f"receives {weak:.1f} dBm of light, below {limit:.1f} dBm"
        return Condition(suffering=True, reason=reason)
    return Condition(suffering=False) if levels or _line_is_up(snapshot) else None


def _patience(every: int | None, limits: Limits) -> timedelta:
    """``every`` is in seconds; 0 and None where the device is not known to call by itself."""
    return max(limits.shortest, limits.missed * timedelta(seconds=every)) if every else limits.quiet


def _levels(snapshot: Snapshot, limits: Limits) -> Iterator[int]:
    """The light that arrives, in thousandths of a dBm."""
    lowest, highest = limits.plausible
    for path, value in snapshot.values.items():
        if not path.endswith(("SignalLevel", "RxPower")):
            continue  # a device says many hundreds of others
        optical = _OPTICAL.fullmatch(path)
        if optical and _faces_up(snapshot, optical[1], unless_said=True):
            level = _number(value)  # TR-181 Dbm1000
        elif _XPON.fullmatch(path):
            level = _number(value, times=100)  # tenths of a dBm
        else:
            continue
        if level is not None and lowest <= level <= highest:
            yield level


def _line_is_up(snapshot: Snapshot) -> bool:
    for path, value in snapshot.values.items():
        line = value == "Up" and _LINE.fullmatch(path)
        if line and _is_line(line[1], snapshot):
            return True
    return False


def _is_drop(event: Event, snapshot: Snapshot | None) -> bool:
    line = _LINE.fullmatch(event.path)
    return bool(line and event.value in _DOWN and _is_line(line[1], snapshot))


def _is_line(interface: str, snapshot: Snapshot | None) -> bool:
    """Whether an interface faces the access network; an Ethernet port must say so itself."""
    copper = interface.startswith("Device.Ethernet.")
    return _faces_up(snapshot, interface, unless_said=not copper)


def _faces_up(snapshot: Snapshot | None, interface: str, *, unless_said: bool) -> bool:
    said = snapshot.get(f"{interface}.Upstream") if snapshot else None
    return unless_said if said is None else said == "true"


def _number(text: str, *, times: int = 1) -> int | None:
    try:
        return int(text) * times
    except ValueError:
        return None


def _hours(time: timedelta) -> str:
    return f"{time // timedelta(hours=1)} h"
