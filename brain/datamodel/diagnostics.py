"""The diagnostics a device can be told to run: their inputs, and what they found, as types.

TR-369 has each as a command, such as ``Device.IP.Diagnostics.IPPing()``. To a device on TR-069 it
is a write of the inputs and ``DiagnosticsState`` = ``Requested`` into the object of that name, of
which the results are read later (TR-181 Device.IP.Diagnostics). A plan has the command for both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from brain.datamodel.found import (
    Download,
    Echoes,
    Found,
    Rows,
    Upload,
    looked_up,
    neighbours,
    route,
    transferred,
)
from brain.domain.change import Command, Plan
from brain.domain.parameter import ParameterPath, Snapshot, Value, whole_number

REQUESTED: Final = "Requested"
_ENDS: Final = ("Complete", "Completed")
"""The second is that of old TR-098 devices."""


class Kind(StrEnum):
    """What can be run; the value is what people call it."""

    PING = "ping"
    TRACE_ROUTE = "trace-route"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    UDP_ECHO = "udp-echo"
    DNS_LOOKUP = "dns-lookup"
    WIFI_NEIGHBOURS = "wifi-neighbours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One of them."""

    kind: Kind
    command: ParameterPath
    needs: tuple[str, ...] = ()
    """Inputs without which it cannot be run."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """All others that are set, and to what, where nobody says otherwise."""
    read: Callable[[Rows], Found]

    @property
    def at(self) -> ParameterPath:
        """The object that it is written to and read from, with its dot."""
        return ParameterPath(self.command.removesuffix("()") + ".")

    @property
    def state(self) -> ParameterPath:
        """Its DiagnosticsState."""
        return ParameterPath(f"{self.at}DiagnosticsState")


class Ended(StrEnum):
    """How far a diagnostic is."""

    COMPLETE = "complete"
    ERROR = "error"
    RUNNING = "running"
    UNKNOWN = "unknown"
    """The device does not say, or says that nothing was asked of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What a device says of a diagnostic: how far it is, and what it found so far."""

    kind: Kind
    ended: Ended
    error: str = ""
    """The device's own name of what went wrong, such as ``Error_CannotResolveHostName``."""
    found: Found
    at: datetime

    @property
    def over(self) -> bool:
        """Whether there is nothing more to come."""
        return self.ended in (Ended.COMPLETE, Ended.ERROR)

    def __str__(self) -> str:
        """A sentence that names nobody's network, host or address."""
        if self.ended is Ended.ERROR:
            return f"{self.kind} ended with {self.error}"
        said = f"{self.kind} {self.ended}"
        return f"{said}: {self.found}" if str(self.found) else said


def diagnosis(of: Diagnostic, snapshot: Snapshot) -> Diagnosis:
    """What this snapshot says of it."""
    state = snapshot.get(of.state) or ""
    ended, error = Ended.UNKNOWN, ""
    if state in _ENDS:
        ended = Ended.COMPLETE
    elif state.startswith("Error"):
        # The names are the standard's; what a vendor adds may be any text.
        ended, error = Ended.ERROR, state if state.isascii() and len(state) < 64 else "Error"
    elif state == REQUESTED:
        ended = Ended.RUNNING
    below = snapshot.below(of.at)
    rows = {path.removeprefix(of.at): value for path, value in below.items()}
    return Diagnosis(
        kind=of.kind, ended=ended, error=error, found=of.read(rows), at=snapshot.taken_at
    )


def diagnostic_of(plan: Plan) -> Diagnostic | None:
    """The diagnostic that a plan runs; None for every other plan."""
    change = plan.changes[0]
    return BY_COMMAND.get(change.path) if isinstance(change, Command) else None


def written_by(plan: Plan) -> dict[ParameterPath, Value]:
    """What a device on TR-069 is written to run the plan's diagnostic; empty for other plans.

    All of it goes in one request (TR-181 DiagnosticsState), the state last.
    """
    of, change = diagnostic_of(plan), plan.changes[0]
    if of is None or not isinstance(change, Command):
        return {}
    inputs = {ParameterPath(f"{of.at}{name}"): value for name, value in change.arguments}
    return inputs | {of.state: REQUESTED}


