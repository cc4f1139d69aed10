"""Things of a home that publish through its gateway's part of the broker: who they are, no more.

    usp/home/ENDPOINT/NAME/…                     something speaks for itself
    usp/home/ENDPOINT/BRIDGE/bridge/devices      Zigbee2MQTT lists what it speaks for
    usp/home/ENDPOINT/BRIDGE/NAME/…              one of these speaks

What they say is not kept, and nothing is ever published to them.
"""

import asyncio
import json
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from brain.domain.device import Device
from brain.domain.errors import GatewrightError
from brain.domain.ports import Clock
from brain.domain.thing import LONGEST_NAME, MOST_THINGS, Household, Thing, ThingKind
from brain.store.store import Store
from executors.flood import Flood

_log = structlog.get_logger(__name__)

_EVERY: Final = timedelta(minutes=10)
"""So often it is written down who was heard."""
_MOST_HOMES: Final = 10_000
_MOST_BYTES: Final = 256 * 1024
_MOST_LEVELS: Final = 4
_LISTED: Final = ["bridge", "devices"]
_KINDS: Final = {
    "Coordinator": ThingKind.COORDINATOR,
    "Router": ThingKind.ROUTER,
    "EndDevice": ThingKind.END_DEVICE,
}


@dataclass(slots=True)
class _News:
    """What one home said since it was last written down."""

    flood: Flood
    written: datetime | None = None
    heard: dict[str, datetime] = field(default_factory=dict)
    listed: dict[str, tuple[Thing, ...]] = field(default_factory=dict)
    writing: "asyncio.Task[None] | None" = None


@dataclass(slots=True, kw_only=True)
class Homes:
    """Listens, and writes down now and then who there is."""

    store: Store
    clock: Clock
    device_of: Callable[[str], Awaitable[Device | None]]
    counts: Counter[str] = field(default_factory=Counter)
    """``floods`` are publications that came too fast, ``unreadable`` those of no use."""
    _homes: "OrderedDict[str, _News]" = field(default_factory=OrderedDict)

    def published(self, endpoint: str, topic: str, content: bytes) -> None:
        """Something spoke below ``topic``. The endpoint was proven before."""
        news, now = self._news(endpoint), self.clock()
        if not news.flood.takes(now.timestamp()):
            self.counts["floods"] += 1
            return
        levels = [_named(each) for each in topic.split("/")[:_MOST_LEVELS]]
        if not levels[0] or None in levels:
            self.counts["unreadable"] += 1
            return
        if levels[1:] == _LISTED:
            listed = things_of(levels[0], content)
            if listed is None:
                self.counts["unreadable"] += 1
                return
            if len(news.listed) < MOST_THINGS:
                news.listed[levels[0]] = listed
        elif levels[1:2] != ["bridge"] and len(news.heard) < MOST_THINGS:
            news.heard["/".join(filter(None, levels))] = now
        if news.listed or news.written is None or news.written + _EVERY <= now:
            self._write(endpoint, news)

    async def settled(self) -> None:
        """Wait until what came is written down."""
        tasks = [each.writing for each in self._homes.values() if each.writing]
        await asyncio.gather(*tasks, return_exceptions=True)

    def _news(self, endpoint: str) -> _News:
        found = self._homes.pop(endpoint, None)
        if found is None:
            found = _News(Flood(rate=20, burst=400, now=self.clock().timestamp()))
        self._homes[endpoint] = found
        if len(self._homes) > _MOST_HOMES:
            self._homes.popitem(last=False)
        return found

    def _write(self, endpoint: str, news: _News) -> None:
        if news.writing is None or news.writing.done():
            news.writing = asyncio.create_task(self._keep(endpoint, news), name=f"home {endpoint}")

    async def _keep(self, endpoint: str, news: _News) -> None:
        device = await self.device_of(endpoint)
        now = news.written = self.clock()
        if device is None:  # what came waits until somebody knows whose home it is
            return
        heard, listed = news.heard, news.listed
        news.heard, news.listed = {}, {}
        try:
            async with self.store.begin() as tx:
                await tx.devices.hold([device.id])
                known = await tx.households.get(device.tenant, device.id)
                household = known or Household(tenant=device.tenant, device=device.id)
                for bridge, things in listed.items():
                    household = household.told(bridge, things, now)
                await tx.households.put(household.heard(heard, now))
        except GatewrightError as error:
            _log.warning("household_not_kept", device=device.id, reason=str(error))
        if news.listed:  # it came meanwhile
            await self._keep(endpoint, news)


def things_of(bridge: str, content: bytes) -> tuple[Thing, ...] | None:
    """What Zigbee2MQTT lists in ``bridge/devices``; None for what is no such list."""
    if len(content) > _MOST_BYTES:
        return None
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, list):
        return None
    found: dict[str, Thing] = {}
    for each in document[:MOST_THINGS]:
        name = _named(each.get("friendly_name"), slashes=True) if isinstance(each, dict) else None
        if name:
            found[name] = _thing(bridge, name, each)
    return tuple(found.values())


def _thing(bridge: str, name: str, said: dict[str, object]) -> Thing:
    definition = said.get("definition")
    known = definition if isinstance(definition, dict) else {}
    return Thing(
        name=name,
        kind=_KINDS.get(str(said.get("type")), ThingKind.OTHER),
        bridge=bridge,
        maker=_named(known.get("vendor") or said.get("manufacturer"), slashes=True) or "",
        model=_named(known.get("model") or said.get("model_id"), slashes=True) or "",
    )


def _named(said: object, *, slashes: bool = False) -> str | None:
    """A name as it may be kept and shown; None for one that may not."""
    if not isinstance(said, str) or len(said) > LONGEST_NAME or not said.isprintable():
        return None
    return said if slashes or "/" not in said else None
