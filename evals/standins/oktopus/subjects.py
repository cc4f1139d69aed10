"""Stands in for the bus between Oktopus and a device: who waits gets the next message, whosever.

Several who wait for one device at the same time all get the first answer that comes; one that comes
after its ten seconds goes to whoever waits then. No ``msg_id`` is looked at.
"""

import asyncio
from dataclasses import dataclass, field

from brain.domain.canonical import Json
from evals.homes.device_session import LineLost
from evals.homes.home import Home
from evals.homes.usp.agent import HomeAgent
from evals.standins.oktopus.spelling import spelled
from executors.usp import requests as q


@dataclass(slots=True)
class Subject:
    """One device."""

    agent: HomeAgent
    patience: float = 10.0
    """Seconds until nobody waits any more."""
    latency: float = 0.0
    """Seconds that the way to the device and back takes."""
    late: int = 0
    """So many answers more come too late, and go to whoever asks next."""
    strays: dict[type, list[Json]] = field(default_factory=dict)
    """Answers to others: each comes just before the next answer to a request of this kind."""
    asked: list[q.Request] = field(default_factory=list)
    """What the device was handed."""
    _waiting: list["asyncio.Future[Json]"] = field(default_factory=list)
    _overdue: list[Json] = field(default_factory=list)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    @property
    def home(self) -> Home:
        """The device."""
        return self.agent.home

    @property
    def online(self) -> bool:
        """Whether it is connected."""
        return not (self.home.silent or self.home.faults.deaf)

    async def ask(self, request: q.Request) -> Json:
        """What comes first; TimeoutError where nothing does."""
        waiter: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        task = asyncio.create_task(self._carry(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await asyncio.wait_for(waiter, self.patience)
        finally:
            self._waiting.remove(waiter)

    async def _carry(self, request: q.Request) -> None:
        await asyncio.sleep(self.latency)
        overdue, self._overdue = self._overdue, []
        for said in overdue:
            self._publish(said)
        if not self.online:
            return
        self.asked.append(request)
        try:
            answer = spelled(self.agent.answer(request))
        except LineLost:
            return
        if self.late:
            self.late -= 1
            self._overdue.append(answer)
        else:
            if others := self.strays.get(type(request)):
                self._publish(others.pop(0))
            self._publish(answer)
        self.agent.ended()

    def _publish(self, said: Json) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(said)
