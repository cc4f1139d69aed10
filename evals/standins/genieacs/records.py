"""Stands in for what GenieACS keeps in MongoDB: devices, tasks, faults and presets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from brain.domain.canonical import Json
from evals.homes.home import Home

_INTEGERS = frozenset({"int", "unsignedInt", "long", "unsignedLong"})


def genie_id(oui: str, product_class: str, serial: str) -> str:
    """Every byte of a part outside of letters, digits and the underscore is percent-escaped, so a
    dash within a product class is ``%2D``; an empty product class is left out."""
    parts = (oui, product_class, serial) if product_class else (oui, serial)
    return "-".join(_escaped(part) for part in parts)


def _escaped(text: str) -> str:
    return "".join(
        chr(byte) if byte < 128 and (chr(byte).isalnum() or byte == 95) else f"%{byte:02X}"
        for byte in text.encode()
    )


@dataclass(slots=True)
class Node:
    """One parameter or object as it is remembered; what was never read has no value."""

    writable: bool = False
    value: str | None = None
    type: str = ""
    at: datetime | None = None
    is_object: bool = False

    def document(self) -> dict[str, Json]:
        """As the database has it: the value typed by its xsd type."""
        stamp: dict[str, Json] = {"_timestamp": iso(self.at)} if self.at else {}
        if self.is_object:
            return {"_object": True, "_writable": self.writable, **stamp}
        if self.value is None:
            return {"_object": False, "_writable": self.writable, **stamp}
        said: dict[str, Json] = {
            "_value": typed(self.value, self.type),
            "_type": f"xsd:{self.type}",
        }
        return {"_object": False, "_writable": self.writable, **said, **stamp}


@dataclass(slots=True)
class Known:
    """One device: the home behind it, and what is remembered of it."""

    home: Home
    registered: datetime
    nodes: dict[str, Node] = field(default_factory=dict)
    last_inform: datetime | None = None
    last_boot: datetime | None = None
    last_bootstrap: datetime | None = None
    tags: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """How it is called here."""
        said = self.home.identity
        return genie_id(said.oui, said.product_class, said.serial)

    def document(self) -> dict[str, Json]:
        """The whole document."""
        said = self.home.identity
        top: dict[str, Json] = {
            "_id": self.id,
            "_registered": iso(self.registered),
            "_tags": [*sorted(self.tags)],
            "_deviceId": {
                "_Manufacturer": said.manufacturer,
                "_OUI": said.oui,
                "_ProductClass": said.product_class,
                "_SerialNumber": said.serial,
            },
        }
        for name, at in (
            ("_lastInform", self.last_inform),
            ("_lastBoot", self.last_boot),
            ("_lastBootstrap", self.last_bootstrap),
        ):
            if at is not None:
                top[name] = iso(at)
        for path, node in self.nodes.items():
            _plant(top, path.rstrip(".").split("."), node.document())
        return top

    def below(self, path: str) -> Iterator[str]:
        """The remembered paths at or below this one, however it ends."""
        exact = path.rstrip(".")
        return (p for p in self.nodes if p.rstrip(".") == exact or p.startswith(exact + "."))


def _plant(top: dict[str, Json], names: list[str], said: Mapping[str, Json]) -> None:
    place = top
    for name in names:
        below = place.setdefault(name, {})
        assert isinstance(below, dict)
        place = below
    place.update(said)


def iso(at: datetime) -> str:
    """As JavaScript writes a date."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def typed(text: str, kind: str) -> Json:
    """A number or a truth where the type says so, and the text itself where it is none."""
    if kind == "boolean":
        return text.strip().lower() in ("true", "1")
    try:
        return int(text) if kind in _INTEGERS else text
    except ValueError:
        return text


@dataclass(slots=True, kw_only=True)
class Task:
    """One piece of work for a device. It waits until the device calls, however late that is."""

    id: str
    device: str
    what: dict[str, Json]
    at: datetime
    expires: datetime | None = None

    def document(self) -> dict[str, Json]:
        """As the database has it."""
        return {**self.what, "_id": self.id, "device": self.device, "timestamp": iso(self.at)}


@dataclass(slots=True, kw_only=True)
class Fault:
    """What went wrong on one channel of a device; it blocks that channel until it is taken away."""

    device: str
    channel: str
    code: str
    at: datetime
    detail: dict[str, Json] = field(default_factory=dict)

    def document(self) -> dict[str, Json]:
        """As the database has it. The message is what the device wrote."""
        return {
            "_id": f"{self.device}:{self.channel}",
            "device": self.device,
            "channel": self.channel,
            "timestamp": iso(self.at),
            "retries": 0,
            "code": self.code,
            "message": str(self.detail.get("faultString", "")),
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What is to hold on every device; a later one wins over an earlier one."""

    name: str
    weight: int
    values: Mapping[str, str]
    events: tuple[str, ...] = ()
    script: bool = False
    """It is a provision script's doing, so nobody reads in the preset what it sets."""

    def document(self) -> dict[str, Json]:
        """As the database has it."""
        values: list[Json] = [
            {"type": "value", "name": path, "value": value} for path, value in self.values.items()
        ]
        return {
            "_id": self.name,
            "weight": self.weight,
            "channel": "default",
            "events": dict.fromkeys(self.events, True),
            "precondition": "",
            "configurations": [{"type": "provision", "name": "site"}] if self.script else values,
        }
