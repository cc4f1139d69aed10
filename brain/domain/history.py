"""What a device was and did, and how past changes turned out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite
from typing import NamedTuple

from brain.domain.fared import EffectSize, wilson
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Value


class EventKind(StrEnum):
    """What kind of thing happened to a device."""

    INFORM = "inform"
    """A session that is news: the device came after a silence, or for a reason of its own."""
    BOOT = "boot"
    BOOTSTRAP = "bootstrap"
    VALUE_CHANGE = "value_change"
    """A parameter says another thing than when it was last heard, or a row came or went."""
    TRANSFER_COMPLETE = "transfer_complete"
    DIAGNOSTICS = "diagnostics"
    FIRMWARE = "firmware"
    FAULT = "fault"
    CHANGE_APPLIED = "change_applied"
    CHANGE_ROLLED_BACK = "change_rolled_back"
    CHANGE_FAILED = "change_failed"
    CHANGE_UNKNOWN = "change_unknown"


class By(StrEnum):
    """Who changed a parameter, as far as it can be told."""

    US = "us"
    """The ledger wrote it."""
    CONTROLLER = "controller"
    """Another controller left its ParameterKey since."""
    SUBSCRIBER = "subscriber"
    """Somebody at the box: no controller wrote since."""
    RESET = "reset"
    """The device forgot its settings, or came with others from another controller."""
    DEVICE = "device"
    """The device itself: nobody can set it."""
    UNKNOWN = "unknown"


class Trait(StrEnum):
    """What a change of a parameter's value is worth to the timeline."""

    SETTING = "setting"
    STATE = "state"
    """What the device alone sets."""
    MEASURE = "measure"
    """A number that the device alone sets: one to plot."""
    HIDDEN = "hidden"
    """A secret, or a vendor's own that may be one: that it changed is kept, and no value."""
    PASSING = "passing"
    """It changes with every second and tells nothing, or every Inform brings it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a device's timeline. ``detail`` holds no secret and no subscriber's data."""

    tenant: TenantId
    device: DeviceId
    kind: EventKind
    at: datetime
    path: str = ""
    value: str = ""
    detail: str = ""
    by: By | None = None
    """None where nobody did it: a boot, a fault."""
    firmware: str = ""
    """What the device ran then; empty where it was not noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which entries are wanted."""

    since: datetime | None = None
    until: datetime | None = None
    """Before then."""
    kinds: frozenset[EventKind] | None = None
    path: str = ""
    """One parameter, or all below an object when it ends in a dot. Of what the ledger did, it is
    looked for among the newest ``10 * limit`` changes."""
    limit: int = 200

    def has(self, event: Event) -> bool:
        """Whether an entry is one of them."""
        below = self.path.endswith(".") and event.path.startswith(self.path)
        return (
            (self.since is None or event.at >= self.since)
            and (self.until is None or event.at < self.until)
            and (self.kinds is None or event.kind in self.kinds)
            and (not self.path or below or event.path == self.path)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A parameter that says another thing than before, or a thing for the first time."""

    path: ParameterPath
    before: Value | None
    """None where it was never said."""
    after: Value | None
    """None where the row that it was in is gone."""
    since: datetime | None
    """When it was last heard to be ``before``, or not to be there: it changed later than that.

    None where nobody looked before.
    """
    writable: bool | None = None
    """As the device says; None where it never did."""


class Point(NamedTuple):
    """What a measure was from ``at`` on, to the second."""

    at: datetime
    value: Value
    """A number, as the device said it."""


Measured = Mapping[ParameterPath, Sequence[Point]]
"""Points by path, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What one parameter was over time, oldest first; between two points it was as before."""

    path: ParameterPath
    points: Sequence[Point]


def numbers_in(values: Iterable[Value]) -> list[float] | None:
    """The values as numbers, or None where one of them is none."""
    try:
        found = [float(each) for each in values]
    except ValueError:
        return None
    return found if all(map(isfinite, found)) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The same thing on several devices of one make, model and firmware."""

    what: str
    """The code of a fault, the path of a parameter as a template, or empty."""
    by: By | None
    manufacturer: str
    model: str
    firmware: str
    devices: int
    times: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """How often the same kind of change held on the same model and firmware."""

    tried: int
    succeeded: int
    effect: EffectSize | None = None
    """By how much it helped; None where nothing was promised that can be measured."""

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson score interval of the share that held, at 95 %."""
        return wilson(self.succeeded, self.tried)

    @property
    def lower_bound(self) -> float:
        """Its lower end; 0 when it was never tried."""
        return self.interval[0]
