"""What diagnostics found, read out of what a device says below their object.

What it did not say is None, and never nought: a missing count is no success. Times are in
milliseconds and sizes in bytes. ``str()`` names no network, host or address.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from brain.domain.parameter import Value, whole_number

Rows = Mapping[str, Value]
"""Values by their path below the object of the diagnostic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echoes:
    """Of a ping or a UDP echo."""

    answered: int | None
    lost: int | None
    average_ms: int | None
    shortest_ms: int | None
    longest_ms: int | None

    def __str__(self) -> str:
        if self.answered is None or self.lost is None:
            return ""
        said = f"{self.answered} of {self.answered + self.lost} answered"
        return f"{said}, {self.average_ms} ms on average" if self.answered else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One router on the way; empty where it did not tell its name or address."""

    host: str
    address: str
    times_ms: tuple[int, ...]
    error: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Of a trace route, the nearest hop first."""

    response_ms: int | None
    hops: tuple[Hop, ...]

    def __str__(self) -> str:
        return f"{len(self.hops)} hops" if self.hops else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """Of a test download or upload: how much, in which time, and so how fast."""

    bytes: int | None
    seconds: float | None
    """From the first byte of the file to its last (BOMTime to EOMTime)."""

    @property
    def bits_per_second(self) -> int | None:
        """The speed; None where the device did not say enough."""
        if self.bytes is None or not self.seconds:
            return None
        return round(self.bytes * 8 / self.seconds)

    def __str__(self) -> str:
        speed = self.bits_per_second
        return "" if speed is None else f"{speed / 1e6:.1f} Mbit/s"


class Download(Transferred):
    """To the home."""


class Upload(Transferred):
    """From the home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a name server."""

    status: str
    addresses: tuple[str, ...]
    server: str
    took_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Of a DNS lookup."""

    answered: int | None
    answers: tuple[Answer, ...]

    def __str__(self) -> str:
        return "" if self.answered is None else f"{self.answered} answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One network that the radios hear. Its name is somebody else's."""

    radio: str
    ssid: str
    bssid: str
    channel: int | None
    band: str
    dbm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Of a scan."""

    networks: tuple[Neighbour, ...]

    def __str__(self) -> str:
        return f"{len(self.networks)} networks heard"


Found = Echoes | Route | Download | Upload | Lookup | Neighbours
_T = TypeVar("_T", Download, Upload)


def route(rows: Rows) -> Route:
    """Of a trace route."""
    hops = tuple(
        Hop(
            host=row.get("Host", ""),
            address=row.get("HostAddress", ""),
            times_ms=_numbers(row.get("RTTimes", "")),
            error=whole_number(row.get("ErrorCode")),
        )
        for row in _table(rows, "RouteHops.")
    )
    return Route(response_ms=whole_number(rows.get("ResponseTime")), hops=hops)


def transferred(kind: type[_T], rows: Rows, size: str) -> _T:
    """Of a transfer whose size stands in the parameter ``size``."""
    began, ended = _moment(rows.get("BOMTime", "")), _moment(rows.get("EOMTime", ""))
    alike = began and ended and (began.tzinfo is None) is (ended.tzinfo is None)
    seconds = (ended - began).total_seconds() if began and ended and alike else None
    return kind(
        bytes=whole_number(rows.get(size)),
        seconds=seconds if seconds is not None and seconds > 0 else None,
    )


def looked_up(rows: Rows) -> Lookup:
    """Of a DNS lookup."""
    answers = tuple(
        Answer(
            status=row.get("Status", ""),
            addresses=tuple(each for each in row.get("IPAddresses", "").split(",") if each),
            server=row.get("DNSServerIP", ""),
            took_ms=whole_number(row.get("ResponseTime")),
        )
        for row in _table(rows, "Result.")
    )
    return Lookup(answered=whole_number(rows.get("SuccessCount")), answers=answers)


def neighbours(rows: Rows) -> Neighbours:
    """Of a scan."""
    return Neighbours(
        networks=tuple(
            Neighbour(
                radio=row.get("Radio", ""),
                ssid=row.get("SSID", ""),
                bssid=row.get("BSSID", ""),
                channel=whole_number(row.get("Channel")),
                band=row.get("OperatingFrequencyBand", ""),
                dbm=_signed(row.get("SignalStrength", "")),
            )
            for row in _table(rows, "Result.")
        )
    )


def _table(rows: Rows, table: str) -> Iterator[Rows]:
    """Its rows, by number."""
    found: dict[int, dict[str, Value]] = {}
    for path, value in rows.items():
        number, _, leaf = path.removeprefix(table).partition(".")
        if path.startswith(table) and leaf and number.isascii() and number.isdecimal():
            found.setdefault(int(number), {})[leaf] = value
    return (found[number] for number in sorted(found))


def _numbers(text: str) -> tuple[int, ...]:
    read = (whole_number(each.strip()) for each in text.split(","))
    return tuple(each for each in read if each is not None)


def _signed(text: str) -> int | None:
    size = whole_number(text.removeprefix("-"))
    return size if size is None or not text.startswith("-") else -size


def _moment(text: str) -> datetime | None:
    """A dateTime; None for what is none, and for the unknown time of the year one."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year > 1 else None
