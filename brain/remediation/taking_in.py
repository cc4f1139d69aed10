"""Takes events in: durable before it answers, many callers in one commit, and never more than fits.

Whoever sends too much waits, and is then told to come again; nothing that was answered for is lost.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from brain.domain.canonical import canonical_bytes
from brain.domain.errors import Busy, InvalidInput
from brain.domain.history import Event
from brain.domain.identity import DeviceId, PrincipalId, TenantId
from brain.domain.ports import Clock
from brain.remediation.index import Index
from brain.store.event_calls import Before
from brain.store.gathering import Gathering
from brain.store.store import Store
from brain.store.transaction import Transaction

MOST_AT_ONCE: Final = 1_000
"""Events in one call."""
_IN_ONE_COMMIT: Final = 16
"""Calls."""
_PATIENCE: Final = 5.0
_FULL: Final = "too many events wait to be kept"
_PAST: Final = timedelta(days=7)
_AHEAD: Final = timedelta(minutes=5)
_LONGEST: Final = 256
NAMES_KEPT: Final = _PAST + timedelta(days=1)
"""Longer than events are taken: whatever comes again later is refused as too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a caller names a call by, so that it can be sent again."""

    by: PrincipalId
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    events: Sequence[Event]
    named: Named | None


@dataclass(slots=True)
class EventIntake:
    """The door for events. Use it in one event loop."""

    store: Store
    clock: Clock
    index: Index
    """Says what the rules need of an event: the rest is not kept."""
    most_unread: int = 1_000_000
    """So many may wait in the store; more are not taken."""
    most_in_memory: int = 50_000
    """So many may wait for their commit, and as many for room there; who comes then is told so at
    once."""
    _waiting: int = field(default=0, init=False)
    _in_line: int = field(default=0, init=False)
    _room: asyncio.Condition = field(default_factory=asyncio.Condition, init=False)
    _gathering: Gathering[_Call, None] = field(init=False)

    def __post_init__(self) -> None:
        """Have what comes at once kept at once."""
        self._gathering = Gathering(self._keep, most=_IN_ONE_COMMIT)

    async def take(self, events: Sequence[Event], named: Named | None = None) -> int:
        """Keep them, all or none; how many. When this returns they are on disk.

        A call that is named is kept once: the same again does nothing. Raises InvalidInput naming
        the event that is wrong, or a name that was given to other events, and Busy when there is
        no room.
        """
        self._check(events)
        await self._enter(len(events))
        try:
            await self._gathering.do(_Call(events=events, named=named))
        finally:
            await self._leave(len(events))
        return len(events)

    async def close(self) -> None:
        """Take no more."""
        await self._gathering.close()

    def _check(self, events: Sequence[Event]) -> None:
        if len(events) > MOST_AT_ONCE:
            remedy = f"Send at most {MOST_AT_ONCE} at once."
            raise InvalidInput(f"{len(events)} events", field="events", remedy=remedy)
        now = self.clock()
        for number, event in enumerate(events):
            if not now - _PAST <= event.at <= now + _AHEAD:
                remedy = "Send events of the last 7 days, by a clock that is right."
                raise InvalidInput(
                    "is not of now or lately", field=f"events.{number}.at", remedy=remedy
                )
            for name in ("path", "value"):
                if len(getattr(event, name)) > _LONGEST:
                    raise InvalidInput(
                        f"longer than {_LONGEST} characters",
                        field=f"events.{number}.{name}",
                        remedy="Send numbers and short words; texts say nothing to a rule.",
                    )

    async def _enter(self, count: int) -> None:
        if self._in_line + count > self.most_in_memory:
            raise Busy(_FULL)
        self._in_line += count
        try:
            async with asyncio.timeout(_PATIENCE), self._room:
                await self._room.wait_for(lambda: self._waiting + count <= self.most_in_memory)
                self._waiting += count
        except TimeoutError:
            raise Busy(_FULL) from None
        finally:
            self._in_line -= count

    async def _leave(self, count: int) -> None:
        async with self._room:
            self._waiting -= count
            self._room.notify_all()

    async def _keep(self, calls: Sequence[_Call]) -> Sequence[None]:
        count = len(calls)
        async with self.store.begin() as tx:
            calls = [call for call in calls if not await self._known(tx, call)]
            events = [event for call in calls for event in call.events]
            backlog = await tx.unread_events.backlog()
            if events and backlog + len(events) > self.most_unread:
                raise Busy(f"about {backlog} events wait to be read by the rules")
            _refuse_unknown(calls, await tx.devices.are({event.device for event in events}))
            kept = (self.index.kept(event) for event in events)
            await tx.unread_events.add([event for event in kept if event is not None])
        return [None] * count

    async def _known(self, tx: Transaction, call: _Call) -> bool:
        """Whether the same was taken before under its name."""
        if call.named is None or not call.events:
            return False
        by, key = call.named.by, call.named.key
        said = canonical_bytes(list(call.events)).decode()
        before = await tx.event_calls.take(call.events[0].tenant, by, key, said, self.clock())
        if before is Before.OTHER:
            raise InvalidInput(
                "was given to other events before",
                field="Idempotency-Key",
                remedy="Send the very same events again under this key, or others under a new one.",
            )
        return before is Before.SAME


def _refuse_unknown(calls: Sequence[_Call], known: set[tuple[TenantId, DeviceId]]) -> None:
    for call in calls:
        for number, event in enumerate(call.events):
            if (event.tenant, event.device) not in known:
                raise InvalidInput(
                    "there is no such device",
                    field=f"events.{number}.device",
                    remedy="Import it first, or leave its events out.",
                )
