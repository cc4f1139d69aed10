"""An agent that plays its part of USP over a real WebSocket, and a controller for it to talk to."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect

from brain.domain.errors import StoreUnavailable
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock, NewId
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from evals.homes.usp.agent import HomeAgent
from executors.usp import messages, records
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.admission import Admission, by_word
from executors.usp.exchange import Exchange
from executors.usp.links import Link, Links
from executors.usp.messages import Message
from executors.usp.options import UspOptions
from executors.usp.records import NoSessionContextRecord, Record, RecordType
from executors.usp.usp import Usp
from executors.usp.websocket import SUBPROTOCOL, WebSocketOptions, serving_agents
from tests.executors.contract import TENANT, Permits
from tests.executors.usp.mosquitto import Mosquitto
from tests.executors.usp.papers import write_papers
from tests.executors.usp.rabbitmq import RabbitMq

CONTROLLER = "self::controller"
AGENT = "os::001122-S1"
DOTTED = "fqdn::a.b"
"""One that, read as a pattern, would be others too."""


@dataclass
class ScriptedAgent:
    """Answers what it is told to answer, and remembers what it was asked."""

    socket: ClientConnection
    endpoint: str = AGENT
    asked: list[Message] = field(default_factory=list)
    came: list[RecordType] = field(default_factory=list)
    answers: dict[type, Callable[[Any], Any]] = field(default_factory=dict)

    async def say(self, body: messages.Body, msg_id: str = "a1", **ends: str) -> None:
        """One message in a record of its own."""
        payload = messages.encode(Message(msg_id, body))
        await self.send(NoSessionContextRecord(payload), **ends)

    async def send(self, kind: RecordType, **ends: str) -> None:
        named = {"to_id": CONTROLLER, "from_id": self.endpoint} | ends
        await self.socket.send(records.encode(Record(**named, record_type=kind)))

    async def hear(self) -> RecordType:
        """The next record, whatever it is."""
        async with asyncio.timeout(2):
            frame = await self.socket.recv()
        assert isinstance(frame, bytes)
        record = records.decode(frame)
        assert (record.from_id, record.to_id) == (CONTROLLER, self.endpoint)
        self.came.append(record.record_type)
        return record.record_type

    async def heard(self) -> Message:
        """The next message."""
        while True:
            kind = await self.hear()
            if isinstance(kind, NoSessionContextRecord):
                message = messages.decode(kind.payload)
                self.asked.append(message)
                return message

    async def answer(self, count: int = 1) -> None:
        """Answer so many requests by ``answers``; what is not there is an error 7001."""
        for _ in range(count):
            message = await self.heard()
            make = self.answers.get(type(message.body), lambda _: r.Error(7001))
            await self.say(make(message.body), message.msg_id)


@dataclass
class Reports:
    """Remembers what it was told."""

    notes: list[tuple[str, str, q.Notify]] = field(default_factory=list)
    strays: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False

    async def notified(self, endpoint: str, message_id: str, notify: q.Notify) -> None:
        if self.broken:
            raise StoreUnavailable("the store is away")
        self.notes.append((endpoint, message_id, notify))

    def arrived(self, link: Link) -> None:
        """Nothing to do."""

    def strayed(self, link: Link, claimed: str) -> None:
        self.strays.append((link.endpoint, claimed))


@dataclass
class Site:
    """A controller with its server."""

    exchange: Exchange
    reports: Reports
    url: str
    stack: AsyncExitStack

    async def agent(self, endpoint: str = AGENT, **options: Any) -> ScriptedAgent:
        """An agent that is connected; the controller's first record is read."""
        socket = await self.stack.enter_async_context(
            connect(f"{self.url}?eid={quote(endpoint)}", subprotocols=[SUBPROTOCOL], **options)
        )
        agent = ScriptedAgent(socket, endpoint)
        await agent.hear()
        return agent


Open = Callable[..., Any]


@pytest.fixture
async def open_site(new_id: NewId) -> AsyncIterator[Open]:
    """Opens a controller; name what matters to the test."""
    async with AsyncExitStack() as stack:

        async def make(
            *, patience: float = 0.3, admission: Admission = by_word, **options: Any
        ) -> Site:
            reports = Reports()
            exchange = Exchange(
                endpoint_id=CONTROLLER,
                links=Links(),
                host=reports,
                new_id=new_id,
                patience=patience,
            )
            settings = WebSocketOptions(host="127.0.0.1", port=0, admission=admission, **options)
            server = await stack.enter_async_context(serving_agents(exchange, settings))
            port = next(iter(server.sockets)).getsockname()[1]
            scheme = "wss" if settings.tls else "ws"
            return Site(exchange, reports, f"{scheme}://127.0.0.1:{port}/usp", stack)

        yield make


