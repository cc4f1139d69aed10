"""What an Inform says that is worth keeping, in our own words.

Devices write what they like into an Inform, and an event's detail is read by people and models: so
events go by the names the standard gives them, and a key is repeated only if it is one of ours.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from brain.domain.device import DataModelRoot, Device
from brain.domain.history import Event, EventKind
from brain.domain.parameter import ParameterPath, Snapshot
from executors.acs import messages as m
from executors.acs import modules, transfers
from executors.acs.faults import meaning

_OURS = re.compile(r"[a-z]{2,6}_[0-9a-z]{26}")
_SUMMARY = re.compile(r"[A-Za-z]+:(\d{1,2}\.\d{1,3})")
_VERSION = re.compile(r"\d{1,2}\.\d{1,3}(\.\d{1,3})?")
_MOST_TEXT = 256

_INTERVAL = ParameterPath("Device.ManagementServer.PeriodicInformInterval")
_NEVER = 10_000_000
_NAMES = {
    "0": ("0 BOOTSTRAP", EventKind.BOOTSTRAP),
    "1": ("1 BOOT", EventKind.BOOT),
    "5": ("5 KICKED", EventKind.INFORM),
    "7": ("7 TRANSFER COMPLETE", EventKind.TRANSFER_COMPLETE),
    "8": ("8 DIAGNOSTICS COMPLETE", EventKind.DIAGNOSTICS),
    "9": ("9 REQUEST DOWNLOAD", EventKind.INFORM),
    "10": ("10 AUTONOMOUS TRANSFER COMPLETE", EventKind.TRANSFER_COMPLETE),
    "11": ("11 DU STATE CHANGE COMPLETE", EventKind.TRANSFER_COMPLETE),
    "12": ("12 AUTONOMOUS DU STATE CHANGE COMPLETE", EventKind.TRANSFER_COMPLETE),
    "m reboot": ("M Reboot", EventKind.BOOT),
    "m scheduleinform": ("M ScheduleInform", EventKind.INFORM),
    "m download": ("M Download", EventKind.TRANSFER_COMPLETE),
    "m scheduledownload": ("M ScheduleDownload", EventKind.TRANSFER_COMPLETE),
    "m upload": ("M Upload", EventKind.TRANSFER_COMPLETE),
    "m changedustate": ("M ChangeDUState", EventKind.TRANSFER_COMPLETE),
}
_ROUTINE = frozenset({"2", "3", "4", "6", "13"})
"""Why a device calls on any day: the timer, or because we woke it. What is news of a VALUE CHANGE
are the values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is in every Inform (TR-069 A.3.3.1, TR-181 forced Inform); empty when it is not."""

    root: DataModelRoot
    firmware: str
    hardware: str
    data_model_version: str
    connection_request_url: str
    parameter_key: str
    """Only when it is one of ours: the change that the device took last."""


def facts_of(inform: m.Inform) -> Facts:
    """Read an Inform, whichever of the two data models it is in."""
    values = {each.name: each.value for each in inform.parameters}
    old = DataModelRoot.INTERNET_GATEWAY_DEVICE
    root = old if any([name.startswith(old) for name in values]) else DataModelRoot.DEVICE

    before = root.value

    def said(name: str) -> str:
        return values.get(before + name, "").strip()[:_MOST_TEXT]

    return Facts(
        root=root,
        firmware=said("DeviceInfo.SoftwareVersion"),
        hardware=said("DeviceInfo.HardwareVersion"),
        data_model_version=_version(said("RootDataModelVersion"), said("DeviceSummary")),
        connection_request_url=values.get(before + "ManagementServer.ConnectionRequestURL", ""),
        parameter_key=_ours(said("ManagementServer.ParameterKey")),
    )


def events_of(inform: m.Inform, *, key: str, device: Device, at: datetime) -> list[Event]:
    """The timeline entries of one Inform, without those of its values; none for a routine one.

    ``key`` is ``Facts.parameter_key``.
    """
    details: dict[EventKind, list[str]] = {}
    for event in inform.events:
        if event.number in _ROUTINE:
            continue
        name, kind = _NAMES.get(event.number, ("another event", EventKind.INFORM))
        command = _ours(event.command_key)
        details.setdefault(kind, []).append(f"{name} {command}" if command else name)
    if not inform.events:
        details[EventKind.INFORM] = ["no event"]
    suffix = f"; parameter key {key}" if key else ""
    return [
        entry(device, kind, at, detail=", ".join(names) + suffix) for kind, names in details.items()
    ]


def entry(
    device: Device, kind: EventKind, at: datetime, *, value: str = "", detail: str = ""
) -> Event:
    """An entry that names no parameter."""
    return Event(
        tenant=device.tenant,
        device=device.id,
        kind=kind,
        at=at,
        value=value,
        detail=detail,
        firmware=device.firmware,
    )


def report_event(message: m.Message, device: Device, at: datetime) -> Event | None:
    """The timeline entry of what a device reports by itself; None for what is no news."""
    if isinstance(message, m.TransferComplete):
        return _transfer(message.fault_code, "transfer", message.command_key, device, at)
    if isinstance(message, transfers.AutonomousTransferComplete):
        what = "download" if message.is_download else "upload"
        return _transfer(
            message.fault.fault_code, f"{what} that nobody here ordered", "", device, at
        )
    if isinstance(message, modules.DUStateChangeComplete):
        return _units(message.results, "software units", message.command_key, device, at)
    if isinstance(message, modules.AutonomousDUStateChangeComplete):
        what = "software units that nobody here changed"
        return _units(message.results, what, "", device, at)
    if isinstance(message, transfers.RequestDownload):
        kind = _FILE_TYPES.get(message.file_type[:1], "a vendor's own file")
        return entry(device, EventKind.INFORM, at, detail=f"the device asks for {kind}")
    return None


_FILE_TYPES = {
    "1": "a firmware image",
    "2": "web content",
    "3": "a configuration file",
    "4": "a tone file",
    "5": "a ringer file",
}


def _transfer(code: int, what: str, key: str, device: Device, at: datetime) -> Event:
    outcome = "succeeded" if code == 0 else f"failed: {code} {meaning(code)}"
    named = " ".join(filter(None, (what, _ours(key), outcome)))
    return entry(device, EventKind.TRANSFER_COMPLETE, at, value=str(code), detail=named)


def _units(
    results: Sequence[modules.OpResult], what: str, key: str, device: Device, at: datetime
) -> Event:
    """One entry for all: how many went well, and the first fault."""
    failed = [each.fault.fault_code for each in results if each.fault.fault_code]
    done = f"{len(results) - len(failed)} of {len(results)} done"
    fault = f"; {failed[0]} {meaning(failed[0])}" if failed else ""
    named = " ".join(filter(None, (what, _ours(key), done)))
    code = str(failed[0] if failed else 0)
    return entry(device, EventKind.TRANSFER_COMPLETE, at, value=code, detail=named + fault)


def inform_every(snapshot: Snapshot) -> int | None:
    """Seconds between periodic Informs, where the device said it; what is very long is never."""
    said = snapshot.get(_INTERVAL) or ""
    return min(int(said), _NEVER) if said.isascii() and said.isdecimal() else None


def _ours(key: str) -> str:
    return key if _OURS.fullmatch(key) else ""


def _version(root_version: str, summary: str) -> str:
    if _VERSION.fullmatch(root_version):
        return root_version
    found = _SUMMARY.match(summary)
    return found.group(1) if found else ""
