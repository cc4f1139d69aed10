"""Our own USP controller: the executor for devices on TR-369, and what their agents report to.

    usp = Usp(store=..., permits=..., audit=..., clock=..., new_id=..., options=UspOptions(...))
    async with serving_agents(usp.exchange, WebSocketOptions(...)): ...

Only ``apply`` changes a device, and only after a permit was spent. The one thing that is written
without is the controller's own subscriptions (``executors.usp.subscriptions``).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import structlog

from brain.domain.agent import Agent
from brain.domain.change import Plan
from brain.domain.controller import OWN_USP, Capabilities
from brain.domain.device import Device
from brain.domain.errors import DeviceUnreachable, GatewrightError
from brain.domain.history import EventKind
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, Snapshot, is_object
from brain.domain.permit import Permit
from brain.domain.ports import Clock, NewId, PermitCheck
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from executors.acs.facts import entry
from executors.acs.feeding import Feed
from executors.acs.keeping import Keeping
from executors.bulk.collector import Collector
from executors.completions import Completions
from executors.usp import requests as q
from executors.usp.application import Application, End
from executors.usp.arrivals import Arrivals
from executors.usp.exchange import Exchange, Reply
from executors.usp.home import Homes
from executors.usp.links import Link, Links
from executors.usp.onboarding import Onboarding
from executors.usp.options import UspOptions
from executors.usp.reading import Ask, Reading
from executors.usp.reports import Reports
from executors.usp.said import heard
from executors.usp.telemetry import Telemetry

_log = structlog.get_logger(__name__)

_NOT_PERMITTED: Final = "7006"


class Usp:
    """An ``Executor``, and the ``Host`` of what agents say."""

    capabilities: Capabilities = OWN_USP

    def __init__(
        self,
        *,
        store: Store,
        permits: PermitCheck,
        audit: AuditTrail,
        clock: Clock,
        new_id: NewId,
        options: UspOptions,
    ) -> None:
        self._store, self._permits, self._clock, self._options = store, permits, clock, options
        feed = Feed(for_rules=options.for_rules, most_unread=options.most_unread)
        self._completions: Completions[End] = Completions()
        self._arrivals = Arrivals(store=store, audit=audit, clock=clock, options=options)
        self._onboarding = Onboarding(
            store=store,
            clock=clock,
            arrivals=self._arrivals,
            ask_of=self._ask_of,
            options=options,
        )
        self.bulk = Collector(store=store, clock=clock)
        self.telemetry = Telemetry(device_of=self._arrivals.device_of, collector=self.bulk)
        self.homes = Homes(store=store, clock=clock, device_of=self._arrivals.device_of)
        self._reports = Reports(
            store=store,
            clock=clock,
            completions=self._completions,
            onboarding=self._onboarding,
            feed=feed,
            telemetry=self.telemetry,
        )
        self._keeping = Keeping(store=store, feed=feed)
        self.exchange = Exchange(
            endpoint_id=options.endpoint_id,
            links=Links(),
            host=self,
            new_id=new_id,
            patience=options.patience.total_seconds(),
        )

    async def close(self) -> None:
        """Stop what runs beside the agents, and say goodbye to them."""
        self.exchange.links.close()
        await asyncio.sleep(0)
        await self._reports.close()
        await self.telemetry.close()
        await self.homes.settled()
        await self._onboarding.close()
        await self._arrivals.close()

    async def settled(self) -> None:
        """Wait until every on-boarding under way has ended."""
        await self._onboarding.settled()
        await self._arrivals.settled()

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """As ``brain.domain.ports.Reader``; what was said is kept in the store too.

        Raises ControllerRefused when the device will not say it, beside DeviceUnreachable.
        """
        endpoint = await self._endpoint(device)
        reading = Reading(self._ask_of(endpoint), batch=self._options.batch)
        said = await reading.values(paths)
        snapshot = Snapshot(device=device.id, taken_at=self._clock(), values=heard(said))
        whole = tuple(path for path in paths if is_object(path))
        await self._keeping.keep(device, snapshot, whole=whole)
        return snapshot

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """As ``brain.domain.ports.Executor``: the request is handed over once at most.

        The permit is spent before anything else, so it is gone even when the device does not come.
        A halt also stops what waits for the device.
        """
        await self._permits.spend(permit, device, plan)
        agent = await self._agent(device)
        endpoint = agent.endpoint

        async def ask(request: q.Request) -> Reply:
            # What waits for the agent must not be handed over after the permit has run out.
            left = (permit.expires_at - self._clock()).total_seconds()
            return await self.exchange.ask(
                endpoint,
                request,
                repeatable=False,
                patience=left,
                leave=lambda: self._permits.still(permit),
            )

        async def read(path: str) -> dict[str, str]:
            return await Reading(self._ask_of(endpoint), batch=1).values([path])

        application = Application(
            endpoint=endpoint,
            clock=self._clock,
            completions=self._completions,
            ask=ask,
            read=read,
            patience=self._options.command_patience.total_seconds(),
            look_every=self._options.look_every.total_seconds(),
        )
        outcome = await application.carry_out(plan, key=permit.change)
        if outcome.fault == _NOT_PERMITTED and agent.role:
            detail = f"{outcome.detail}; the agent gives this controller the role {agent.role}"
            outcome = replace(outcome, detail=detail)
        if outcome.progress is Progress.REFUSED and outcome.fault:
            await self._keep_fault(device, plan, outcome)
        return outcome

    async def notified(self, endpoint: str, message_id: str, notify: q.Notify) -> None:
        """An agent reports: keep what it says."""
        await self._reports.take(endpoint, message_id, notify)

    def arrived(self, link: Link) -> None:
        """An agent is here: learn which device it is, if nobody knows yet."""
        self._onboarding.arrived(link.endpoint, link.mtp)

    def strayed(self, link: Link, claimed: str) -> None:
        """A record claims another sender: it was dropped, and is on record."""
        _log.warning("usp_strayed", endpoint=link.endpoint)
        self._arrivals.strayed(link.endpoint, claimed)

    def _ask_of(self, endpoint: str) -> Ask:
        async def ask(request: q.Request) -> Reply:
            return await self.exchange.ask(endpoint, request, repeatable=True)

        return ask

    async def _endpoint(self, device: Device) -> str:
        return (await self._agent(device)).endpoint

    async def _agent(self, device: Device) -> Agent:
        async with self._store.read() as tx:
            agent = await tx.agents.by_device(device.id)
        if agent is None:
            raise DeviceUnreachable(
                "the device never spoke USP, and nothing was sent",
                remedy="Have its agent connect, or manage it over the protocol that it speaks.",
            )
        self.exchange.links.reach(agent.endpoint, agent.mtp)
        return agent

    async def _keep_fault(self, device: Device, plan: Plan, outcome: Outcome) -> None:
        fault = entry(
            device, EventKind.FAULT, outcome.at, value=outcome.fault, detail=outcome.detail
        )
        try:
            async with self._store.begin() as tx:
                await tx.events.add(replace(fault, path=plan.paths[0]))
        except GatewrightError as error:  # history: what became of the plan is told all the same
            _log.error("recording_failed", device=device.id, error=error.code)
