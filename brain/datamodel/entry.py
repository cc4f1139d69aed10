"""What the data model says of one path: the types that the catalogue hands out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from brain.domain.parameter import ParameterType


class Kind(StrEnum):
    """What a path names (TR-106 section 3.1, TR-369 for commands and events)."""

    OBJECT = "object"
    PARAMETER = "parameter"
    COMMAND = "command"
    EVENT = "event"


class Access(StrEnum):
    """Who may write. For an object: whether rows may be added and deleted."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    WRITE_ONCE = "writeOnceReadOnly"
    """Only when the row is created."""


class Range(NamedTuple):
    """Legal integers, both ends included; None is open. ``step`` counts from ``low``."""

    low: int | None
    high: int | None
    step: int = 1

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int):
            return False
        above = self.low is None or value >= self.low
        below = self.high is None or value <= self.high
        return above and below and (value - (self.low or 0)) % self.step == 0


class Size(NamedTuple):
    """Legal lengths or counts, both ends included; None is open."""

    low: int | None
    high: int | None

    def holds(self, length: int) -> bool:
        """Whether this length is legal."""
        return (self.low or 0) <= length and (self.high is None or length <= self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumerationReference:
    """The legal values are the items of another parameter, read from the device itself."""

    parameter: str
    """A path template; inside a command, the name of another argument."""
    null: str | None = None
    """A value that is legal besides the items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathReference:
    """The value names another object or parameter (TR-106 section 3.2.4, pathRef)."""

    kind: str
    """``row``, ``parameter`` or ``any``."""
    targets: tuple[str, ...] = ()
    """The tables it may point into; none means any."""
    weak: bool = False
    """It may outlive what it names."""


ANY_SIZE = Size(None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacets:
    """The value is a comma-separated list (TR-106 section 3.2.3)."""

    items: Size = ANY_SIZE
    """How many items."""
    lengths: tuple[Size, ...] = ()
    """How many characters, all in all."""
    inner: "ListFacets | None" = None
    """The items are lists themselves, each in brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """The type of a parameter or argument and everything that narrows it.

    In a list all but ``list`` is about one item. Of several ranges, sizes or patterns one must
    hold.
    """

    type: ParameterType
    named: str = ""
    """The named data type of TR-106, such as ``MACAddress``."""
    list: ListFacets | None = None
    enumeration: tuple[str, ...] = ()
    device_only: frozenset[str] = frozenset()
    """Values of the enumeration that only the device may set."""
    enumeration_reference: EnumerationReference | None = None
    path_reference: PathReference | None = None
    ranges: tuple[Range, ...] = ()
    sizes: tuple[Size, ...] = ()
    """In characters; for hexBinary and base64 in octets."""
    patterns: tuple[str, ...] = ()
    """XML Schema regular expressions, anchored at both ends."""
    units: str = ""
    default: str | None = None
    secret: bool = False
    """Marked hidden or secured: it reads back empty."""
    command_like: bool = False
    """A write triggers an action, and it reads back false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument of a command or event. One inside an object is named ``Object.{i}.Name``."""

    name: str
    syntax: Syntax
    mandatory: bool = False
    since: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the catalogue. What the model does not say is empty or None."""

    path: str
    """The path template: ``Device.WiFi.Radio.{i}.Channel``."""
    kind: Kind
    access: Access
    since: str = ""
    """The version of the data model that brought it."""
    status: str = ""
    """Empty while current, else deprecated, obsoleted or deleted, itself or from above."""
    syntax: Syntax | None = None
    secret: bool = False
    """Hidden, secured, or named like a credential."""
    active_notify: str = ""
    forced_inform: bool = False
    """Part of every Inform (TR-069 section 3.7.1.5)."""
    entries: Size | None = None
    """How many rows a table may have."""
    optional: bool = False
    fixed: bool = False
    """A table that the device fills with a number of rows that never changes."""
    entries_parameter: str = ""
    enable_parameter: str = ""
    unique_keys: tuple[tuple[str, ...], ...] = ()
    functional_keys: tuple[tuple[str, ...], ...] = ()
    """The unique keys that mean something; the others only name the row."""
    asynchronous: bool = False
    arguments: tuple[Argument, ...] = ()
    """What a command takes, or an event brings."""
    results: tuple[Argument, ...] = ()
    """What a command answers."""

    @property
    def writable(self) -> bool:
        """Whether the data model lets a controller set it, or add and delete rows of it."""
        return self.access is Access.READ_WRITE

    @property
    def type(self) -> ParameterType | None:
        """The base type; None for what has no value."""
        return self.syntax.type if self.syntax else None

    @property
    def is_list(self) -> bool:
        """Whether the value is a comma-separated list."""
        return self.syntax is not None and self.syntax.list is not None

    @property
    def enumeration(self) -> tuple[str, ...]:
        """The legal values, in the order of the standard; empty when not enumerated."""
        return self.syntax.enumeration if self.syntax else ()

    @property
    def enumeration_ref(self) -> str:
        """The template of the parameter that lists the legal values, or empty."""
        reference = self.syntax.enumeration_reference if self.syntax else None
        return reference.parameter if reference else ""

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The legal ranges of a number."""
        return self.syntax.ranges if self.syntax else ()

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The legal lengths of a string (characters) or binary (octets)."""
        return self.syntax.sizes if self.syntax else ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """The XML Schema patterns, one of which must match."""
        return self.syntax.patterns if self.syntax else ()

    @property
    def units(self) -> str:
        """The unit of measure, as the standard writes it."""
        return self.syntax.units if self.syntax else ""

    @property
    def default(self) -> str | None:
        """The default value, None when the standard gives none."""
        return self.syntax.default if self.syntax else None
