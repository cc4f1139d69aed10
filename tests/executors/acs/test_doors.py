"""Doors as real processes: any of them goes on with any session, and none is missed that dies."""

import asyncio
import os
import signal
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from executors.acs import messages as m
from executors.acs.certificates import Tls
from executors.acs.doors.doors import Doors, doors
from executors.acs.doors.sockets import listening
from executors.acs.envelope import Envelope
from executors.acs.soap import MAX_BYTES, build, parse
from tests.executors.papers import papers_in

LOGIN = ("homes", "let-me-in")
DEVICE = "001122-Box-S1"
ASK = m.GetParameterValues(("Device.DeviceInfo.SoftwareVersion",))
ANSWER = m.GetParameterValuesResponse((m.ParameterValue(ASK.names[0], "1.0"),))


@dataclass
class Entry:
    """Two doors, on a port each so that a test chooses."""

    doors: Doors
    urls: list[str]


@asynccontextmanager
async def entry(app: Any, *, most: int | None = None) -> AsyncIterator[Entry]:
    with ExitStack() as bound:
        sockets = [bound.enter_context(listening("127.0.0.1", 0, 1))[0] for _ in range(2)]
        scheme = "https" if app.tls else "http"
        urls = [f"{scheme}://127.0.0.1:{each.getsockname()[1]}/" for each in sockets]
        async with doors(app, sockets, most=most) as made:
            yield Entry(made, urls)


@pytest.fixture
async def two(site: Any) -> AsyncIterator[Entry]:
    async with entry(site.app) as made:
        yield made


