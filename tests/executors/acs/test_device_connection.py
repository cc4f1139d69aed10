"""A connection on which all is plain: one request after the other, without a parser."""

import asyncio
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from brain.domain.identity import DeviceId
from evals.storm.script import Answer, Script
from executors.acs import messages as m
from executors.acs.connections import SERVER_OPTIONS
from executors.acs.device_connection import DeviceConnection
from tests.executors.acs.by_bytes import Peer, gone, listening, post, said

DEVICE = DeviceId("001122-Box-S0000001")
"""What the host of these tests takes the script's first one for."""


@pytest.fixture
async def door(site: Any) -> AsyncIterator[Callable[[], Any]]:
    async with listening(site.app) as connect:
        yield connect


@pytest.fixture
def slow(site: Any) -> asyncio.Event:
    """Informs are kept once this is set."""
    goes_on, informed = asyncio.Event(), site.host.informed

    async def slowly(*given: Any) -> Any:
        await goes_on.wait()
        return await informed(*given)

    site.host.informed = slowly
    return goes_on


async def with_password(peer: Peer) -> bytes:
    script = Script(username="homes", password="let-me-in")
    asked = Answer(401, await said(peer, script.opening(1)), b"")
    return script.with_password(1, asked)


async def test_who_does_not_say_who_it_is_gets_its_challenge_on_the_connection_it_goes_on_with(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    script = Script(username="homes", password="let-me-in")
    first, again = [await said(peer, script.opening(1)) for _ in range(2)]
    shown = script.with_password(1, Answer(401, again, b""))

    assert first.count(b'\r\nwww-authenticate: Digest realm="gatewright", qop="auth"') == 2
    assert again.startswith(b"HTTP/1.1 401 Unauthorized\r\n")
    assert (await said(peer, shown)).startswith(b"HTTP/1.1 200 ")
    assert site.app.connections.open == 1


async def test_requests_sent_without_waiting_for_answers_are_all_answered(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    peer[1].write(post() + post())

    for _ in range(2):
        head = await asyncio.wait_for(peer[0].readuntil(b"\r\n\r\n"), 5)
        assert head.startswith(b"HTTP/1.1 401 ")


async def test_however_many_are_sent_at_once_each_is_answered(
    site: Any, door: Callable[[], Any]
) -> None:
    peer, small = await door(), b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
    peer[1].write(small * 2000)

    for _ in range(2000):
        head = await asyncio.wait_for(peer[0].readuntil(b"\r\n\r\n"), 5)
        assert head.startswith(b"HTTP/1.1 401 ")


async def test_one_that_does_not_read_its_answers_is_not_heard_until_it_does(site: Any) -> None:
    wire = Wire()
    connection = DeviceConnection(
        connections=site.app.connections, server_state=SimpleNamespace(connections=set())
    )
    wire.protocol = connection
    connection.connection_made(wire)  # type: ignore[arg-type]
    connection.data_received(post() * 4)
    answered = wire.answers

    assert (answered, wire.reading) == (1, False)
    wire.full = False
    connection.resume_writing()
    assert (wire.answers, wire.reading) == (4, True)
    connection.connection_lost(None)


async def test_others_have_their_turn_before_all_that_one_sent_is_looked_at(site: Any) -> None:
    wire, small = Wire(), b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
    wire.full = False
    connection = DeviceConnection(
        connections=site.app.connections, server_state=SimpleNamespace(connections=set())
    )
    connection.connection_made(wire)  # type: ignore[arg-type]
    connection.data_received(small * 20)
    at_once = wire.answers
    await asyncio.sleep(0.01)

    assert (at_once, wire.answers) == (8, 20)
    connection.connection_lost(None)


async def test_an_answer_may_take_longer_than_a_device_may_be_silent(
    door: Callable[[], Any], slow: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SERVER_OPTIONS, "timeout_keep_alive", 0.1)
    peer = await door()
    peer[1].write(await with_password(peer))
    await asyncio.sleep(0.3)
    slow.set()

    assert b" 200 " in await asyncio.wait_for(peer[0].readuntil(b"\r\n\r\n"), 5)


async def test_one_that_hangs_up_while_it_is_answered_is_counted_no_longer(
    site: Any, door: Callable[[], Any], slow: asyncio.Event
) -> None:
    peer = await door()
    peer[1].write(await with_password(peer))
    await asyncio.sleep(0.02)
    peer[1].transport.abort()
    await asyncio.sleep(0.05)

    assert site.app.connections.open == 0
    slow.set()


async def test_what_comes_behind_a_request_that_is_being_answered_is_not_lost(
    site: Any, door: Callable[[], Any], slow: asyncio.Event
) -> None:
    peer = await door()
    chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    large = b"1000\r\n" + bytes(4096) + b"\r\n"
    peer[1].write(await with_password(peer) + chunked + large * 16)
    await asyncio.sleep(0.05)
    slow.set()
    assert b" 200 " in await asyncio.wait_for(peer[0].readuntil(b"\r\n\r\n"), 5)
    await peer[0].readuntil(b"</soap-env:Envelope>")
    peer[1].write(b"0\r\n\r\n")

    assert b" 401 " in await asyncio.wait_for(peer[0].readuntil(b"\r\n\r\n"), 5)


class Wire:
    """A transport whose other end reads nothing until it is told to."""

    def __init__(self) -> None:
        self.answers, self.full, self.reading = 0, True, True
        self.closed = self.aborted = False
        self.protocol: Any = None

    def get_extra_info(self, name: str) -> Any:
        return ("192.0.2.1", 4000) if name == "peername" else None

    def write(self, data: bytes) -> None:
        self.answers += 1
        if self.full and self.protocol is not None:
            self.protocol.pause_writing()

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.reading, self.aborted = False, True


async def test_one_who_was_asked_for_its_password_and_says_nothing_is_cut_off(
    site: Any, door: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SERVER_OPTIONS, "timeout_keep_alive", 0.05)
    peer = await door()
    await said(peer, post())

    assert await gone(peer)
    assert site.app.connections.open == 0


async def test_a_whole_session_needs_no_parser(
    site: Any, door: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("executors.acs.device_connection.ParsedConnection", None)
    peer, script = await door(), Script(username="homes", password="let-me-in")
    asked = Answer(401, await said(peer, script.opening(1)), b"")
    opened = await said(peer, script.with_password(1, asked))
    await peer[0].readuntil(b"</soap-env:Envelope>")

    over = await said(peer, script.nothing_more(Answer(200, opened, b"")))

    assert over == b"HTTP/1.1 204 No Content\r\n\r\n"
    assert site.host.informed_of != []


async def in_session(peer: Peer, script: Script) -> bytes:
    """The empty POST of a session that has just been opened."""
    asked = Answer(401, await said(peer, script.opening(1)), b"")
    opened = await said(peer, script.with_password(1, asked))
    await peer[0].readuntil(b"</soap-env:Envelope>")
    return script.nothing_more(Answer(200, opened, b""))


async def test_a_session_in_which_nobody_has_more_to_say_ends_without_a_task(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    nothing_more = await in_session(peer, Script(username="homes", password="let-me-in"))
    site.app._meet = None

    assert (await said(peer, nothing_more)).startswith(b"HTTP/1.1 204 ")
    assert len(site.sessions) == 0
    assert not site.room.is_live(DEVICE)


async def test_what_waits_for_a_device_is_asked_when_it_has_nothing_more_to_say(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    nothing_more = await in_session(peer, Script(username="homes", password="let-me-in"))
    asking = asyncio.create_task(site.room.ask(DEVICE, m.Reboot("k"), repeatable=False))
    await asyncio.sleep(0)

    assert (await said(peer, nothing_more)).startswith(b"HTTP/1.1 200 ")
    assert b"<cwmp:Reboot>" in await peer[0].readuntil(b"</soap-env:Envelope>")
    assert len(site.sessions) == 1
    asking.cancel()


async def test_one_that_says_nothing_to_what_it_was_asked_has_not_died_of_it(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    nothing_more = await in_session(peer, Script(username="homes", password="let-me-in"))
    died: list[Any] = []
    site.room.died = lambda *of: died.append(of)
    asking = asyncio.create_task(site.room.ask(DEVICE, m.Reboot("k"), repeatable=True))
    await asyncio.sleep(0)
    await said(peer, nothing_more)
    await peer[0].readuntil(b"</soap-env:Envelope>")

    assert (await said(peer, nothing_more)).startswith(b"HTTP/1.1 204 ")
    assert await asyncio.wait_for(asking, 5) is None
    assert died == []


async def test_a_cookie_does_not_help_one_who_shows_a_wrong_password(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    nothing_more = await in_session(peer, Script(username="homes", password="let-me-in"))
    wrong = b"\r\nAuthorization: Digest username=homes\r\nCookie:"

    assert b" 401 " in await said(peer, nothing_more.replace(b"\r\nCookie:", wrong))
    assert len(site.sessions) == 1


async def test_one_who_is_about_to_ask_is_waited_for(site: Any, door: Callable[[], Any]) -> None:
    peer = await door()
    nothing_more = await in_session(peer, Script(username="homes", password="let-me-in"))
    with site.room.expecting(DEVICE):
        peer[1].write(nothing_more)
        await asyncio.sleep(0.02)
        asking = asyncio.create_task(site.room.ask(DEVICE, m.Reboot("k"), repeatable=False))
        await asyncio.sleep(0)

    assert b" 200 " in await peer[0].readuntil(b"\r\n\r\n")
    asking.cancel()


async def test_a_cookie_of_no_session_ends_none(site: Any, door: Callable[[], Any]) -> None:
    peer = await door()
    script = Script(username="homes", password="let-me-in")
    await in_session(peer, script)
    stranger = Answer(200, b"\r\nset-cookie: gatewright=" + b"x" * 32 + b"; Path=/", b"")

    await said(await door(), script.nothing_more(stranger))

    assert len(site.sessions) == 1


async def test_a_plain_request_whose_body_does_not_come_is_cut_off(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    await said(peer, post())
    site.app.connections.patience = 0.05
    peer[1].write(post()[:-5])

    assert await gone(peer)
    assert site.app.connections.open == 0


async def test_one_that_was_handed_to_a_parser_has_other_time_limits(
    site: Any, door: Callable[[], Any]
) -> None:
    site.app.connections.patience = 0.05
    peer = await door()
    chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    await said(peer, chunked)
    await asyncio.sleep(0.15)

    assert b" 401 " in await said(peer, chunked)


async def test_one_that_does_not_read_the_answer_it_ends_with_is_cut_off(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("executors.acs.device_connection._PARTING", 0.05)
    site.app.connections.deadlines.every = 0.02
    wire = Wire()
    connection = DeviceConnection(
        connections=site.app.connections, server_state=SimpleNamespace(connections=set())
    )
    connection.connection_made(wire)  # type: ignore[arg-type]
    for number in range(64):
        site.control.ask(f"001122-Box-C{number}", "awaited", known=True)
    connection.data_received(post())
    closed = wire.closed
    await asyncio.sleep(0.15)

    assert (closed, wire.aborted) == (True, True)
    connection.connection_lost(None)


async def test_one_that_is_not_plain_is_heard_by_a_parser_on_the_same_connection(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    assert b" 401 " in await said(peer, post())
    chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"

    assert b" 401 " in await said(peer, chunked)
    assert site.app.connections.open == 1


async def test_a_server_that_ends_answers_what_it_was_asked_and_closes_the_rest(
    site: Any, slow: asyncio.Event
) -> None:
    async with listening(site.app) as connect:
        idle, asking = await connect(), await connect()
        asking[1].write(await with_password(asking))
        await asyncio.sleep(0.05)
        connect.server.should_exit = True
        assert await gone(idle)
        slow.set()
        answered = await asyncio.wait_for(asking[0].read(), 5)

    assert answered.startswith(b"HTTP/1.1 200 ")


async def test_a_request_that_breaks_the_server_is_answered_and_the_next_one_too(
    site: Any, door: Callable[[], Any]
) -> None:
    peer, script = await door(), Script(username="homes", password="let-me-in")
    asked = Answer(401, await said(peer, script.opening(1)), b"")
    sessions, site.app._sessions = site.app._sessions, None
    failed = await said(peer, script.with_password(1, asked))
    await peer[0].readuntil(b"Error\n")
    site.app._sessions = sessions

    assert failed.startswith(b"HTTP/1.1 500 ")
    assert b" 401 " in await said(peer, script.opening(1))


async def test_another_path_is_not_taken_for_a_session(site: Any, door: Callable[[], Any]) -> None:
    elsewhere = post().replace(b"POST / ", b"POST /elsewhere ")

    assert (await said(await door(), elsewhere)).startswith(b"HTTP/1.1 404 ")
