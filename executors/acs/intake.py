"""Keeps what an Inform says: the device, how to reach it, its values and its timeline.

The device is answered after it is stored: with the answer it takes its events as delivered
(TR-069 3.7.1.5).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from brain.domain.credentials import ConnectionRequest, DeviceCredentials
from brain.domain.device import ControllerName, DataModelRoot, Device, device_id
from brain.domain.errors import Forbidden
from brain.domain.history import Difference, Event, EventKind
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Snapshot, Value
from brain.domain.ports import Clock
from brain.store.gathering import Gathering
from brain.store.store import Store
from brain.store.transaction import Transaction
from executors.acs import messages as m
from executors.acs.dialect import Dialect, Tr098, Tr181
from executors.acs.facts import Facts, entry, events_of, facts_of
from executors.acs.feeding import Feed, told
from executors.acs.logins import Login
from executors.acs.registrar import Caller, Registrar, Ruling, Rulings
from executors.acs.silence import after_silence, is_silence
from executors.recorder import Said, record

_LONGEST_TEXT = 64  # TR-069 A.3.3.1 DeviceIdStruct
_LONGEST_URL = 1024
_MOST = 64  # in one transaction: other writers wait for its end
_PAUSE = 0.04
"""Seconds after several Informs that came together, which is a crowd: for more of it to come."""
_NO_WAY = ConnectionRequest(url="", username="", password="")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A device that informed us."""

    device: Device
    discover: bool
    """Its data model is not known, or not the one it has now."""
    offer: DeviceCredentials | None = None
    """What to hand it in this session."""


@dataclass(frozen=True, slots=True)
class _Heard:
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


@dataclass(slots=True)
class _Together:
    """What Informs of one device brought that came at once."""

    device: Device
    values: dict[ParameterPath, Value] = field(default_factory=dict)
    announced: bool = False

    def said(self, found: Sequence[Difference], now: datetime) -> Said:
        return Said(device=self.device, found=found, at=now, announced=self.announced)


