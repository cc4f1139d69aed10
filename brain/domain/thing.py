"""What else speaks in a home, through its gateway: sensors, lamps, bridges. Only ever looked at."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from brain.domain.identity import DeviceId, TenantId

MOST_THINGS: Final = 200
"""Of one home."""
LONGEST_NAME: Final = 64
_FORGOTTEN: Final = timedelta(days=30)


class ThingKind(StrEnum):
    """What it is in its own network."""

    BRIDGE = "bridge"
    """It speaks for others, such as Zigbee2MQTT."""
    COORDINATOR = "coordinator"
    ROUTER = "router"
    END_DEVICE = "end_device"
    OTHER = "other"
    """It publishes, and nobody said what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One of them. All of it is what the home says: untrusted, and names are personal."""

    name: str = field(repr=False)
    kind: ThingKind
    bridge: str = field(default="", repr=False)
    """The bridge that speaks for it; empty: it speaks for itself."""
    maker: str = ""
    model: str = ""
    heard_at: datetime | None = None
    """When it last published; None: only its bridge told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """The things of one gateway."""

    tenant: TenantId
    device: DeviceId
    things: tuple[Thing, ...] = ()

    def told(self, bridge: str, listed: Collection[Thing], now: datetime) -> "Household":
        """A bridge lists what it speaks for: what it left out is gone."""
        heard = {each.name: each.heard_at for each in self.things if each.bridge == bridge}
        kept = [each for each in self.things if bridge not in (each.bridge, each.name)]
        own = Thing(name=bridge, kind=ThingKind.BRIDGE, heard_at=now)
        theirs = [replace(each, heard_at=heard.get(each.name)) for each in listed]
        return self._of([own, *theirs, *kept], now)

    def heard(self, published: Mapping[str, datetime], now: datetime) -> "Household":
        """Something was published below these names, each ``NAME`` or ``BRIDGE/NAME``."""
        bridges = {each.name for each in self.things if each.kind is ThingKind.BRIDGE}
        known = [_heard(each, published) for each in self.things]
        named = {each.name for each in known if not each.bridge}
        alone = {path.partition("/")[0]: at for path, at in sorted(published.items())}
        new = [
            Thing(name=name, kind=ThingKind.OTHER, heard_at=at)
            for name, at in alone.items()
            if name not in named | bridges
        ]
        return self._of([*known, *new], now)

    def _of(self, things: Iterable[Thing], now: datetime) -> "Household":
        """So many at most; those that nobody lists and nobody heard for long are forgotten."""
        fresh = [each for each in things if each.bridge or _is_fresh(each, now)]
        return replace(self, things=tuple(fresh[:MOST_THINGS]))


def _heard(thing: Thing, published: Mapping[str, datetime]) -> Thing:
    path = f"{thing.bridge}/{thing.name}" if thing.bridge else thing.name
    times: Sequence[datetime] = [
        at for name, at in published.items() if name == path or name.startswith(f"{path}/")
    ]
    return replace(thing, heard_at=max(times)) if times else thing


def _is_fresh(thing: Thing, now: datetime) -> bool:
    return thing.heard_at is not None and thing.heard_at > now - _FORGOTTEN