def command_for(of: Diagnostic, given: Mapping[str, str], snapshot: Snapshot) -> Command:
    """The command with these inputs, and with ours for those that the device has besides."""
    ours = {
        name: value
        for name, value in of.inputs.items()
        if any(f"{of.at}{name}" in said for said in (snapshot.values, snapshot.writable))
    }
    return Command(path=of.command, arguments=tuple((ours | dict(given)).items()))


def _echoes(rows: Rows) -> Echoes:
    return Echoes(
        answered=whole_number(rows.get("SuccessCount")),
        lost=whole_number(rows.get("FailureCount")),
        average_ms=whole_number(rows.get("AverageResponseTime")),
        shortest_ms=whole_number(rows.get("MinimumResponseTime")),
        longest_ms=whole_number(rows.get("MaximumResponseTime")),
    )


_ALL: Final = (
    Diagnostic(
        kind=Kind.PING,
        command=ParameterPath("Device.IP.Diagnostics.IPPing()"),
        needs=("Host",),
        inputs={"NumberOfRepetitions": "4", "Timeout": "2000", "DataBlockSize": "56"},
        read=_echoes,
    ),
    Diagnostic(
        kind=Kind.TRACE_ROUTE,
        command=ParameterPath("Device.IP.Diagnostics.TraceRoute()"),
        needs=("Host",),
        inputs={"NumberOfTries": "3", "Timeout": "2000", "MaxHopCount": "30"},
        read=route,
    ),
    Diagnostic(
        kind=Kind.DOWNLOAD,
        command=ParameterPath("Device.IP.Diagnostics.DownloadDiagnostics()"),
        needs=("DownloadURL",),
        read=lambda rows: transferred(Download, rows, "TestBytesReceived"),
    ),
    Diagnostic(
        kind=Kind.UPLOAD,
        command=ParameterPath("Device.IP.Diagnostics.UploadDiagnostics()"),
        needs=("UploadURL",),
        inputs={"TestFileLength": "10000000"},
        read=lambda rows: transferred(Upload, rows, "TestFileLength"),
    ),
    Diagnostic(
        kind=Kind.UDP_ECHO,
        command=ParameterPath("Device.IP.Diagnostics.UDPEchoDiagnostics()"),
        needs=("Host", "Port"),
        inputs={"NumberOfRepetitions": "4", "Timeout": "2000", "DataBlockSize": "56"},
        read=_echoes,
    ),
    Diagnostic(
        kind=Kind.DNS_LOOKUP,
        command=ParameterPath("Device.DNS.Diagnostics.NSLookupDiagnostics()"),
        needs=("HostName",),
        inputs={"NumberOfRepetitions": "1", "Timeout": "2000"},
        read=looked_up,
    ),
    Diagnostic(
        kind=Kind.WIFI_NEIGHBOURS,
        command=ParameterPath("Device.WiFi.NeighboringWiFiDiagnostic()"),
        read=neighbours,
    ),
)
DIAGNOSTICS: Final[Mapping[Kind, Diagnostic]] = MappingProxyType({each.kind: each for each in _ALL})
BY_COMMAND: Final[Mapping[str, Diagnostic]] = MappingProxyType(
    {each.command: each for each in _ALL}
)

MOST: Final[Mapping[str, int]] = MappingProxyType(
    {
        "NumberOfRepetitions": 100,
        "NumberOfTries": 3,
        "Timeout": 30_000,
        "MaxHopCount": 64,
        "DataBlockSize": 9_000,
        "TestFileLength": 1_000_000_000,
        "TimeBasedTestDuration": 60,
        "NumberOfConnections": 8,
    }
)
"""Larger inputs are refused: a diagnostic looks at a line, and does not occupy it."""
