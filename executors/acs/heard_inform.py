"""What can be made of an Inform without the store: its device, its events, its values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from brain.domain.device import ControllerName, DataModelRoot, Device
from brain.domain.history import Difference, Event, EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot, Value
from executors.acs import messages as m
from executors.acs.dialect import Dialect, Tr098, Tr181
from executors.acs.facts import Facts, entry, events_of, facts_of
from executors.acs.feeding import told
from executors.acs.logins import Login
from executors.acs.registrar import Caller
from executors.acs.silence import after_silence, is_silence

_LONGEST_TEXT = 64  # TR-069 A.3.3.1 DeviceIdStruct


@dataclass(frozen=True, slots=True)
class Heard:
    """An Inform with all that can be made of it without the store."""

    id: DeviceId
    inform: m.Inform
    facts: Facts
    values: dict[ParameterPath, Value]
    login: Login
    reset: bool
    """The device forgot everything, or never knew us."""

    @property
    def caller(self) -> Caller:
        """Who it says it is, and what it has shown for it."""
        return Caller(
            id=self.id,
            said=self.inform.device,
            firmware=self.facts.firmware,
            root=self.facts.root,
            reset=self.reset,
            login=self.login,
        )


def heard_in(inform: m.Inform, login: Login) -> Heard:
    """An Inform that came with this password."""
    facts = facts_of(inform)
    values = _dialect(facts.root, inform).heard(inform.parameters)
    return Heard(inform.device.id, inform, facts, values, login, inform.has("0 BOOTSTRAP"))


def device_of(before: Device | None, heard: Heard, tenant: TenantId, now: datetime) -> Device:
    """The device as it is now known; what the Inform leaves out stays as it was.

    One of which nothing is news but that it is there is ``before``, as most are.
    """
    if before is None:
        return _enrolled(heard, tenant, now)
    facts = heard.facts
    manufacturer = heard.inform.device.manufacturer[:_LONGEST_TEXT]
    said: dict[str, Any] = {
        "manufacturer": manufacturer or before.manufacturer,
        "firmware": facts.firmware or before.firmware,
        "hardware": facts.hardware or before.hardware,
        "data_model_version": facts.data_model_version or before.data_model_version,
        "root": facts.root if heard.inform.parameters else before.root,
        "controller": before.taken_by(ControllerName.ACS),
    }
    if all([value == getattr(before, name) for name, value in said.items()]):
        return before
    return replace(before, **said, last_seen=now)


def happened_in(
    known: Mapping[DeviceId, Device],
    device: Device,
    heard: Heard,
    now: datetime,
) -> list[Event]:
    """Its events, and what follows from what is known of it."""
    found = events_of(heard.inform, key=heard.facts.parameter_key, device=device, at=now)
    before = known.get(device.id)
    if before is None:
        return found
    if before.firmware and device.firmware != before.firmware:
        detail = f"{before.firmware} before"
        found.append(entry(device, EventKind.FIRMWARE, now, value=device.firmware, detail=detail))
    silence = now - before.last_seen if before.last_seen else timedelta()
    if is_silence(before, silence):
        found.append(after_silence(device, now, silence))
    return found


def said_in(
    device: Device,
    heard: Heard,
    found: Mapping[DeviceId, Sequence[Difference]],
    now: datetime,
) -> Iterable[Event]:
    """Its values to the rules."""
    snapshot = Snapshot(device=device.id, taken_at=now, values=heard.values)
    announced = heard.inform.has("4 VALUE CHANGE")
    return told(device, snapshot, found.get(device.id, ()), announced=announced)


def _enrolled(heard: Heard, tenant: TenantId, now: datetime) -> Device:
    said, facts = heard.inform.device, heard.facts
    return Device(
        id=heard.id,
        tenant=tenant,
        oui=said.oui,
        product_class=said.product_class,
        serial=said.serial,
        manufacturer=said.manufacturer[:_LONGEST_TEXT],
        model=said.product_class,
        firmware=facts.firmware,
        hardware=facts.hardware,
        data_model_version=facts.data_model_version,
        root=facts.root,
        last_seen=now,
    )


_tr181 = cache(Tr181)


def _dialect(root: DataModelRoot, inform: m.Inform) -> Dialect:
    if root is DataModelRoot.DEVICE:
        return _tr181()
    return Tr098(inform.parameters)