@asynccontextmanager
async def device(*, cookies: bool = True, login: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    jar = None if cookies else CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    auth = httpx.DigestAuth(*LOGIN) if login else None
    async with httpx.AsyncClient(auth=auth, cookies=jar, trust_env=False, timeout=20) as client:
        yield client


def inform(serial: str = "S1", event: str = "1 BOOT") -> bytes:
    said = m.Inform(
        device=m.Identity("Acme", "001122", "Box", serial), events=(m.InformEvent(event),)
    )
    return build(Envelope(said, id="1"))


def asking(site: Any, *, repeatable: bool = True) -> "asyncio.Task[Any]":
    return asyncio.create_task(site.room.ask(DEVICE, ASK, repeatable=repeatable, patience=20))


async def raw(url: str, body: bytes) -> bytes:
    """The head of the answer to a request that comes in one piece, as devices send it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(url).port)
    writer.write(f"POST / HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    writer.close()
    return head


def reply_to(asked: httpx.Response) -> bytes:
    return build(Envelope(ANSWER, id=parse(asked.content).id))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - nobody has an event for it
            await asyncio.sleep(0.02)


async def test_a_session_goes_on_by_its_cookie_at_another_door(site: Any, two: Entry) -> None:
    waiting = asking(site)
    async with device() as box:
        opened = await box.post(two.urls[0], content=inform())
        asked = await box.post(two.urls[1])
        ended = await box.post(two.urls[0], content=reply_to(asked))

    assert (opened.status_code, asked.status_code) == (200, 200)
    assert b"GetParameterValues" in asked.content
    assert await waiting == ANSWER
    assert ended.status_code == 204
    assert len(site.sessions) == 0


async def test_a_session_without_a_cookie_stays_with_its_connection(site: Any, two: Entry) -> None:
    waiting = asking(site)
    async with device(cookies=False) as box, device(cookies=False) as other:
        await box.post(two.urls[0], content=inform())
        elsewhere = await other.post(two.urls[0])
        asked = await box.post(two.urls[0])
    waiting.cancel()

    assert elsewhere.status_code == 204
    assert b"GetParameterValues" in asked.content


async def test_a_door_that_is_killed_loses_no_session_and_no_errand(site: Any, two: Entry) -> None:
    waiting = asking(site, repeatable=False)
    async with device() as box:
        await box.post(two.urls[0], content=inform())
        killed = two.doors.pids[0]
        os.kill(killed, signal.SIGKILL)
        asked = await box.post(two.urls[1])
        ended = await box.post(two.urls[1], content=reply_to(asked))
        again = await box.post(two.urls[0], content=inform())  # waits for the next door

    assert b"GetParameterValues" in asked.content
    assert await waiting == ANSWER
    assert ended.status_code == 204
    assert again.status_code == 200
    assert killed not in two.doors.pids
    assert len(two.doors.pids) == 2


async def test_a_door_that_hangs_is_ended_and_another_follows(site: Any, two: Entry) -> None:
    two.doors.silence = 1.0
    hanging = two.doors.pids[0]
    os.kill(hanging, signal.SIGKILL)  # the next one is watched by the shorter patience
    await until(lambda: len(two.doors.pids) == 2 and hanging not in two.doors.pids)
    hanging = two.doors.pids[0]
    await until(two.doors.lines[0].opened.is_set)

    os.kill(hanging, signal.SIGSTOP)
    async with device() as box:
        answer = await box.post(two.urls[0], content=inform())

    assert answer.status_code == 200
    assert hanging not in two.doors.pids


async def test_one_device_that_breaks_the_decision_takes_no_door_down(
    site: Any, two: Entry
) -> None:
    pids = two.doors.pids

    def broken(body: bytes) -> None:
        raise ZeroDivisionError

    seen, site.app._arriving = site.app._arriving, SimpleNamespace(seen=broken)
    async with device() as box:
        failed = await box.post(two.urls[0], content=inform())
        site.app._arriving = seen
        answer = await box.post(two.urls[0], content=inform())

    assert (failed.status_code, answer.status_code) == (500, 200)
    assert two.doors.pids == pids


async def test_that_doors_are_replaced_no_longer_is_told_when_it_happens(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(number: int) -> int:
        raise ZeroDivisionError

    async def lose_one() -> None:
        async with entry(site.app) as made:
            monkeypatch.setattr(made.doors, "_one", broken)
            os.kill(made.doors.pids[0], signal.SIGKILL)
            await until(lambda: any(each["event"] == "acs_doors_not_kept" for each in logged))

    with capture_logs() as logged, pytest.raises(ExceptionGroup):
        await lose_one()


async def test_what_a_killed_door_was_asked_is_carried_out_and_the_device_comes_again(
    site: Any, two: Entry
) -> None:
    goes_on = asyncio.Event()
    informed = site.host.informed

    async def slowly(said: m.Inform, login: Any) -> Any:
        await goes_on.wait()
        return await informed(said, login)

    site.host.informed = slowly
    async with device() as box:
        posting = asyncio.create_task(box.post(two.urls[0], content=inform()))
        await until(lambda: site.control.under_way == 1 and not site.sessions)
        await asyncio.sleep(0.1)
        os.kill(two.doors.pids[0], signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            await posting
        goes_on.set()
        again = await box.post(two.urls[1], content=inform())

    assert again.status_code == 200
    assert len(site.host.informed_of) == 2
    assert site.control.under_way == 0


async def test_without_the_server_behind_it_a_door_answers_no_success_and_ends(
    site: Any, two: Entry
) -> None:
    never = asyncio.Event()
    site.host.informed = lambda said, login: never.wait()
    before = two.doors.pids
    async with device() as box:
        posting = asyncio.create_task(box.post(two.urls[0], content=inform()))
        await until(lambda: site.control.under_way == 1)
        await asyncio.sleep(0.2)
        two.doors.lines[0].hang_up()
        answer = await posting
    never.set()

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    await until(lambda: len(two.doors.pids) == 2 and two.doors.pids != before)
    assert site.host.informed_of == []


async def test_doors_end_with_their_server_and_finish_what_is_under_way(site: Any) -> None:
    informed = site.host.informed

    async def slowly(said: m.Inform, login: Any) -> Any:
        await asyncio.sleep(0.5)
        return await informed(said, login)

    site.host.informed = slowly
    async with device() as box:
        async with entry(site.app) as made:
            pids = made.doors.pids
            posting = asyncio.create_task(box.post(made.urls[0], content=inform()))
            await until(lambda: site.control.under_way == 1)
            await asyncio.sleep(0.1)
        answer = await posting

    assert answer.status_code == 200
    assert made.doors.pids == ()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_what_a_dead_door_was_asked_ends_before_its_server_does(site: Any) -> None:
    informed, kept = site.host.informed, []

    async def slowly(said: m.Inform, login: Any) -> Any:
        await asyncio.sleep(1.0)
        kept.append(said.device.serial)
        return await informed(said, login)

    site.host.informed = slowly
    async with device() as box:
        async with entry(site.app) as made:
            posting = asyncio.create_task(box.post(made.urls[0], content=inform()))
            await until(lambda: site.control.under_way == 1)
            await asyncio.sleep(0.1)
            os.kill(made.doors.pids[0], signal.SIGKILL)
        assert kept == ["S1"]
        with pytest.raises(httpx.TransportError):
            await posting


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_to_the_whole_group_is_for_the_server_alone(
    site: Any, two: Entry, sent: signal.Signals
) -> None:
    pids = two.doors.pids

    os.kill(pids[0], sent)
    await asyncio.sleep(0.5)
    async with device() as box:
        answer = await box.post(two.urls[0], content=inform())

    assert answer.status_code == 200
    assert two.doors.pids == pids


async def test_a_body_that_is_too_large_is_refused_at_the_door(site: Any, two: Entry) -> None:
    async with device() as box:
        answer = await box.post(two.urls[0], content=bytes(MAX_BYTES + 1))

    assert answer.status_code == 413
    assert site.host.informed_of == []


async def test_a_body_as_large_as_may_be_is_carried_whole(site: Any, two: Entry) -> None:
    padded = inform() + b" " * (MAX_BYTES - len(inform()))
    async with device() as box:
        assert (await box.post(two.urls[0], content=padded)).status_code == 200


async def test_two_doors_hold_more_connections_than_one_may(site: Any) -> None:
    async with entry(site.app, most=3) as made:
        peers = [
            await asyncio.open_connection("127.0.0.1", httpx.URL(url).port)
            for url in made.urls
            for _ in range(4)
        ]
        refused = [await peers[number][0].readuntil(b"\r\n\r\n") for number in (3, 7)]
        await until(lambda: site.app.connections.refused == 2)
        opened = site.app.connections.open
        for _, writer in peers:
            writer.close()
        await until(lambda: site.app.connections.open == 0)

    assert opened == 6
    assert all(b" 503 " in head and b"retry-after: " in head for head in refused)


async def test_in_a_crowd_a_door_sends_away_whom_its_server_would(site: Any, two: Entry) -> None:
    for number in range(64):
        site.control.ask(f"001122-Box-C{number}", "awaited", known=True)
    await asyncio.sleep(0.5)
    away = await raw(two.urls[0], inform("S1"))
    asked = await raw(two.urls[1], inform("S2", "0 BOOTSTRAP"))

    assert away.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: " in away
    assert b"content-length: 0" in away  # without a parser: the server's own answer has words
    assert asked.startswith(b"HTTP/1.1 401 ")
    assert site.control.backlog == 1


async def test_a_certificate_proves_its_own_serial_through_a_door_and_no_other(
    make_site: Callable[..., Any], tmp_path: Path
) -> None:
    papers = papers_in(tmp_path)
    server = papers / "server"
    site = make_site(tls=Tls(certificate=server, key=server, clients=papers / "maker"))
    context = ssl.create_default_context(cafile=papers / "maker")
    context.check_hostname = False
    context.load_cert_chain(papers / DEVICE)
    async with (
        entry(site.app) as made,
        httpx.AsyncClient(verify=context, trust_env=False) as box,
    ):
        own = await box.post(made.urls[0], content=inform("S1"))
        ended = await box.post(made.urls[1])
        other = await box.post(made.urls[0], content=inform("S2"))

    assert (own.status_code, ended.status_code, other.status_code) == (200, 204, 401)
    assert [each.device.serial for each in site.host.informed_of] == ["S1"]
