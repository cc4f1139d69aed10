"""Bytes that no device should send: none of them ends a worker, and none is told of another device.

Each example is a seed, from which fifty inputs follow: real messages of every kind, broken in
several places, sent as the opening of a session, inside one, or by somebody without a password.
"""

import asyncio
import gzip
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from executors.acs import messages as m
from executors.acs.asgi import Answer
from executors.acs.envelope import Envelope
from executors.acs.request import Request
from executors.acs.soap import build

USERNAME, PASSWORD = "homes", "let-me-in"
INPUTS = 50
VICTIM, SECRET = "VICTIM0001", "Device.Victim.Secret"
STATUSES = {200, 204, 400, 401, 403, 404, 405, 408, 413, 415, 503}
TOKENS = (
    b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    b"<!ENTITY % y 'z'>",
    b"&x;",
    b"&#0;",
    b"&#x110000;",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<a>" * 40,
    b"</a>" * 40,
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"9" * 400,
    b"-1",
    b'xmlns:cwmp="urn:dslforum-org:cwmp-1-9"',
    b"soap-enc:arrayType='x[99999999]'",
    b"Inform",
    b"GetParameterValuesResponse",
    b"Fault",
    b"VICTIM",
)


def _inform(serial: str, *events: str) -> m.Inform:
    return m.Inform(
        device=m.Identity("Acme", "001122", "Box", serial),
        events=tuple(m.InformEvent(event) for event in events or ("2 PERIODIC",)),
        parameters=(
            m.ParameterValue("Device.DeviceInfo.SoftwareVersion", "1.0"),
            m.ParameterValue("Device.ManagementServer.ConnectionRequestURL", "http://192.0.2.1/"),
        ),
    )


