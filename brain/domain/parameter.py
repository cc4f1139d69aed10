"""Parameters of a device, by their TR-181 names.

A value is kept as the text the protocols carry (TR-106 section 3.2 gives each type a lexical form),
in canonical form: ``true``/``false``, decimal integers without leading zeros, ISO 8601 times in
UTC. Text has one equality; Python's ``True == 1 == 1.0`` has three meanings and one answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from brain.domain.identity import DeviceId

ParameterPath = NewType("ParameterPath", str)
"""A concrete path (``Device.WiFi.Radio.1.Channel``), or one of an object when it ends in a dot."""

Value = str


class ParameterType(StrEnum):
    """The base types of TR-106 that a simple parameter may have."""

    STRING = "string"
    INT = "int"
    UNSIGNED_INT = "unsignedInt"
    LONG = "long"
    UNSIGNED_LONG = "unsignedLong"
    BOOLEAN = "boolean"
    DATE_TIME = "dateTime"
    BASE64 = "base64"
    HEX_BINARY = "hexBinary"
    DECIMAL = "decimal"


INTEGERS = frozenset(
    {
        ParameterType.INT,
        ParameterType.UNSIGNED_INT,
        ParameterType.LONG,
        ParameterType.UNSIGNED_LONG,
    }
)


def is_object(path: ParameterPath) -> bool:
    """TR-106 section 3.1: the path of an object ends in a dot, that of a parameter does not."""
    return path.endswith(".")


_MARKS = frozenset("*[]{}+# ")


def is_concrete(path: ParameterPath) -> bool:
    """Whether the path names exactly one thing: no wildcard, search expression or placeholder."""
    return bool(path) and _MARKS.isdisjoint(path)


def template_of(path: str) -> str:
    """The path with every instance number as ``{i}``, as TR-181 writes it: one for all homes."""
    return ".".join(
        "{i}" if part.isascii() and part.isdigit() else part for part in path.split(".")
    )


_MOST_DIGITS = 20
"""Of an unsignedLong (TR-106 section 3.2), and too few to slow or break a conversion."""


def whole_number(value: Value | None) -> int | None:
    """The number from 0 on that a device said, or None when it said none."""
    if value is None or len(value) > _MOST_DIGITS:
        return None
    return int(value) if value.isascii() and value.isdecimal() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a device said, and when it said it. A path that is absent was not said: not empty."""

    device: DeviceId
    taken_at: datetime
    values: Mapping[ParameterPath, Value]
    writable: Mapping[ParameterPath, bool] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, path: str) -> Value | None:
        """The value the device gave for this path, or None when it gave none."""
        return self.values.get(ParameterPath(path))

    def below(self, prefix: str) -> Mapping[ParameterPath, Value]:
        """The values whose paths start with this object path."""
        return {path: value for path, value in self.values.items() if path.startswith(prefix)}
