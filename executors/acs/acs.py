"""Our own ACS: the executor for devices on TR-069, and the server that they call.

    acs = Acs(store=..., permits=..., clock=..., new_id=..., options=AcsOptions(...))
    uvicorn.Config(acs.app, port=7547, **acs.app.options)

A device calls us, never the other way round: reading and applying leave an errand in its mailbox,
wake it, and wait. Only ``apply`` writes, and only after a permit was spent; what enrolment gives a
device, its own credentials and how often to call, is the one exception (``enrolling``).
"""

import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace

import structlog

from brain.datamodel.firmware import fetches_firmware
from brain.domain.change import Plan
from brain.domain.controller import OWN_ACS, Capabilities
from brain.domain.device import Device
from brain.domain.history import EventKind
from brain.domain.identity import DeviceId
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.domain.ports import Clock, NewId, PermitCheck
from brain.domain.reachability import Way
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.admission import AdmissionControl
from executors.acs.application import Application
from executors.acs.arriving import Arriving
from executors.acs.bulk_door import BulkDoor
from executors.acs.capacity import Capacity
from executors.acs.conversation import Conversation
from executors.acs.dialects import Dialects
from executors.acs.digest import Doorkeeper, Key
from executors.acs.discovery import Discovery
from executors.acs.enrolling import Enrolling
from executors.acs.enrolment import Enrolment
from executors.acs.facts import entry, report_event
from executors.acs.feeding import Feed
from executors.acs.fetching import Fetching, download_of
from executors.acs.intake import Arrival, Intake
from executors.acs.keeping import Keeping
from executors.acs.ladder import Ladder, by_http
from executors.acs.logins import Entrance, Login, Logins
from executors.acs.looking import Wants
from executors.acs.mailbox import Reply
from executors.acs.mailroom import Mailroom
from executors.acs.nonces import Nonces, numbered
from executors.acs.options import AcsOptions
from executors.acs.quarantine import Quarantine
from executors.acs.reader import Ask, Reading
from executors.acs.registrar import Registrar
from executors.acs.sampling import Sampling
from executors.acs.server import CwmpServer
from executors.acs.sessions import Sessions
from executors.acs.stun import Address
from executors.acs.udp_requests import UdpRequests
from executors.acs.wake import ConnectionRequests, connection_request_client
from executors.bulk.collector import Collector
from executors.completions import Completions

_log = structlog.get_logger(__name__)

_ENDING = 5.0
"""Seconds."""


