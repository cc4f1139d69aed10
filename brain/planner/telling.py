"""Tells the one who asked what the planner is doing, in their words."""

from collections.abc import Callable, Iterator
from typing import Protocol

from brain.domain.canonical import Json
from brain.domain.device import Device
from brain.domain.parameter import Snapshot
from brain.planner.causes.wrong_dns import resolvers
from brain.planner.deps import Neighbourhood
from brain.planner.events import EventKind, PlannerEvent
from brain.planner.groups import Group
from brain.planner.radios import Radio, heard_networks, radios, was_scanned


class Tell(Protocol):
    """Says one thing; keywords become its payload."""

    def __call__(self, kind: EventKind, text: str, /, **payload: Json) -> None:
        """Send it on at once."""


def teller(write: Callable[[PlannerEvent], None]) -> Tell:
    """A Tell over whatever carries events away."""

    def tell(kind: EventKind, text: str, /, **payload: Json) -> None:
        write(PlannerEvent(kind=kind, text=text, payload=payload))

    return tell


def quoted(sentence: str) -> str:
    """What a language model said, marked as its own words."""
    return f"The model says: \u201c{sentence}\u201d"


def called(device: Device) -> str:
    """What to call a device before a person."""
    return " ".join(filter(None, (device.manufacturer, device.model))) or str(device.id)


def what_was_seen(snapshot: Snapshot, groups: set[Group]) -> Iterator[str]:
    """Sentences on what a reading brought; without anybody's names."""
    if Group.RADIOS in groups:
        yield from (_radio(radio, snapshot) for radio in radios(snapshot))
    if Group.NEIGHBOURING_WIFI in groups and not was_scanned(snapshot):
        yield "The device has not looked at the networks around it."
    if Group.OPTICAL in groups:
        yield from _light(snapshot)
    if Group.DNS in groups:
        failing = [each.address for each in resolvers(snapshot) if each.failing]
        if failing:
            yield f"The device says that resolver {', '.join(failing)} does not answer."


def who_else_suffers(neighbourhood: Neighbourhood) -> str:
    """How the neighbours are, in one sentence."""
    known = len(neighbourhood.health)
    suffering = sum(each.suffering for each in neighbourhood.health)
    if not known:
        return "Nothing is known of neighbours on the access network."
    return f"{suffering} of {known} neighbours on the access network have trouble too."


def _radio(radio: Radio, snapshot: Snapshot) -> str:
    if not radio.enabled:
        return f"The {radio.band.words} radio is switched off."
    busy = (
        f", busy {round(radio.utilisation * 100 / 255)} % of the time"
        if radio.utilisation is not None
        else ""
    )
    said = f"The {radio.band.words} radio is on channel {radio.channel}{busy}"
    return f"{said}; {_on_its_channel(radio, snapshot)}." if was_scanned(snapshot) else f"{said}."


def _on_its_channel(radio: Radio, snapshot: Snapshot) -> str:
    same = sum(
        each.band is radio.band and each.channel == radio.channel
        for each in heard_networks(snapshot)
    )
    return f"{counted(same, 'foreign network')} on that channel"


def counted(count: int, thing: str) -> str:
    """A number with its thing: one, or several."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _light(snapshot: Snapshot) -> Iterator[str]:
    for path, value in sorted(snapshot.below("Device.Optical.Interface.").items()):
        if path.endswith(".OpticalSignalLevel") and value.lstrip("-").isdecimal():
            yield f"The optical signal is {int(value) / 1000:.1f} dBm."