MESSAGES: tuple[m.Message, ...] = (
    _inform("A1", "0 BOOTSTRAP", "1 BOOT"),
    _inform("A1", "M Reboot"),
    m.GetRPCMethods(),
    m.TransferComplete("key", 9010, "no", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
    m.GetParameterValuesResponse((m.ParameterValue("Device.A", "1", "unsignedInt"),)),
    m.GetParameterNamesResponse((m.ParameterInfo("Device.A", True),)),
    m.SetParameterValuesResponse(1),
    m.AddObjectResponse(3),
    m.Fault(9003, "no", (m.ParameterFault("Device.A", 9005),)),
    m.Reboot("key"),
)
CORPUS = tuple(build(Envelope(each, id="1")) for each in MESSAGES)


def broken(draw: Random) -> bytes:
    """A real message, broken in one to eight places."""
    body = bytearray(draw.choice(CORPUS))
    for _ in range(draw.randint(1, 8)):
        at = draw.randrange(len(body) + 1)
        end = min(at + draw.choice((1, 4, 40, 400)), len(body))
        kind = draw.randrange(6)
        if kind == 0 and body:
            body[at % len(body)] ^= 1 << draw.randrange(8)
        elif kind == 1:
            del body[at:end]
        elif kind == 2:
            body[at:at] = body[at:end]
        elif kind == 3:
            body[at:at] = draw.choice(TOKENS)
        elif kind == 4:
            other = draw.choice(CORPUS)
            start = draw.randrange(len(other))
            body[at:end] = other[start : start + draw.choice((20, 200, 2000))]
        else:
            body[at:at] = draw.randbytes(draw.choice((1, 8, 64)))
    return bytes(body)


def headers(draw: Random, cookie: str) -> list[tuple[bytes, bytes]]:
    """Of a device with a password, in a session, or of somebody with neither."""
    plain = b64encode(f"{USERNAME}:{PASSWORD}".encode())
    found = [
        (b"content-type", draw.choice((b"text/xml", b"text/xml; charset=iso-8859-1", b"x"))),
    ]
    who = draw.randrange(4)
    if who < 2:
        found.append((b"authorization", b"Basic " + plain))
    elif who == 2:
        found.append((b"cookie", f"gatewright={cookie}".encode()))
    if draw.random() < 0.1:
        found.append((b"cookie", b"gatewright=" + draw.randbytes(20).hex().encode()))
    if draw.random() < 0.1:
        found.append((b"authorization", b"Digest " + draw.randbytes(60)))
    return found


@dataclass
class Talk:
    """What one request was answered."""

    status: int = 0
    said: bytes = b""
    heads: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def send(self, event: Any) -> None:
        self.status = event.get("status", self.status)
        self.said += event.get("body", b"")
        self.heads += event.get("headers", [])


async def post(app: Any, body: bytes, heads: list[tuple[bytes, bytes]], port: int) -> Talk:
    """From an even port as uvicorn passes it on, from an odd one as a connection reads it whole."""
    through = _by_asgi if port % 2 == 0 else _whole
    return await through(app, body, heads, port)


async def _whole(app: Any, body: bytes, heads: list[tuple[bytes, bytes]], port: int) -> Talk:
    met: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    client = ("192.0.2.1", port)
    app.meet(
        Request(method="POST", path="/", client=client, headers=dict(heads), body=body),
        met.set_result,
    )
    answer = await met
    return Talk(answer.status, answer.body, [*answer.headers])


async def _by_asgi(app: Any, body: bytes, heads: list[tuple[bytes, bytes]], port: int) -> Talk:
    talk, sent = Talk(), [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return sent.pop() if sent else {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": heads,
        "client": ("192.0.2.1", port),
    }
    await app(scope, receive, talk.send)
    return talk


@dataclass
class Town:
    """A server on which a victim is in a session and an attacker, with a password, in another."""

    site: Any
    victim: str = ""
    asked: "asyncio.Task[Any] | None" = None

    async def open(self, serial: str, port: int) -> str:
        plain = b64encode(f"{USERNAME}:{PASSWORD}".encode())
        body = build(Envelope(_inform(serial), id="1"))
        talk = await post(self.site.app, body, [(b"authorization", b"Basic " + plain)], port)
        assert talk.status == 200
        cookie = dict(talk.heads)[b"set-cookie"].decode()
        return cookie.partition("=")[2].partition(";")[0]

    async def prepare(self) -> None:
        self.victim = await self.open(VICTIM, 1)
        ask = self.site.room.ask(
            f"001122-Box-{VICTIM}",
            m.GetParameterValues((SECRET,)),
            repeatable=True,
            patience=60,
        )
        self.asked = asyncio.create_task(ask)
        await asyncio.sleep(0)

    async def attack(self, draw: Random) -> None:
        """Fifty inputs, none of which may do harm."""
        cookie = await self.open("A1", 2)
        for _ in range(INPUTS):
            body, heads = broken(draw), headers(draw, cookie)
            if draw.random() < 0.05:
                body = gzip.compress(body)[: draw.randrange(400)]
                heads.append((b"content-encoding", b"gzip"))
            talk = await post(self.site.app, body, heads, draw.randrange(2, 9))
            assert talk.status in STATUSES
            told = talk.said + b"".join(value for _, value in talk.heads)
            assert self.victim.encode() not in told
            assert SECRET.encode() not in told
            assert b"root:" not in told
            if talk.status == 204 or talk.status >= 400:
                cookie = await self.open("A1", 2)

    async def untouched(self) -> None:
        """The victim's session goes on where it was."""
        assert self.asked is not None
        assert not self.asked.done()
        heads = [(b"cookie", f"gatewright={self.victim}".encode())]
        talk = await post(self.site.app, b"", heads, 1)
        assert talk.status == 200
        assert SECRET.encode() in talk.said
        self.asked.cancel()
        told = {type(each) for each in self.site.host.told_of}
        assert told <= set(get_args(m.Message)) | set(get_args(m.Request)) | {m.Unknown}


def attacked(make_site: Callable[..., Any], examples: int) -> int:
    """How many inputs were sent."""
    sent = 0

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(min_value=0, max_value=2**64 - 1))
    def one(seed: int) -> None:
        nonlocal sent

        async def run() -> None:
            town = Town(make_site(basic=True, room_patience=60))
            await town.prepare()
            with capture_logs() as logs:
                await town.attack(Random(seed))
            assert VICTIM not in str(logs)
            await town.untouched()

        runner.run(run())
        sent += INPUTS

    with asyncio.Runner() as runner:
        one()
    return sent


def test_a_thousand_broken_messages_do_no_harm(make_site: Callable[..., Any]) -> None:
    assert attacked(make_site, 20) >= 1_000


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_two_hundred_thousand_broken_messages_do_no_harm(make_site: Callable[..., Any]) -> None:
    assert attacked(make_site, 4_000) >= 200_000
