"""A device that plays its part of CWMP over HTTP, and what the server's tests share."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
import pytest

from executors.acs import messages as m
from executors.acs.soap import Envelope, build, parse

USERNAME, PASSWORD = "homes", "let-me-in"
URL = "http://acs/"
KEY = "Device.ManagementServer.ParameterKey"


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
