"""Devices, what they said, and what happened to them."""

from datetime import datetime

from pydantic import AwareDatetime, Field

from api.masking import Mask
from api.shapes.base import Shape
from brain.domain.device import ControllerName, DataModelRoot, Protocol
from brain.domain.history import By, Event, EventKind
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.reachability import Reachability, Way
from brain.domain.thing import ThingKind


class DeviceShape(Shape):
    """A device in a subscriber's home."""

    id: str = Field(examples=["00D09E-HomeGate-SN0001"])
    manufacturer: str = Field("", examples=["Acme"])
    model: str = Field("", examples=["HomeGate 3"])
    serial: str = Field(examples=["SN0001"])
    oui: str = Field(examples=["00D09E"])
    product_class: str = ""
    firmware: str = Field("", examples=["2.4.1"])
    hardware: str = ""
    root: DataModelRoot = Field(description="The root of the device's own data model.")
    data_model_version: str = ""
    protocol: Protocol
    controller: ControllerName = Field(description="Who acts on it.")
    country: str = Field("", description="ISO 3166-1 alpha-2; empty when nobody said.")
    site: str | None = None
    subscriber: str | None = Field(None, description="The id; names stay in the subscriber record.")
    access_node: str | None = None
    last_seen: datetime | None = Field(None, description="Absent: never heard from.")
    usp_role: str | None = Field(
        None,
        description="What its USP agent lets this controller do, as it says. Told of one device, "
        "not in lists; absent: it never said.",
        examples=["Full Access"],
    )


class ThingShape(Shape):
    """Something else that speaks in the home, through the gateway's part of the broker."""

    name: str = Field(examples=["hall lamp"])
    kind: ThingKind
    bridge: str = Field("", description="What speaks for it; empty: it speaks for itself.")
    maker: str = ""
    model: str = ""
    heard_at: datetime | None = Field(None, description="Absent: only its bridge told of it.")


class WayShape(Shape):
    """One way to ask a device to call in, and what came of it so far."""

    way: Way
    worked_at: datetime | None = Field(None, description="Absent: it never worked.")
    failed_at: datetime | None = Field(None, description="Absent: it never failed.")
    failures: int = Field(0, description="In a row, since it last worked.")
    reason: str = Field("", description="Why it last failed; empty: it works.")

    @classmethod
    def of(cls, known: Reachability | None) -> "list[WayShape]":
        """In the order in which they are tried next; empty when none was ever tried."""
        told = known.told() if known else []
        return [
            cls(
                way=way,
                worked_at=tried.worked_at,
                failed_at=tried.failed_at,
                failures=tried.failures,
                reason=tried.reason,
            )
            for way, tried in told
        ]


class ParameterShape(Shape):
    """One parameter as the device last said it."""

    path: str = Field(examples=["Device.WiFi.Radio.1.Channel"])
    value: str | None = Field(description="Absent when masked.", examples=["6"])
    masked: bool = Field(
        False, description="The data model marks it secret, or does not know the parameter."
    )
    writable: bool | None = Field(None, description="As the device says; absent: it did not say.")


class SnapshotShape(Shape):
    """What a device said, by TR-181 names whatever it speaks. An absent path was not said."""

    device: str
    taken_at: datetime
    parameters: list[ParameterShape]
    total: int = Field(description="How many matched, shown or not.")

    @classmethod
    def of(cls, snapshot: Snapshot, mask: Mask, *, below: str, limit: int) -> "SnapshotShape":
        """Those parameters whose paths start with ``below``, masked, in order of path."""
        paths = sorted(path for path in snapshot.values if path.startswith(below))
        return cls(
            device=snapshot.device,
            taken_at=snapshot.taken_at,
            parameters=[_parameter(snapshot, mask, path) for path in paths[:limit]],
            total=len(paths),
        )


class TimelineQuery(Shape):
    """Which entries of a timeline are wanted."""

    since: AwareDatetime | None = Field(None, description="ISO 8601, with its zone.")
    until: AwareDatetime | None = Field(None, description="Before then.")
    kind: list[EventKind] | None = Field(None, description="May be given several times.")
    path: str = Field(
        "", max_length=256, description="One parameter, or all below an object that ends in a dot."
    )
    limit: int = Field(200, ge=1, le=500)


class EventShape(Shape):
    """One entry of a device's timeline."""

    kind: EventKind
    at: datetime
    path: str = ""
    value: str | None = Field("", description="Absent when masked.")
    detail: str = ""
    by: By | None = Field(None, description="Who changed it, as far as it can be told.")
    firmware: str = Field("", description="What the device ran then; empty: not noted.")

    @classmethod
    def of(cls, event: Event, mask: Mask) -> "EventShape":
        """The entry, its value masked by its path."""
        value = mask.value(event.path, event.value) if event.path else event.value
        return cls(
            kind=event.kind,
            at=event.at,
            path=event.path,
            value=value,
            detail=event.detail,
            by=event.by,
            firmware=event.firmware,
        )


def _parameter(snapshot: Snapshot, mask: Mask, path: ParameterPath) -> ParameterShape:
    shown = mask.value(path, snapshot.values[path])
    return ParameterShape(
        path=path, value=shown, masked=shown is None, writable=snapshot.writable.get(path)
    )
