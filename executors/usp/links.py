"""The ways to agents that are open now, whatever they travel over: one an agent, the newest."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from executors.usp.records import Record

DROPPED: Final = (
    "answers_to_nothing",
    "floods",
    "not_admitted",
    "not_for_us",
    "other_answers",
    "reports_lost",
    "sessions_broken",
    "strayed",
    "turned_away",
    "unreadable",
)
"""Why something of an agent was not taken, as ``Links.counts`` names it."""


class Link(Protocol):
    """One open way to one agent, whose identity it has established."""

    @property
    def endpoint(self) -> str:
        """The agent."""

    @property
    def mtp(self) -> str:
        """What it travels over, such as ``websocket``."""

    async def send(self, record: Record) -> bool:
        """Hand it over. False: it is certain that nothing was sent."""

    def end(self, reason: str) -> None:
        """Say goodbye and close; it may be called again."""


@dataclass(slots=True)
class Links:
    """Which agents are here, and the counts of what was turned away."""

    counts: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    """Records that came, by MTP."""
    given: Counter[str] = field(default_factory=Counter)
    """Records that were handed over, by MTP; those that open and close a way are not counted."""
    reached: dict[str, Callable[[str], Link | None]] = field(default_factory=dict)
    """By MTP: a way to an agent that has not come to us, such as through a broker."""
    _open: dict[str, Link] = field(default_factory=dict)
    _awaited: dict[str, set["asyncio.Future[None]"]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._open)

    @property
    def by_mtp(self) -> Counter[str]:
        """How many agents are here over each MTP."""
        return Counter(each.mtp for each in self._open.values())

    async def give(self, link: Link, record: Record) -> bool:
        """Hand a record over and count it; as ``Link.send``."""
        left = await link.send(record)
        if left:
            self.given[link.mtp] += 1
        return left

    def joined(self, link: Link) -> None:
        """An agent came; the way it had before is ended (R-WS.4: one session between two)."""
        before = self._open.get(link.endpoint)
        self._open[link.endpoint] = link
        if before is not None and before is not link:
            before.end("the agent came again")
        for waiting in self._awaited.pop(link.endpoint, ()):
            if not waiting.done():
                waiting.set_result(None)

    def left(self, link: Link) -> None:
        """This way is closed; nothing happens where a newer one took its place."""
        if self._open.get(link.endpoint) is link:
            del self._open[link.endpoint]

    def of(self, endpoint: str) -> Link | None:
        """The way to this agent, if it is here."""
        return self._open.get(endpoint)

    def reach(self, endpoint: str, mtp: str) -> None:
        """Have a way to this agent, which came over ``mtp`` last, if that MTP has one."""
        make = self.reached.get(mtp)
        link = make(endpoint) if make is not None and endpoint not in self._open else None
        if link is not None:
            self.joined(link)

    def is_current(self, link: Link) -> bool:
        """Whether this is the agent's way, and not one that was replaced."""
        return self._open.get(link.endpoint) is link

    async def arrival(self, endpoint: str, patience: float) -> Link | None:
        """The way to this agent, waiting at most ``patience`` seconds for it to come."""
        link = self._open.get(endpoint)
        if link is not None or patience <= 0:
            return link
        waiting = asyncio.get_running_loop().create_future()
        self._awaited.setdefault(endpoint, set()).add(waiting)
        try:
            await asyncio.wait({waiting}, timeout=patience)
        finally:
            others = self._awaited.get(endpoint)
            if others is not None:
                others.discard(waiting)
                if not others:
                    del self._awaited[endpoint]
        return self._open.get(endpoint)

    def close(self) -> None:
        """End them all."""
        for link in list(self._open.values()):
            link.end("the controller stops")
