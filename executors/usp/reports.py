"""Keeps what agents report: the timeline, the values that changed, and what rules look at."""

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from brain.domain.device import Device
from brain.domain.errors import NotFound
from brain.domain.history import Difference, Event, EventKind
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock
from brain.store.gathering import Gathering
from brain.store.store import Store
from brain.store.transaction import Transaction
from executors.acs.facts import entry
from executors.acs.feeding import Feed
from executors.acs.feeding import told as told_of
from executors.canonical import is_path
from executors.completions import Completions
from executors.recorder import Said, record
from executors.usp import requests as q
from executors.usp.application import End
from executors.usp.codes import meaning
from executors.usp.onboarding import Onboarding
from executors.usp.said import heard
from executors.usp.telemetry import PUSH, Telemetry

_AGAIN: Final = timedelta(minutes=10)
"""So long a report that comes once more is the same one (R-NOT.1: it is made again unanswered)."""
_MOST_KNOWN: Final = 100_000
_IN_ONE_COMMIT: Final = 64
"""Other writers wait for its end."""
_CAUSES: Final = frozenset(
    ["LocalReboot", "RemoteReboot", "LocalFactoryReset", "RemoteFactoryReset"]
)


@dataclass(frozen=True, slots=True)
class _Reported:
    """What one agent said, and what it is known by when it comes again."""

    endpoint: str
    said: q.Notification
    key: str


@dataclass(slots=True, kw_only=True)
class Reports:
    """Takes each report once; those that come at once in one transaction."""

    store: Store
    clock: Clock
    completions: Completions[End]
    onboarding: Onboarding
    feed: Feed
    telemetry: Telemetry
    _known: "OrderedDict[str, datetime]" = field(default_factory=OrderedDict)
    _gathering: Gathering[_Reported, bool] = field(init=False)

    def __post_init__(self) -> None:
        self._gathering = Gathering(self._keep_all, most=_IN_ONE_COMMIT)

    async def take(self, endpoint: str, message_id: str, notify: q.Notify) -> None:
        """Keep it. NotFound for an agent that nobody knows yet, which is to report it again.

        A stranger is answered, too, but nothing of it is kept.
        """
        said = notify.notification
        if isinstance(said, q.OnBoardRequest):
            self.onboarding.arrived(endpoint, "")
            return
        if self.onboarding.arrivals.is_stranger(endpoint):
            return
        if isinstance(said, q.OperationComplete):
            self.completions.told(endpoint, said.command_key, said.operation_resp)
        key = _key(endpoint, message_id, notify)
        if self._is_known(key):
            return
        if isinstance(said, q.Event) and said.event_name == PUSH:
            await self.telemetry.pushed(endpoint, said)
        if not await self._gathering.do(_Reported(endpoint, said, key)):
            raise NotFound("nobody knows yet which device this agent is", field="endpoint")
        if isinstance(said, q.Event) and said.event_name == "Boot!":
            reset = said.params.get("Cause", "").endswith("FactoryReset")
            self.onboarding.arrived(endpoint, "", anew=reset)

    async def close(self) -> None:
        """Take no more; an agent that was not answered reports again."""
        await self._gathering.close()

    async def _keep_all(self, batch: Sequence[_Reported]) -> Sequence[bool]:
        """Whether each is of a device; one that came twice is kept once, also where the first was
        still being kept when the second came."""
        now = self.clock()
        kept: dict[str, bool] = {}
        async with self.store.begin() as tx:
            for each in batch:
                if each.key not in kept:
                    done = each.key in self._known
                    kept[each.key] = done or await self._keep_one(tx, each, now)
        for key, is_kept in kept.items():
            if is_kept:
                self._known.setdefault(key, now)
        return [kept[each.key] for each in batch]

    async def _keep_one(self, tx: Transaction, reported: _Reported, now: datetime) -> bool:
        agent = await tx.agents.by_endpoint(reported.endpoint)
        device = None if agent is None else await tx.devices.find(agent.device)
        if device is None:
            return False
        await self._keep(tx, device, reported.said, now)
        await tx.devices.touch(device.id, at=now)
        return True

    async def _keep(
        self, tx: Transaction, device: Device, said: q.Notification, now: datetime
    ) -> None:
        told: list[Event] = []
        if isinstance(said, q.Event):
            told = _event(device, said, now)
            await tx.events.add(*(each for each in told if each.kind is not EventKind.INFORM))
        elif isinstance(said, q.ValueChange):
            values = heard({said.param_path: said.param_value})
            found = await _merge(tx, device, values, now)
            snapshot = Snapshot(device=device.id, taken_at=now, values=values)
            told = [*told_of(device, snapshot, found, announced=True)]
        elif isinstance(said, q.ObjectDeletion) and is_path(said.obj_path):
            await _merge(tx, device, {}, now, gone=said.obj_path)
        elif isinstance(said, q.OperationComplete):
            told = [_complete(device, said, now)]
            await tx.events.add(*told)
        await self.feed.give(tx, told, now)

    def _is_known(self, key: str) -> bool:
        limit = self.clock() - _AGAIN
        while self._known:
            oldest = next(iter(self._known))
            if self._known[oldest] > limit and len(self._known) < _MOST_KNOWN:
                break
            del self._known[oldest]
        return key in self._known


def _key(endpoint: str, message_id: str, notify: q.Notify) -> str:
    kind = type(notify.notification).__name__
    said = json.dumps([endpoint, message_id, kind, asdict(notify)], sort_keys=True)
    return sha256(said.encode()).hexdigest()


def _event(device: Device, said: q.Event, now: datetime) -> list[Event]:
    if said.event_name != "Boot!":  # Periodic! and what a vendor may add: it was heard from
        return [entry(device, EventKind.INFORM, now, detail="periodic")]
    cause = said.params.get("Cause", "")
    reset = cause.endswith("FactoryReset")
    kind = EventKind.BOOTSTRAP if reset else EventKind.BOOT
    named = cause if cause in _CAUSES else "another cause"
    return [entry(device, kind, now, detail=f"Boot! {named}")]


def _complete(device: Device, said: q.OperationComplete, now: datetime) -> Event:
    end = said.operation_resp
    became = "succeeded"
    if isinstance(end, q.CommandFailure):
        became = f"failed: {end.err_code} {meaning(end.err_code)}"
    kind = EventKind.TRANSFER_COMPLETE if "load" in said.command_name else EventKind.DIAGNOSTICS
    return entry(device, kind, now, detail=f"command {became}")


async def _merge(
    tx: Transaction,
    device: Device,
    values: Mapping[ParameterPath, str],
    now: datetime,
    *,
    gone: str = "",
) -> Sequence[Difference]:
    snapshot = Snapshot(device=device.id, taken_at=now, values=values)
    whole = [ParameterPath(gone)] if gone else []
    found = await tx.snapshots.merge(device.tenant, snapshot, whole=whole)
    await record(tx, Said(device=device, found=found, at=now, announced=True))
    return found
