"""Asks GenieACS who called and what failed since the last time: it tells nobody by itself.

Only documents of devices that called since are asked for, only a few branches of them, and in the
order of the one index that there is.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from brain.datamodel.managing import TAGS
from brain.domain.canonical import Json
from brain.domain.device import ControllerName, DataModelRoot, Device
from brain.domain.errors import GatewrightError
from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock, Reader
from brain.store.store import Store
from brain.store.transaction import Transaction
from executors.acs.facts import entry
from executors.acs.faults import meaning
from executors.genieacs.arrivals import PROJECTION, Arrival, arrival_of, moment, news
from executors.genieacs.names import genie_id
from executors.genieacs.nbi import Nbi
from executors.genieacs.openness import warn_if_open
from executors.genieacs.options import GenieOptions
from executors.genieacs.reading import Sleep
from executors.polling import poll

_log = structlog.get_logger(__name__)
_OVERLAP = timedelta(minutes=2)
"""Several workers of GenieACS write, each by its own clock: looked at again, and not told twice."""

_AT_ONCE = 8
_FEW = 20
"""A device that was read whole has said more than this."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Boots = tuple[datetime | None, datetime | None]


@dataclass(slots=True, kw_only=True)
class Polling:
    """The feed of devices and faults into inventory and timeline."""

    store: Store
    clock: Clock
    nbi: Nbi
    options: GenieOptions
    reader: Reader
    """Reads a device whole when it is seen for the first time: neighbours are compared by it."""
    sleep: Sleep = asyncio.sleep
    _unread: dict[DeviceId, Device] = field(default_factory=dict)
    _newest: datetime | None = None
    _seen: dict[str, tuple[DeviceId, datetime, Boots]] = field(default_factory=dict)
    """By GenieACS's name, what was told of it already."""
    _faults_since: datetime | None = None
    _told: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        await poll(
            self.look,
            of="GenieACS",
            every=self.options.poll_every,
            sleep=self.sleep,
            warn=partial(warn_if_open, self.nbi, self.options.url),
        )

    async def look(self) -> int:
        """One pass; how many devices were news. Raises what the interface and the store raise."""
        fresh = await self._devices()
        await self._faults()
        await self._discover()
        return fresh

    async def _devices(self) -> int:
        query: dict[str, Json] = {}
        if self._newest is not None:
            query["_lastInform"] = {"$gte": _iso(self._newest - _OVERLAP)}
        told, after, newest = 0, "", self._newest
        while True:
            page: dict[str, Json] = {**query, **({"_id": {"$gt": after}} if after else {})}
            rows = await self.nbi.list(
                "devices", page, projection=PROJECTION, limit=self.options.page, by_id=True
            )
            heard = [arrival_of(row, now=self.clock()) for row in rows]
            known = [each for each in heard if each is not None]
            told += await self._keep([each for each in known if self._is_news(each)])
            newest = max(
                [*(each.last_inform for each in known), *([newest] if newest else [])], default=None
            )
            if len(rows) < self.options.page:
                break
            after = str(rows[-1].get("_id", ""))
        self._newest = newest  # only once all of it is kept
        return told

    def _is_news(self, arrival: Arrival) -> bool:
        seen = self._seen.get(arrival.name)
        return seen is None or seen[1] < arrival.last_inform

    async def _keep(self, arrivals: Sequence[Arrival]) -> int:
        if not arrivals:
            return 0
        async with self.store.begin() as tx:
            known = await tx.devices.hold({each.id for each in arrivals})
            if not self.options.enrol:
                arrivals = [each for each in arrivals if each.id in known]
            devices = [each.device(known.get(each.id), self.options.tenant) for each in arrivals]
            await tx.devices.put(*devices)
            for arrival, now in zip(arrivals, devices, strict=True):
                before = known.get(arrival.id)
                await self._look_at_kept(tx, now, arrival.tags)
                if before is not None:
                    seen = self._seen.get(arrival.name)
                    last = (before.last_seen, before.last_seen)
                    since = tuple(each or _NEVER for each in seen[2]) if seen else last
                    await tx.events.add(*news(arrival, before, now, since))
        for each in arrivals:
            self._seen[each.name] = (each.id, each.last_inform, each.boots)
        return len(arrivals)

    async def _look_at_kept(self, tx: Transaction, device: Device, tags: str) -> None:
        """Have it read whole where nobody has, and keep its tags where they are others now."""
        kept = await tx.snapshots.latest(device.tenant, device.id)
        if kept is None or len(kept.values) < _FEW:
            self._unread[device.id] = device
        elif kept.get(TAGS) != tags and device.controller is ControllerName.GENIEACS:
            now = Snapshot(device=device.id, taken_at=self.clock(), values={TAGS: tags})
            await tx.snapshots.merge(device.tenant, now)

    async def _discover(self) -> None:
        """Read some of those that nobody has read whole; the others at the next pass."""
        some = [*self._unread.values()][:_AT_ONCE]
        root = [ParameterPath(DataModelRoot.DEVICE)]
        for device in some:  # one that does not come is read when it calls again
            del self._unread[device.id]
        ends = await asyncio.gather(
            *(self.reader.read(device, root) for device in some), return_exceptions=True
        )
        for device, end in zip(some, ends, strict=True):
            if isinstance(end, GatewrightError):
                self._seen.pop(genie_id(device), None)
                _log.info("discovery_failed", device=device.id, reason=str(end))
            elif isinstance(end, BaseException):
                raise end

    async def _faults(self) -> None:
        """What failed is told with its code: what a device wrote beside it may quote a value."""
        since = self._faults_since or self.clock()
        rows = await self.nbi.list("faults", {"timestamp": {"$gte": _iso(since - _OVERLAP)}})
        fresh: list[tuple[str, DeviceId, datetime, str]] = []
        for row in rows:
            seen, at = self._seen.get(str(row.get("device", ""))), moment(row.get("timestamp"))
            mark = f"{row.get('_id')} {row.get('timestamp')}"
            if seen is not None and at is not None and mark not in self._told:
                fresh.append((mark, seen[0], min(at, self.clock()), str(row.get("code", ""))))
        async with self.store.begin() as tx:
            devices = await tx.devices.hold({each[1] for each in fresh})
            told: list[Event] = []
            for _, device, at, code in fresh:
                if device in devices:
                    number = code.removeprefix("cwmp.")
                    words = meaning(int(number)) if number.isdecimal() and len(number) < 6 else ""
                    told.append(
                        entry(
                            devices[device],
                            EventKind.FAULT,
                            at,
                            value=number if words else "",
                            detail=f"{number} {words}" if words else "a fault in GenieACS",
                        )
                    )
            await tx.events.add(*told)
        self._told = {f"{row.get('_id')} {row.get('timestamp')}" for row in rows}
        self._faults_since = max([since, *(each[2] for each in fresh)])


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
