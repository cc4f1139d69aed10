"""What tests of homes share: one home of any make, and a small controller that follows a script."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes, token_hex
from time import monotonic

import pytest

from evals.homes.air import Air, Interferer, Neighbour
from evals.homes.home import Home
from evals.homes.household import Guest, Household, RadioLife
from evals.homes.optics import Drop, Feeder
from evals.homes.wan import Wan
from evals.standins.serving import serving
from executors.acs import messages as m
from executors.acs.asgi import Answer, Receive, Scope, Send, header, read_body, send_answer
from executors.acs.digest import Admission, Doorkeeper
from executors.acs.envelope import Envelope
from executors.acs.nonces import Nonces
from executors.acs.soap import build, parse

MakeHome = Callable[..., Home]


@pytest.fixture
def make_home(clock: Callable[[], datetime]) -> MakeHome:
    """A home with a crowded channel 6; keywords replace what it is made of."""

    def make(**parts: object) -> Home:
        crowd = tuple(
            Neighbour(f"n{number}", f"06:00:00:00:00:0{number}", 6, -50 - number, 0.2)
            for number in range(3)
        )
        household = {
            "model": "havrelund-hl2400",
            "serial": "T1",
            "seed": 7,
            "country": "GB",
            "ssid": "Test",
            "passphrase": "correct horse",
            "wan": Wan("100.64.0.2", "100.64.0.1"),
            "resolvers": ("198.51.100.53", "203.0.113.53"),
            "drop": Drop(Feeder(), 4.0),
            "radios": (RadioLife(Air("2.4GHz", crowd), channel=6, demand=0.2),),
            "guests": (
                Guest("tv", "0A:00:00:00:00:01", "192.168.1.10", 1, -60),
                Guest("desktop", "0A:00:00:00:00:02", "192.168.1.11"),
            ),
        }
        return Home(Household(**{**household, **parts}), clock=clock)  # type: ignore[arg-type]

    return make


@pytest.fixture
def sender() -> Interferer:
    """A video sender across all of channel 11."""
    return Interferer("video sender", centre=2462.0, width=18.0, dbm=-50, duty=0.9)


@dataclass
class ScriptedAcs:
    """A controller that asks every device the same, and remembers what it was told."""

    script: Sequence[m.Request] = ()
    username: str = "gatewright"
    password: str = field(default_factory=lambda: token_hex(8))
    wants_cookie: bool = True
    status: int = 200
    """What to answer an Inform with; anything but 200 fails the session."""
    welcome: m.Message = m.InformResponse()  # noqa: RUF009 - frozen
    """What to open a session with."""
    url: str = ""
    informs: list[m.Inform] = field(default_factory=list)
    answers: list[m.Message] = field(default_factory=list)
    unauthorised: int = 0
    ended: int = 0
    _left: dict[str, list[m.Request]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._doorkeeper = Doorkeeper(
            username=self.username,
            password=self.password,
            nonces=Nonces(
                secret=token_bytes(32), seconds=monotonic, unique=lambda: token_hex(8), life=60
            ),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(scope, receive, 4_000_000)
        admission = self._doorkeeper.check("POST", scope["path"], header(scope, b"authorization"))
        if admission is not Admission.GRANTED:
            self.unauthorised += 1
            asked = self._doorkeeper.challenges(stale=admission is Admission.STALE)
            headers = tuple((b"www-authenticate", each.encode()) for each in asked)
            await send_answer(send, Answer(401, headers=headers))
            return
        await send_answer(send, self._answer(header(scope, b"cookie"), body))

    def _answer(self, cookie: str, body: bytes) -> Answer:
        said = parse(body) if body.strip() else None
        if said and isinstance(said.message, m.Inform):
            return self._opened(said, said.message)
        session = cookie.removeprefix("session=")
        if session not in self._left:
            return Answer(400)
        if said:
            self.answers.append(said.message)
        if not self._left[session]:
            self.ended += 1
            return Answer(204)
        asked = Envelope(self._left[session].pop(0), id=token_hex(4))
        return Answer(200, build(asked))

    def _opened(self, said: Envelope, inform: m.Inform) -> Answer:
        self.informs.append(inform)
        if self.status != 200:
            return Answer(self.status)
        session = token_hex(8)
        self._left[session] = list(self.script)
        reply = Envelope(self.welcome, id=said.id, namespace=said.namespace)
        headers = ((b"set-cookie", f"session={session}; Path=/".encode()),)
        return Answer(200, build(reply), headers)


@pytest.fixture
def scripted_acs() -> Callable[..., object]:
    """``async with scripted_acs(script) as acs`` serves one, and gives it with its URL."""

    @asynccontextmanager
    async def serve(
        script: Sequence[m.Request] = (), **parts: object
    ) -> AsyncIterator[ScriptedAcs]:
        acs = ScriptedAcs(script, **parts)  # type: ignore[arg-type]
        async with serving(acs) as url:
            acs.url = url + "/"
            yield acs

    return serve
