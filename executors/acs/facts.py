"""What an Inform says that is worth keeping, in our own words.

Devices write what they like into an Inform, and an event's detail is read by people and models: so
events go by the names the standard gives them, and a key is repeated only if it is one of ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from brain.domain.device import DataModelRoot
from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from executors.acs import messages as m
from executors.acs.faults import meaning

_OURS = re.compile(r"[a-z]{2,6}_[0-9a-z]{26}")
_SUMMARY = re.compile(r"[A-Za-z]+:(\d{1,2}\.\d{1,3})")
_VERSION = re.compile(r"\d{1,2}\.\d{1,3}(\.\d{1,3})?")
_MOST_CHANGES = 32
_MOST_TEXT = 256

_INTERVAL = ParameterPath("Device.ManagementServer.PeriodicInformInterval")
_NEVER = 10_000_000
_STATES = frozenset({"Up", "Down", "Unknown", "Dormant", "NotPresent", "LowerLayerDown", "Error"})
"""TR-181: what the Status of an interface may be."""

_NAMES = {
    "0": ("0 BOOTSTRAP", EventKind.BOOTSTRAP),
    "1": ("1 BOOT", EventKind.BOOT),
    "2": ("2 PERIODIC", EventKind.INFORM),
    "3": ("3 SCHEDULED", EventKind.INFORM),
    "6": ("6 CONNECTION REQUEST", EventKind.INFORM),
    "7": ("7 TRANSFER COMPLETE", EventKind.TRANSFER_COMPLETE),
    "8": ("8 DIAGNOSTICS COMPLETE", EventKind.INFORM),
    "13": ("13 WAKEUP", EventKind.INFORM),
    "m reboot": ("M Reboot", EventKind.BOOT),
}


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


def events_of(
    inform: m.Inform,
    *,
    key: str,
    tenant: TenantId,
    device: DeviceId,
    at: datetime,
    changed: Mapping[ParameterPath, str],
) -> list[Event]:
    """The timeline entries of one Inform.

    ``key`` is ``Facts.parameter_key``, and ``changed`` are the values by their TR-181 names that
    no Inform has to bring.
    """
    details: dict[EventKind, list[str]] = {}
    for event in inform.events:
        if event.number == "4":
            continue
        name, kind = _NAMES.get(event.number, ("another event", EventKind.INFORM))
        command = _ours(event.command_key)
        details.setdefault(kind, []).append(f"{name} {command}" if command else name)
    if not details and not inform.has("4 VALUE CHANGE"):
        details[EventKind.INFORM] = ["no event"]
    suffix = f"; parameter key {key}" if key else ""
    found = [
        Event(tenant=tenant, device=device, kind=kind, at=at, detail=", ".join(names) + suffix)
        for kind, names in details.items()
    ]
    if inform.has("4 VALUE CHANGE"):
        found.extend(
            Event(
                tenant=tenant,
                device=device,
                kind=EventKind.VALUE_CHANGE,
                at=at,
                path=path,
                value=_state(path, value),
            )
            for path, value in islice(changed.items(), _MOST_CHANGES)
        )
    return found


def transfer_event(
    message: m.TransferComplete, *, tenant: TenantId, device: DeviceId, at: datetime
) -> Event:
    """The timeline entry of a TransferComplete."""
    code = message.fault_code
    outcome = "succeeded" if code == 0 else f"failed: {code} {meaning(code)}"
    key = _ours(message.command_key)
    return Event(
        tenant=tenant,
        device=device,
        kind=EventKind.TRANSFER_COMPLETE,
        at=at,
        value=str(code),
        detail=f"transfer {key} {outcome}" if key else f"transfer {outcome}",
    )


def inform_every(snapshot: Snapshot) -> int | None:
    """Seconds between periodic Informs, where the device said it; what is very long is never."""
    said = snapshot.get(_INTERVAL) or ""
    return min(int(said), _NEVER) if said.isascii() and said.isdecimal() else None


def _state(path: str, value: str) -> str:
    """Whether an interface is up, in TR-181's own words; all other values stay sealed."""
    return value if path.endswith(".Status") and value in _STATES else ""


def _ours(key: str) -> str:
    return key if _OURS.fullmatch(key) else ""


def _version(root_version: str, summary: str) -> str:
    if _VERSION.fullmatch(root_version):
        return root_version
    found = _SUMMARY.match(summary)
    return found.group(1) if found else ""
