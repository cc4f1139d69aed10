"""What an Inform says that is worth keeping, in our own words.

Devices write what they like into an Inform, and an event's detail is read by people and models: so
events go by the names the standard gives them, and a key is repeated only if it is one of ours.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from brain.domain.device import DataModelRoot, Device
from brain.domain.history import Event, EventKind
from brain.domain.parameter import ParameterPath, Snapshot
from executors.acs import messages as m
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
    "7": ("7 TRANSFER COMPLETE", EventKind.TRANSFER_COMPLETE),
    "8": ("8 DIAGNOSTICS COMPLETE", EventKind.DIAGNOSTICS),
    "m reboot": ("M Reboot", EventKind.BOOT),
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
    root = old if any(name.startswith(old) for name in values) else DataModelRoot.DEVICE

    def said(name: str) -> str:
        return values.get(f"{root}{name}", "").strip()[:_MOST_TEXT]

    return Facts(
        root=root,
        firmware=said("DeviceInfo.SoftwareVersion"),
        hardware=said("DeviceInfo.HardwareVersion"),
        data_model_version=_version(said("RootDataModelVersion"), said("DeviceSummary")),
        connection_request_url=values.get(f"{root}ManagementServer.ConnectionRequestURL", ""),
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


def transfer_event(message: m.TransferComplete, device: Device, at: datetime) -> Event:
    """The timeline entry of a TransferComplete."""
    code = message.fault_code
    outcome = "succeeded" if code == 0 else f"failed: {code} {meaning(code)}"
    key = _ours(message.command_key)
    detail = f"transfer {key} {outcome}" if key else f"transfer {outcome}"
    return entry(device, EventKind.TRANSFER_COMPLETE, at, value=str(code), detail=detail)


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
