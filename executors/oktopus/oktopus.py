"""The executor for devices behind an operator's own Oktopus.

    okto = Oktopus(store=..., permits=..., clock=..., new_id=..., interface=Interface(options),
                   options=options)

Oktopus gives a device's next message to whoever waits, so what is read bears a mark of ours, and
what is written is believed only once such a reading shows it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from brain.domain.change import Plan
from brain.domain.controller import OKTOPUS, Capabilities
from brain.domain.device import Device
from brain.domain.errors import DeviceUnreachable
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot, is_object
from brain.domain.permit import Permit
from brain.domain.ports import Clock, NewId, PermitCheck
from brain.store.store import Store
from executors.acs.feeding import Feed
from executors.acs.keeping import Keeping
from executors.completions import Completions
from executors.oktopus.conversation import Conversation
from executors.oktopus.interface import Interface
from executors.oktopus.options import OktopusOptions
from executors.oktopus.writing import Writing
from executors.usp import requests as q
from executors.usp.application import Application
from executors.usp.exchange import Reply
from executors.usp.reading import Reading
from executors.usp.said import heard


@dataclass(kw_only=True)
class Oktopus:
    """An ``Executor``. The caller closes the ``interface``."""

    store: Store
    permits: PermitCheck
    clock: Clock
    new_id: NewId
    interface: Interface
    options: OktopusOptions
    feed: Feed = field(default_factory=Feed)
    """What the rules that open incidents are handed of what is read."""
    capabilities: Capabilities = OKTOPUS
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """As ``brain.domain.ports.Reader``; what was said is kept in the store too.

        Raises ControllerRefused when the device will not say it, beside DeviceUnreachable.
        """
        endpoint = await self._endpoint(device)
        said = await self.values(endpoint, paths)
        snapshot = Snapshot(device=device.id, taken_at=self.clock(), values=heard(said))
        keeping = Keeping(store=self.store, feed=self.feed)
        whole = tuple(path for path in paths if is_object(path))
        await keeping.keep(device, snapshot, whole=whole)
        return snapshot

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """As ``brain.domain.ports.Executor``. The permit is spent before anything is asked."""
        await self.permits.spend(permit, device, plan)
        endpoint = await self._endpoint(device)
        talk = self._talk(endpoint)
        strays = 0

        async def ask(request: q.Request) -> Reply:
            nonlocal strays
            await self.permits.still(permit)
            if permit.expires_at <= self.clock():
                raise DeviceUnreachable("the permit ran out before it was sent")
            before = talk.crossed
            reply = await talk.write(request)
            strays = talk.crossed - before
            return reply

        async def below(path: str) -> dict[str, str]:
            return await Reading(talk.read, batch=1).values([path])

        async def send(wanted: Plan) -> Outcome:
            application = Application(
                endpoint=endpoint,
                clock=self.clock,
                completions=Completions(),  # Oktopus passes no report on: only the row tells
                ask=ask,
                read=below,
                patience=self.options.command_patience.total_seconds(),
                look_every=self.options.look_every.total_seconds(),
            )
            return await application.carry_out(wanted, key=permit.change)

        async with self._locked(endpoint):
            writing = Writing(
                clock=self.clock,
                read=Reading(talk.read, batch=self.options.batch).values,
                send=send,
                crossed=lambda: strays > 0,
            )
            return await writing.carry_out(plan)

    async def values(self, endpoint: str, paths: Sequence[str]) -> dict[str, str]:
        """What an agent says now, and nothing kept; raises as ``read``."""
        async with self._locked(endpoint):
            reading = Reading(self._talk(endpoint).read, batch=self.options.batch)
            return await reading.values(paths)

    def _talk(self, endpoint: str) -> Conversation:
        return Conversation(
            interface=self.interface, endpoint=endpoint, mark=lambda: self.new_id("msg")
        )

    def _locked(self, endpoint: str) -> asyncio.Lock:
        """One of us at a time: our own answers would cross otherwise."""
        lock = self._locks.get(endpoint)
        if lock is None:
            lock = self._locks[endpoint] = asyncio.Lock()
        return lock

    async def _endpoint(self, device: Device) -> str:
        async with self.store.read() as tx:
            agent = await tx.agents.by_device(device.id)
        if agent is None:
            raise DeviceUnreachable(
                "the device was not seen in Oktopus, and nothing was sent",
                remedy="Have its agent connect to Oktopus, and wait until it was asked who it is.",
            )
        return agent.endpoint
