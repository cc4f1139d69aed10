"""Keeps what an Inform says: the device, how to reach it, its values and its timeline.

The device is answered after it is stored: with the answer it takes its events as delivered
(TR-069 3.7.1.5).
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from brain.domain.credentials import DeviceCredentials
from brain.domain.device import Device
from brain.domain.errors import Forbidden
from brain.domain.history import Event
from brain.domain.identity import DeviceId
from brain.domain.ports import Clock
from brain.store.gathering import Gathering
from brain.store.store import Store
from brain.store.transaction import Transaction
from executors.acs import messages as m
from executors.acs.feeding import Feed
from executors.acs.heard_inform import Heard, device_of, happened_in, heard_in, said_in
from executors.acs.informed import keep_devices, keep_values, keep_ways
from executors.acs.logins import Login
from executors.acs.registrar import Registrar, Ruling, Rulings

_MOST = 64  # in one transaction: other writers wait for its end
_PAUSE = 0.2
"""Seconds after several Informs that came together, which is a crowd: for more of it to come. A
transaction costs as much as eight of them.
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A device that informed us."""

    device: Device
    discover: bool
    """Its data model is not known, or not the one it has now."""
    offer: DeviceCredentials | None = None
    """What to hand it in this session."""


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
        came: Callable[[Transaction, Device, m.Inform], Awaitable[None]] | None = None,
    ) -> None:
        """``learn`` is told of credentials that changed, once they are kept.

        ``came`` keeps, with the Inform, what else follows from it.
        """
        self._store, self._clock, self._registrar = store, clock, registrar
        self._came = came
        self._under_way: Counter[DeviceId] = Counter()
        self._feed, self._learn = feed or Feed(), learn
        self._gathering: Gathering[Heard, Arrival | Ruling] = Gathering(
            self._keep_all, most=_MOST, pause=_PAUSE
        )

    async def take(
        self, inform: m.Inform, login: Login, *, awaited: bool = False
    ) -> Arrival | None:
        """Keep this Inform; None for a stranger, of whom nothing is kept but that it came.

        One for which a person or an execution waits (``awaited``) goes before others. Forbidden
        for a device that a person rejected, and for one that claims the serial of another.
        """
        heard = heard_in(inform, login)
        # Nor before an older one of its own, which would then take its place.
        first = awaited and heard.id not in self._under_way
        self._under_way[heard.id] += 1
        try:
            found = await self._gathering.do(heard, first=first)
        finally:
            self._under_way[heard.id] -= 1
            if not self._under_way[heard.id]:
                del self._under_way[heard.id]
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

    async def _keep_all(self, batch: Sequence[Heard]) -> Sequence[Arrival | Ruling]:
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
        batch: Sequence[Heard],
        known: Mapping[DeviceId, Device],
        rulings: Rulings,
        now: datetime,
    ) -> Iterator[Arrival]:
        tenant = self._registrar.tenant
        devices = [device_of(known.get(heard.id), heard, tenant, now) for heard in batch]
        pairs = [*zip(devices, batch, strict=True)]
        newest = [*{device.id: (device, heard) for device, heard in pairs}.values()]
        await keep_devices(tx, [device for device, _ in newest], known, now)
        await tx.credentials.put(*rulings.changed.values())
        await keep_ways(tx, newest, rulings.proven)
        happened = [each for pair in pairs for each in happened_in(known, *pair, now)]
        await tx.events.add(*happened)
        found = await keep_values(tx, pairs, now)
        said = (each for pair in pairs for each in said_in(*pair, found, now))
        await self._feed.give(tx, chain(happened, said), now)
        if self._came is not None:
            for device, heard in pairs:
                await self._came(tx, device, heard.inform)
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


def _offered(arrival: Arrival, offer: DeviceCredentials | None) -> Arrival:
    return replace(arrival, offer=offer) if offer else arrival