@pytest.fixture
async def site(open_site: Open) -> Site:
    opened: Site = await open_site()
    return opened


@pytest.fixture
def trail(clock: Clock) -> AuditTrail:
    """An audit trail with a key of its own."""
    return AuditTrail(Ed25519PrivateKey.from_private_bytes(bytes(32)).sign, clock)


@dataclass
class TreeAgent:
    """Answers Get and Set from a dictionary of values."""

    tree: dict[ParameterPath, str]
    endpoint: str = AGENT
    sets: list[q.Set] = field(default_factory=list)
    refusing: int = 0

    def answer(self, asked: Any) -> Any:
        if isinstance(asked, q.Get):
            return r.GetResp(tuple(self.one(path) for path in asked.param_paths))
        if isinstance(asked, q.Set):
            return self.set(asked)
        return r.Error(7001)

    def one(self, path: str) -> r.PathValues:
        found = [
            name
            for name in self.tree
            if name == path or (path.endswith(".") and name.startswith(path))
        ]
        if not found:
            return r.PathValues(path, 7026)
        results = (
            r.ResolvedPathResult(above + ".", {leaf: self.tree[ParameterPath(f"{above}.{leaf}")]})
            for above, _, leaf in (name.rpartition(".") for name in found)
        )
        return r.PathValues(path, resolved_path_results=tuple(results))

    def set(self, asked: q.Set) -> Any:
        self.sets.append(asked)
        if self.refusing:
            return r.Error(self.refusing)
        done = []
        for each in asked.update_objs:
            for one in each.param_settings:
                self.tree[ParameterPath(each.obj_path + one.param)] = one.value
            done.append(r.UpdatedObjectResult(each.obj_path, r.UpdateSuccess()))
        return r.SetResp(tuple(done))


class MemoryLink:
    """A link with a simulated agent at its other end, and no wire between."""

    mtp = "memory"

    def __init__(self, exchange: Exchange, agent: HomeAgent | TreeAgent) -> None:
        self.exchange, self.agent = exchange, agent
        self.endpoint = agent.endpoint
        self.asked: list[messages.Body] = []
        self.answering: set[asyncio.Task[None]] = set()

    async def send(self, record: Record) -> bool:
        kind = record.record_type
        assert isinstance(kind, NoSessionContextRecord)
        message = messages.decode(kind.payload)
        self.asked.append(message.body)
        if isinstance(message.body, q.Request):
            task = asyncio.create_task(self.say(message))
            self.answering.add(task)
            task.add_done_callback(self.answering.discard)
        return True

    async def say(self, asked: Message) -> None:
        answer = Message(asked.msg_id, self.agent.answer(asked.body))
        kind = NoSessionContextRecord(messages.encode(answer))
        record = Record(to_id=CONTROLLER, from_id=self.endpoint, record_type=kind)
        await self.exchange.received(self, record)

    def end(self, reason: str) -> None:
        self.exchange.left(self)


@pytest.fixture
async def usp(store: Store, clock: Clock, new_id: NewId, trail: AuditTrail) -> AsyncIterator[Usp]:
    """A controller that no agent has reached yet."""
    made = Usp(
        store=store,
        permits=Permits(),
        audit=trail,
        clock=clock,
        new_id=new_id,
        options=UspOptions(
            tenant=TENANT,
            endpoint_id=CONTROLLER,
            patience=timedelta(seconds=0.3),
            command_patience=timedelta(seconds=0.5),
            look_every=timedelta(seconds=0.02),
            for_rules=lambda event: event,
        ),
    )
    yield made
    await made.close()


@pytest.fixture
def connected(usp: Usp) -> Callable[[HomeAgent], Any]:
    """Connects an agent and waits until it is on board, or could not be."""

    async def join(agent: HomeAgent) -> MemoryLink:
        link = MemoryLink(usp.exchange, agent)
        await usp.exchange.joined(link)
        await usp.settled()
        return link

    return join


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """A broker that lets everybody do everything."""
    broker = Mosquitto(tmp_path_factory.mktemp("mosquitto"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMq]:
    """A broker on which ``guest`` may do everything, and two agents what is theirs alone."""
    broker = RabbitMq(tmp_path_factory.mktemp("rabbitmq"), agents=(AGENT, DOTTED))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the certificates of a fleet are."""
    folder = tmp_path_factory.mktemp("papers")
    write_papers(folder, AGENT)
    return folder