class Intake:
    """Stores Informs, those that come at once in one transaction."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        registrar: Registrar,
        feed: Feed | None = None,
        learn: Callable[[DeviceCredentials], None] = lambda _: None,
    ) -> None:
        """``learn`` is told of credentials that changed, once they are kept."""
        self._store, self._clock, self._registrar = store, clock, registrar
        self._feed, self._learn = feed or Feed(), learn
        self._gathering: Gathering[_Heard, Arrival | Ruling] = Gathering(
            self._keep_all, most=_MOST, pause=_PAUSE
        )

    async def take(self, inform: m.Inform, login: Login) -> Arrival | None:
        """Keep this Inform; None for a stranger, of whom nothing is kept but that it came.

        Forbidden for a device that a person rejected, and for one that claims the serial of
        another.
        """
        found = await self._gathering.do(_heard(inform, login))
        if isinstance(found, Arrival):
            return found
        if found.refusal:
            raise Forbidden(found.refusal, remedy="Ask the operator of this server.")
        return None

    async def add(self, event: Event) -> None:
        """Keep one event of a device that is known."""
        async with self._store.begin() as tx:
            await tx.events.add(event)
            await self._feed.give(tx, [event], event.at)

    async def close(self) -> None:
        """Take no more."""
        await self._gathering.close()

    async def _keep_all(self, batch: Sequence[_Heard]) -> Sequence[Arrival | Ruling]:
        now = self._clock()
        async with self._store.begin(brief=True) as tx:
            known = await tx.devices.hold({heard.id for heard in batch})
            rulings = await self._registrar.rule(tx, [each.caller for each in batch], known, now)
            ruled = [*zip(batch, rulings.each, strict=True)]
            entering = [heard for heard, ruling in ruled if ruling.enters]
            kept = await self._keep(tx, entering, known, rulings, now) if entering else iter(())
        for credentials in rulings.changed.values():
            self._learn(credentials)
        return [
            _offered(next(kept), ruling.offer) if ruling.enters else ruling for _, ruling in ruled
        ]

    async def _keep(
        self,
        tx: Transaction,
        batch: Sequence[_Heard],
        known: Mapping[DeviceId, Device],
        rulings: Rulings,
        now: datetime,
    ) -> Iterator[Arrival]:
        devices = [self._device(known.get(heard.id), heard, now) for heard in batch]
        pairs = [*zip(devices, batch, strict=True)]
        newest = [*{device.id: (device, heard) for device, heard in pairs}.values()]
        await _keep_devices(tx, [device for device, _ in newest], known, now)
        await tx.credentials.put(*rulings.changed.values())
        await _keep_ways(tx, newest, rulings.proven)
        happened = [each for pair in pairs for each in _events(known, *pair, now)]
        await tx.events.add(*happened)
        found = await _keep_values(tx, pairs, now)
        said = (each for pair in pairs for each in _said(*pair, found, now))
        await self._feed.give(tx, chain(happened, said), now)
        listed = await tx.models.firmwares(devices)
        return iter(
            [
                Arrival(
                    device,
                    discover=heard.reset or listed.get(device.id) != device.firmware,
                )
                for device, heard in pairs
            ]
        )

    def _device(self, before: Device | None, heard: _Heard, now: datetime) -> Device:
        """The device as it is now known; what the Inform leaves out stays as it was.

        One of which nothing is news but that it is there is ``before``, as most are.
        """
        if before is None:
            return self._enrolled(heard, now)
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

    def _enrolled(self, heard: _Heard, now: datetime) -> Device:
        said, facts = heard.inform.device, heard.facts
        return Device(
            id=heard.id,
            tenant=self._registrar.tenant,
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


async def _keep_devices(
    tx: Transaction, newest: Sequence[Device], known: Mapping[DeviceId, Device], now: datetime
) -> None:
    """Most Informs say of their device only that it is there: those take one statement."""
    news = [device for device in newest if device is not known.get(device.id)]
    await tx.devices.put(*news)
    await tx.devices.heard({each.id for each in newest} - {each.id for each in news}, now)


async def _keep_ways(
    tx: Transaction,
    newest: Sequence[tuple[Device, _Heard]],
    proven: Mapping[DeviceId, DeviceCredentials],
) -> None:
    """The newest Inform says where to call; what we say there stays, until other is proven."""
    kept = await tx.controllers.get_all([device.id for device, _ in newest])
    changed = []
    for device, heard in newest:
        before = kept.get(device.id, _NO_WAY)
        url = heard.facts.connection_request_url
        is_news = url != before.url and 0 < len(url) <= _LONGEST_URL
        way = replace(before, url=url) if is_news else before
        found = proven.get(device.id)
        if found is not None and found.current is not None:
            way = replace(way, username=found.username, password=found.current.wake)
        if way != before:
            changed.append((device, way))
    await tx.controllers.put_all(changed)


async def _keep_values(
    tx: Transaction, pairs: Sequence[tuple[Device, _Heard]], now: datetime
) -> Mapping[DeviceId, Sequence[Difference]]:
    """Gives what differs from what each device said before."""
    together: dict[DeviceId, _Together] = {}
    for device, heard in pairs:
        if heard.reset:
            await tx.reachabilities.forget(device.tenant, device.id)
            together.pop(device.id, None)
            await _forget(tx, device, Snapshot(device=device.id, taken_at=now, values=heard.values))
        elif heard.values:
            so_far = together.setdefault(device.id, _Together(device))
            so_far.values |= heard.values
            so_far.announced |= heard.inform.has("4 VALUE CHANGE")
    snapshots = [
        (each.device.tenant, Snapshot(device=each.device.id, taken_at=now, values=each.values))
        for each in together.values()
    ]
    merged = await tx.snapshots.merge_informs(snapshots, held=True)
    await record(tx, *(together[id].said(found, now) for id, found in merged.items()))
    return merged


async def _forget(tx: Transaction, device: Device, snapshot: Snapshot) -> None:
    """TR-069 3.7.1.5: at BOOTSTRAP nothing known of the device holds any longer.

    It is held against what the device says next, and a device that comes twice before it was read
    was reset once.
    """
    await tx.deadly_requests.forget(device.tenant, device.id)
    before = await tx.snapshots.latest(device.tenant, device.id)
    listed = await tx.models.firmware(device.tenant, device.id)
    await tx.snapshots.merge(device.tenant, snapshot, whole=[DataModelRoot.DEVICE])
    kept = await tx.forgotten.take(device.tenant, device.id) or (before if listed else None)
    if kept is not None:
        await tx.forgotten.put(device.tenant, kept)


def _events(
    known: Mapping[DeviceId, Device],
    device: Device,
    heard: _Heard,
    now: datetime,
) -> list[Event]:
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


def _said(
    device: Device,
    heard: _Heard,
    found: Mapping[DeviceId, Sequence[Difference]],
    now: datetime,
) -> Iterable[Event]:
    """Its values to the rules."""
    snapshot = Snapshot(device=device.id, taken_at=now, values=heard.values)
    announced = heard.inform.has("4 VALUE CHANGE")
    return told(device, snapshot, found.get(device.id, ()), announced=announced)


def _offered(arrival: Arrival, offer: DeviceCredentials | None) -> Arrival:
    return replace(arrival, offer=offer) if offer else arrival


def _heard(inform: m.Inform, login: Login) -> _Heard:
    said, facts = inform.device, facts_of(inform)
    id = device_id(said.oui, said.product_class, said.serial)
    values = _dialect(facts.root, inform).heard(inform.parameters)
    return _Heard(id, inform, facts, values, login, inform.has("0 BOOTSTRAP"))


def _dialect(root: DataModelRoot, inform: m.Inform) -> Dialect:
    if root is DataModelRoot.DEVICE:
        return Tr181()
    return Tr098(inform.parameters)
