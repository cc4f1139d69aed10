"""A device that plays its part of CWMP over HTTP, and servers for it to talk to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
import pytest

from brain.domain.change import Plan, SetParameter
from brain.domain.device import Device
from brain.domain.identity import ChangeId, DeviceId, PermitId, TenantId
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.domain.ports import Clock, NewId
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.admission import AdmissionControl
from executors.acs.arriving import Arriving
from executors.acs.capacity import Capacity
from executors.acs.certificates import Tls
from executors.acs.conversation import Conversation
from executors.acs.digest import Doorkeeper
from executors.acs.envelope import Envelope
from executors.acs.logins import Entrance, Login
from executors.acs.mailroom import Mailroom
from executors.acs.nonces import Nonces
from executors.acs.options import AcsOptions
from executors.acs.server import CwmpServer
from executors.acs.sessions import Sessions
from executors.acs.soap import build, parse
from tests.executors.contract import Permits

USERNAME, PASSWORD = "homes", "let-me-in"
URL = "http://acs/"
KEY = "Device.ManagementServer.ParameterKey"
DEVICE = DeviceId("001122-Box-S1")
TENANT = TenantId("default")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
BAND = ParameterPath("Device.WiFi.Radio.1.OperatingFrequencyBand")
CHANGE = ChangeId("chg_00000000000000000000000001")
TREE = {
    "Device.DeviceInfo.ModelName": "Box 5",
    "Device.DeviceInfo.SoftwareVersion": "1.0",
    "Device.ManagementServer.ConnectionRequestURL": "",
    KEY: "",
    CHANNEL: "01",
    BAND: "2.4GHz",
    "Device.WiFi.AccessPoint.1.Security.KeyPassphrase": "correct horse",
}
PLAN = Plan(
    device=DEVICE,
    changes=(SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="1", after="11"),),
)


@dataclass
class ScriptedDevice:
    """Answers from a tree of values, remembers what it was asked, and can be told to misbehave."""

    client: httpx.AsyncClient
    tree: dict[str, str] = field(default_factory=dict)
    serial: str = "S1"
    url: str = URL
    asked: list[m.Message] = field(default_factory=list)
    told: list[m.Message] = field(default_factory=list)
    """Every answer to what it said itself."""
    drop_on: type[m.Message] | None = None
    """Hang up instead of answering one of these."""
    answers: dict[type, Callable[[m.Message], m.Message]] = field(default_factory=dict)
    said_id: str | None = "dev-1"
    statuses: list[int] = field(default_factory=list)

    def inform(self, *events: str) -> m.Inform:
        wanted = [name for name in self.tree if name.endswith((".SoftwareVersion", "URL", "Key"))]
        return m.Inform(
            device=m.Identity("Acme", "001122", "Box", self.serial),
            events=tuple(m.InformEvent(event) for event in events),
            parameters=tuple(m.ParameterValue(name, self.tree[name]) for name in wanted),
        )

    async def session(self, *events: str, says: tuple[m.Message, ...] = ()) -> None:
        """One whole session, from the Inform to the empty answer."""
        await self.say(self.inform(*events or ("2 PERIODIC",)))
        for message in says:
            await self.say(message)
        answer = await self.post(None)
        while answer is not None:
            self.asked.append(answer.message)
            if self.drop_on is not None and isinstance(answer.message, self.drop_on):
                raise ConnectionResetError
            answer = await self.post(self.answer(answer.message), said_id=answer.id)

    async def say(self, message: m.Message) -> None:
        answer = await self.post(message, said_id=self.said_id)
        assert answer is not None
        assert answer.id == self.said_id
        self.told.append(answer.message)

    async def post(self, message: m.Message | None, said_id: str | None = "") -> Envelope | None:
        body = b"" if message is None else build(Envelope(message, id=said_id))
        response = await self.client.post(self.url, content=body)
        self.statuses.append(response.status_code)
        if response.status_code == 204:
            return None
        assert response.status_code == 200, response.text
        return parse(response.content)

    def answer(self, message: m.Message) -> m.Message:
        if type(message) in self.answers:
            return self.answers[type(message)](message)
        if isinstance(message, m.GetParameterValues):
            return self._values(message)
        if isinstance(message, m.GetParameterNames):
            found = [m.ParameterInfo(name, name.endswith(".Channel")) for name in self.tree]
            return m.GetParameterNamesResponse(tuple(found))
        if isinstance(message, m.SetParameterValues):
            return self._set(message)
        if isinstance(message, m.Reboot):
            return m.RebootResponse()
        return m.Fault(9000)

    def _values(self, message: m.GetParameterValues) -> m.Message:
        found: list[m.ParameterValue] = []
        for name in message.names:
            below = [
                each
                for each in self.tree
                if each == name or (name.endswith(".") and each.startswith(name))
            ]
            if not below:
                return m.Fault(9005)
            found.extend(m.ParameterValue(each, self.tree[each]) for each in below)
        return m.GetParameterValuesResponse(tuple(found))

    def _set(self, message: m.SetParameterValues) -> m.Message:
        missing = [each.name for each in message.values if each.name not in self.tree]
        if missing:
            return m.Fault(9003, parameters=tuple(m.ParameterFault(n, 9005) for n in missing))
        self.tree.update({each.name: each.value for each in message.values})
        self.tree[KEY] = message.parameter_key
        return m.SetParameterValuesResponse(0)


Connect = Callable[..., ScriptedDevice]
"""``connect(app, tree=..., auth=...)``: a device that talks to this ASGI application."""


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    async with AsyncExitStack() as open_clients:
        clients: list[httpx.AsyncClient] = []

        def device(
            app: Any, *, auth: httpx.Auth | None = None, cookies: bool = True, **said: Any
        ) -> ScriptedDevice:
            jar = None if cookies else CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app, client=("192.0.2.1", 4000 + len(clients))),
                auth=httpx.DigestAuth(USERNAME, PASSWORD) if auth is None else auth,
                cookies=jar,
            )
            clients.append(client)
            open_clients.push_async_callback(client.aclose)
            return ScriptedDevice(client, **said)

        yield device


@pytest.fixture
def tree() -> dict[str, str]:
    """What a device says of itself."""
    return dict(TREE)


@pytest.fixture
def known() -> Callable[[Store], Awaitable[Device]]:
    """The device as it is in the store."""

    async def find(store: Store) -> Device:
        async with store.read() as tx:
            found = await tx.devices.find(DEVICE)
        assert found is not None
        return found

    return find


@pytest.fixture
def permit() -> Callable[..., Permit]:
    """Mints one for a plan, by default the one that sets the channel."""

    def mint(clock: Clock, plan: Plan = PLAN) -> Permit:
        return Permit(
            id=PermitId("prm_1"),
            tenant=TENANT,
            change=CHANGE,
            device=DEVICE,
            plan_digest=plan.digest,
            policy_revision="r1",
            fence=1,
            minted_at=clock(),
            expires_at=clock() + timedelta(minutes=5),
        )

    return mint


@pytest.fixture
def plan() -> Plan:
    """Sets the channel."""
    return PLAN


@pytest.fixture
def permits() -> Permits:
    return Permits()


@pytest.fixture
async def acs(store: Store, clock: Clock, new_id: NewId, permits: Permits) -> AsyncIterator[Acs]:
    options = AcsOptions(
        tenant=TENANT,
        username="homes",
        password="let-me-in",
        connection_request_username="acs",
        connection_request_password="wake-up",
        wake_timeout=timedelta(seconds=1.5),
        linger=timedelta(seconds=0.05),
        batch=3,
        enrol=True,
    )
    made = Acs(store=store, permits=permits, clock=clock, new_id=new_id, options=options)
    yield made
    await asyncio.wait({asyncio.create_task(made.settled())}, timeout=5)
    await made.close()


@pytest.fixture
async def home(acs: Acs, connect: Connect, tree: dict[str, str]) -> Any:
    """A device that was here before and is known in full."""
    device = connect(acs.app, tree=tree)
    await device.session("0 BOOTSTRAP", "1 BOOT")
    await acs.settled()
    device.asked.clear()
    return device


@dataclass
class Host:
    """Remembers what it was told."""

    informed_of: list[m.Inform] = field(default_factory=list)
    told_of: list[m.Message] = field(default_factory=list)
    failure: Exception | None = None

    async def informed(self, inform: m.Inform, login: Login) -> DeviceId | None:
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        self.informed_of.append(inform)
        return DeviceId(f"001122-Box-{inform.device.serial}")

    def entered(self, device: DeviceId, inform: m.Inform) -> None:
        """Nothing to do."""

    async def told(self, device: DeviceId, message: m.Message) -> None:
        self.told_of.append(message)


@dataclass
class Site:
    """A server with everything around it in memory."""

    new_id: NewId
    host: Host = field(default_factory=Host)
    seconds: float = 1_000_000.0
    by_connection: bool = True
    most_sessions: int = 100
    most_at_once: int = 64
    basic: bool = False
    tls: Tls | None = None
    room_patience: float = 0.5

    def __post_init__(self) -> None:
        def now() -> float:
            return self.seconds

        self.room = Mailroom(new_id=self.new_id, patience=self.room_patience)
        self.sessions = Sessions(
            token=lambda: self.new_id("cookie").replace("_", "-"),
            seconds=now,
            idle=60,
            by_connection=self.by_connection,
        )
        nonces = Nonces(
            secret=b"k" * 32, seconds=now, unique=lambda: self.new_id("n")[-16:], life=300
        )
        self.control = AdmissionControl(
            seconds=now,
            random=lambda: 0.5,
            capacity=Capacity(seconds=now, busy=lambda: 0.0),
            live=lambda: len(self.sessions),
            most=self.most_at_once,
            most_live=self.most_sessions,
        )
        self.app = CwmpServer(
            entrance=Entrance(
                Doorkeeper(username=USERNAME, password=PASSWORD, nonces=nonces, basic=self.basic)
            ),
            sessions=self.sessions,
            converse=lambda login: Conversation(
                login, host=self.host, mailroom=self.room, linger=0.05
            ),
            arriving=Arriving(control=self.control, awaited=self.room.is_awaited),
            tls=self.tls,
        )


@pytest.fixture
def make_site(new_id: NewId) -> Callable[..., Site]:
    """Makes a server; name what matters to the test."""

    def make(**but: Any) -> Site:
        return Site(new_id, **but)

    return make


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()