class Acs:
    """An ``Executor``, a ``Host`` of sessions, and the ASGI application ``app``."""

    capabilities: Capabilities = OWN_ACS

    def __init__(
        self,
        *,
        store: Store,
        permits: PermitCheck,
        clock: Clock,
        new_id: NewId,
        options: AcsOptions,
        enrolment: Enrolment | None = None,
    ) -> None:
        """Without ``enrolment`` devices are given nothing, and keep the shared credentials."""
        self._store, self._permits, self._clock, self._options = store, permits, clock, options
        patience = options.wake_timeout.total_seconds()
        self._quarantine = Quarantine(store=store, clock=clock)
        self._mailroom = Mailroom(new_id=new_id, patience=patience, ward=self._quarantine)
        self._feed = Feed(for_rules=options.for_rules, most_unread=options.most_unread)
        self._logins = Logins(store)
        self._enrolling = (
            Enrolling(store=store, mailroom=self._mailroom, enrolment=enrolment)
            if enrolment
            else None
        )
        self._dialects = Dialects(self._ask_of, batch=options.batch)
        self._discovery = Discovery(
            store=store,
            clock=clock,
            dialects=self._dialects,
            ask_of=self._ask_of,
            batch=options.batch,
            at_once=options.discoveries if options.discover else 0,
            feed=self._feed,
        )
        self._keeping = Keeping(store=store, feed=self._feed)
        self._sampling = Sampling(
            store=store,
            clock=clock,
            read=self.look,
            wants=Wants(
                measures=options.measure_every, line=options.line_every, rules=options.rules_every
            ),
            hold=self._mailroom.expecting,
        )
        self._arrived: dict[DeviceId, Arrival] = {}
        self._transfers: Completions[m.TransferComplete] = Completions()
        self._client = connection_request_client()
        self._requests = ConnectionRequests(
            self._client, networks=options.networks, seconds=time.monotonic
        )
        self._udp = UdpRequests(find=self._logins.of, seconds=time.time, networks=options.networks)
        self._ladder = Ladder(
            store=store,
            clock=clock,
            ways={
                Way.HTTP: by_http(self._requests.request),
                Way.UDP: self._udp.ask,
                **({Way.XMPP: options.xmpp.ask} if options.xmpp else {}),
            },
            shared=Key(options.connection_request_username, options.connection_request_password),
        )
        self._intake = Intake(
            store=store,
            clock=clock,
            registrar=Registrar(
                tenant=options.tenant, open_door=options.enrol, enrolment=enrolment
            ),
            feed=self._feed,
            learn=self._logins.learn,
            came=self._ladder.came,
        )
        self.bulk = Collector(store=store, clock=clock)
        self.app = self._server()

    @property
    def connections(self) -> int:
        """How many connections of devices are open."""
        return self.app.connections.open

    async def listen(self, host: str, port: int) -> Address:
        """Be the STUN server of the devices too; where. OSError when somebody else is there."""
        return await self._udp.listen(host, port)

    async def close(self) -> None:
        """Stop what runs beside the sessions, after what is being answered."""
        await self.app.settled(_ENDING)
        if self._enrolling is not None:
            await self._enrolling.close()
        await self._sampling.close()
        await self._discovery.close()
        await self._quarantine.settled()
        await self._intake.close()
        await self._ladder.close()
        await self._udp.close()
        if self._options.xmpp is not None:
            await self._options.xmpp.close()
        await self._logins.close()
        await self._client.aclose()

    async def settled(self) -> None:
        """Wait until every enrolment, discovery and look under way has ended."""
        if self._enrolling is not None:
            await self._enrolling.settled()
        await self._discovery.settled()
        await self._sampling.settled()
        await self._quarantine.settled()

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """As ``brain.domain.ports.Reader``; what was said is kept in the store too.

        Raises ControllerRefused when the device will not say it, beside DeviceUnreachable.
        """
        dialect = await self._dialects.of(device)
        names = dialect.native(paths)
        if not names:  # nothing to ask, so the device was not heard from either
            return Snapshot(device=device.id, taken_at=self._clock(), values={})
        said = await Reading(self._ask_of(device.id), batch=self._options.batch).values(names)
        self._dialects.notice(device.id, said)
        whole = dialect.whole(paths, names)
        heard = dialect.heard(said, asked=names)
        snapshot = Snapshot(device=device.id, taken_at=self._clock(), values=heard)
        await self._keeping.keep(device, snapshot, whole=whole)
        return snapshot

    async def look(
        self, device: Device, paths: Sequence[ParameterPath], *, points: bool = True
    ) -> None:
        """Read and keep these while the device is here; it is not woken.

        Raises DeviceUnreachable when it has gone, or goes.
        """

        async def ask(message: m.Request) -> Reply:
            return await self._mailroom.ask_here(device.id, message)

        dialect = await self._dialects.of(device, ask)
        names = dialect.native(paths)
        said = await Reading(ask, batch=self._options.batch, lenient=True).values(names)
        if said:
            snapshot = Snapshot(
                device=device.id, taken_at=self._clock(), values=dialect.heard(said)
            )
            await self._keeping.keep(device, snapshot, points=points)

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """As ``brain.domain.ports.Executor``: each request is handed over once at most.

        The permit is spent before anything else, so it is gone even when the device does not come.
        A halt also stops what waits for the device, and the second of two requests.
        """
        await self._permits.spend(permit, device, plan)

        async def ask(message: m.Request) -> Reply:
            # What waits in the mailbox must not be handed over after the permit has run out.
            left = (permit.expires_at - self._clock()).total_seconds()
            return await self._mailroom.ask(
                device.id,
                message,
                repeatable=False,
                wake=self._ladder.rouse,
                patience=left,
                leave=lambda: self._permits.still(permit),
            )

        if fetches_firmware(plan.paths[0]):
            outcome = await self._fetching(device, ask).carry_out(
                download_of(plan, key=permit.change)
            )
        else:
            dialect = await self._dialects.of(device)
            application = Application(dialect=dialect, clock=self._clock, ask=ask)
            outcome = await application.carry_out(plan, key=permit.change)
        if outcome.progress is Progress.REFUSED and outcome.fault:
            fault = entry(
                device, EventKind.FAULT, outcome.at, value=outcome.fault, detail=outcome.detail
            )
            await self._intake.add(replace(fault, path=plan.paths[0]))
        return outcome

    def _fetching(self, device: Device, ask: Ask) -> Fetching:
        return Fetching(
            device=device.id,
            clock=self._clock,
            ask=ask,
            transfers=self._transfers,
            patience=self._options.transfer_patience.total_seconds(),
        )

    async def informed(self, inform: m.Inform, login: Login) -> DeviceId | None:
        """A device called: keep what it says, unless it is a stranger."""
        awaited = self._mailroom.is_awaited(inform.device.id)
        arrival = await self._intake.take(inform, login, awaited=awaited)
        if arrival is None:
            return None
        self._ladder.here(arrival.device.id)
        self._arrived[arrival.device.id] = arrival
        return arrival.device.id

    def entered(self, device: DeviceId, inform: m.Inform) -> None:
        """Its session is open: enrol it, discover it, or look at its numbers."""
        arrival = self._arrived.pop(device, None)
        if arrival is None:
            return
        if arrival.offer is not None and self._enrolling is not None:
            self._enrolling.begin(arrival.device, arrival.offer)
        if arrival.discover:
            self._discovery.begin(arrival.device)
        else:
            self._sampling.begin(arrival.device)

    async def told(self, device: DeviceId, message: m.Message) -> None:
        """It reported something on its own."""
        if isinstance(message, m.GetRPCMethods):
            return
        async with self._store.begin() as tx:
            known = await tx.devices.find(device)
            event = report_event(message, known, self._clock()) if known is not None else None
            if event is not None:
                await tx.events.add(event)
                await self._feed.give(tx, [event], event.at)
        if isinstance(message, m.TransferComplete):
            self._transfers.told(device, message.command_key, message)

    def _ask_of(self, device: DeviceId) -> Ask:
        async def ask(message: m.Request) -> Reply:
            return await self._mailroom.ask(
                device, message, repeatable=True, wake=self._ladder.rouse
            )

        return ask

    def _server(self) -> CwmpServer:
        options = self._options
        nonces = Nonces(
            secret=options.nonce_secret,
            seconds=time.time,
            unique=numbered(),
            life=300,
        )
        doorkeeper = Doorkeeper(
            username=options.username,
            password=options.password,
            nonces=nonces,
            basic=options.tls is not None,
        )
        sessions = Sessions(
            token=lambda: secrets.token_urlsafe(24),
            seconds=time.monotonic,
            idle=options.session_idle.total_seconds(),
            by_connection=options.by_connection,
        )
        self.admission = AdmissionControl(
            seconds=time.monotonic,
            random=random.random,
            capacity=Capacity(seconds=time.monotonic, busy=time.thread_time),
            live=lambda: len(sessions),
            most_live=options.most_sessions,
        )
        entrance = Entrance(doorkeeper, self._logins)
        linger = options.linger.total_seconds()
        server = CwmpServer(
            entrance=entrance,
            sessions=sessions,
            converse=lambda login: Conversation(
                login, host=self, mailroom=self._mailroom, linger=linger
            ),
            arriving=Arriving(control=self.admission, awaited=self._mailroom.is_awaited),
            path=options.path,
            tls=options.tls,
        )
        server.bulk = BulkDoor(entrance=entrance, store=self._store, collector=self.bulk)
        return server
