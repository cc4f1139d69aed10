"""Wakes a device by whichever way works: what worked last first, and the next when one is shut.

Whether a way works shows only when the device comes, so each is given a moment, and what came of it
is kept with the device: a NAT that lets nothing in is met once and not at every wake.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeVar

import structlog

from brain.domain.cancelling import cancelled
from brain.domain.credentials import ConnectionRequest, DeviceCredentials
from brain.domain.device import Device
from brain.domain.errors import GatewrightError
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock
from brain.domain.reachability import Reachability, Way
from brain.store.store import Store
from brain.store.transaction import Transaction
from executors.acs import messages as m
from executors.acs.digest import Key
from executors.acs.wake import Woken

_log = structlog.get_logger(__name__)

T = TypeVar("T")

_SERVER: Final = "Device.ManagementServer."
_UDP: Final = ParameterPath(f"{_SERVER}UDPConnectionRequestAddress")
_JID: Final = ParameterPath(f"{_SERVER}ConnReqJabberID")
_REASONS: Final = {
    Woken.COMING: "it said yes, and did not come",
    Woken.REFUSED: "it refuses our name or password",
    Woken.SILENT: "nothing answers there",
    Woken.FORBIDDEN: "it is where we do not call",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What there is to wake one device with; what is empty it never said."""

    device: Device
    url: str
    udp: str
    """``host:port`` where its NAT lets us in, as it last said (UDPConnectionRequestAddress)."""
    jid: str
    keys: tuple[Key, ...]
    """What it may know us by, likeliest first."""
    known: Reachability

    @property
    def ways(self) -> list[Way]:
        """Those that the device has."""
        open_ways = {Way.HTTP: self.url, Way.UDP: self.udp, Way.XMPP: self.jid}
        return [way for way, where in open_ways.items() if where]


Ask = Callable[[Means], Awaitable[Woken]]
"""Asks a device to come, by one way."""


class Requests(Protocol):
    """A way that keeps something open."""

    async def ask(self, means: Means) -> Woken:
        """Ask a device to come."""

    async def close(self) -> None:
        """Let go of it."""


@dataclass(slots=True, kw_only=True)
class Ladder:
    """The ways that this installation has, and what each device made of them."""

    store: Store
    clock: Clock
    ways: Mapping[Way, Ask]
    shared: Key
    """What a device knows us by that has not been given its own."""
    grace: float = 5.0
    """Seconds that a device has to come which was asked (TR-069 3.2.2 gives it thirty, and it may
    still come while the next way is tried)."""
    pause: float = 2.0
    """Seconds from one round to the next."""
    _asked: dict[DeviceId, Way] = field(default_factory=dict)
    _under_way: set[asyncio.Task[object]] = field(default_factory=set)

    async def rouse(self, device: DeviceId) -> None:
        """Ask again and again; for a task that is cancelled when the device has come."""
        try:
            again = True
            while again and not cancelled():
                again = await self._round(device)
                await asyncio.sleep(self.pause if again else 0)
        except GatewrightError as error:
            _log.warning("wake_failed", device=device, reason=str(error))

    async def close(self) -> None:
        """Wait for what is being written down."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def came(self, tx: Transaction, device: Device, inform: m.Inform) -> None:
        """It called: when it says that it was asked, the way it was asked by works."""
        way = self._asked.get(device.id)
        if way is None or not inform.has("6 CONNECTION REQUEST"):
            return
        known = await tx.reachabilities.get(device.tenant, device.id) or _nothing(device)
        await tx.reachabilities.put(known.noted(way, known.tried(way).worked(self.clock())))

    def here(self, device: DeviceId) -> None:
        """What ``came`` kept of it is on disk: it was asked for nothing more."""
        self._asked.pop(device, None)

    async def means(self, device: DeviceId) -> Means | None:
        """What there is to wake it with; None for a device that nobody knows."""
        async with self.store.read(brief=True) as tx:
            found = await tx.devices.find(device)
            if found is None:
                return None
            way = await tx.controllers.get(device)
            own = (await tx.credentials.of([device])).get(device)
            said = await tx.snapshots.latest(found.tenant, device, below=[_SERVER])
            known = await tx.reachabilities.get(found.tenant, device) or _nothing(found)
        values = said.values if said else {}
        return Means(
            device=found,
            url=way.url if way else "",
            udp=values.get(_UDP, ""),
            jid=values.get(_JID, ""),
            keys=_keys(way, own, self.shared),
            known=known,
        )

    async def _round(self, device: DeviceId) -> bool:
        """Each way once; whether there was any that may be worth another round."""
        means = await self._whole(self.means(device))
        if means is None:
            return False
        worth = False
        for way in means.known.order(way for way in means.ways if way in self.ways):
            woken = await self._try(way, means)
            if cancelled():
                return False  # a cancellation may have been taken for a silent device
            worth = worth or woken is not Woken.FORBIDDEN
            if woken is Woken.BUSY:  # it is talking to us already, or will when it likes
                return True
            means = await self._whole(self._failed(means, way, woken))
        return worth

    async def _try(self, way: Way, means: Means) -> Woken:
        self._asked[means.device.id] = way
        woken = await self.ways[way](means)
        if woken is Woken.COMING and not cancelled():
            await asyncio.sleep(self.grace)
        return woken

    async def _failed(self, means: Means, way: Way, woken: Woken) -> Means:
        tried = means.known.tried(way).failed(self.clock(), _REASONS[woken])
        known = means.known.noted(way, tried)
        _log.info("wake_way_failed", device=means.device.id, way=way, reason=tried.reason)
        async with self.store.begin(brief=True) as tx:
            await tx.reachabilities.put(known)
        return replace(means, known=known)

    async def _whole(self, work: Coroutine[object, object, T]) -> T:
        """To its end, whoever is cancelled meanwhile: a transaction that is cut off hangs."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)


def by_http(request: Callable[..., Awaitable[Woken]]) -> Ask:
    """HTTP connection requests, with each key until the device takes one."""

    async def ask(means: Means) -> Woken:
        woken = Woken.SILENT
        for key in means.keys:
            woken = await request(means.url, username=key.username, password=key.password)
            if woken is not Woken.REFUSED:
                return woken
        return woken

    return ask


def _keys(
    way: ConnectionRequest | None, own: DeviceCredentials | None, shared: Key
) -> tuple[Key, ...]:
    """An offer that the device may have taken comes first: it is the newest."""
    found = []
    if own is not None and own.offered is not None:
        found.append(Key(own.username, own.offered.wake))
    if way is not None and way.password:
        found.append(Key(way.username, way.password))
    return tuple(dict.fromkeys((*found, shared)))


def _nothing(device: Device) -> Reachability:
    return Reachability(tenant=device.tenant, device=device.id)
