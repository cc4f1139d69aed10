"""A connection to a STOMP broker says who we are, is heard, and ends for what ends it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from executors.usp.errors import StompError
from executors.usp.stomp_broker import StompBroker, StompOptions, Subscription
from executors.usp.stomp_connection import StompServer, connected
from executors.usp.stomp_frames import Decoder, Frame, encode
from tests.executors.soon import soon

CONNECTED = Frame("CONNECTED", {"version": "1.2", "heart-beat": "0,0"})
HEARD = (Subscription("/topic/a", "a"), Subscription("/topic/b", "b"))


@dataclass
class Broker:
    """Answers each first frame with ``welcome``, confirms what is to be, and remembers the rest."""

    welcome: bytes = encode(CONNECTED)
    heard: list[Frame] = field(default_factory=list)
    beats: int = 0
    writer: asyncio.StreamWriter | None = None
    server: StompServer | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer, decoder = writer, Decoder(most_bytes=1000)
        with suppress(ConnectionError):
            while content := await reader.read(1000):
                self.beats += content == b"\n"
                for frame in decoder.feed(content):
                    self.heard.append(frame)
                    self.answer(frame)
        writer.close()

    def answer(self, frame: Frame) -> None:
        assert self.writer is not None
        if frame.command == "STOMP":
            self.writer.write(self.welcome)
        elif "receipt" in frame.headers:
            self.say(Frame("RECEIPT", {"receipt-id": frame.headers["receipt"]}))

    def say(self, frame: Frame) -> None:
        assert self.writer is not None
        self.writer.write(encode(frame))


@asynccontextmanager
async def listening(
    welcome: bytes = encode(CONNECTED), papers: Path | None = None, **said: Any
) -> AsyncIterator[Broker]:
    broker, tls = Broker(welcome), None
    if papers is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(papers / "server")
    async with await asyncio.start_server(broker.serve, "127.0.0.1", 0, ssl=tls) as server:
        port = server.sockets[0].getsockname()[1]
        options = {"host": "127.0.0.1", "endpoint": "self::us", "patience": 0.5} | said
        broker.server = StompServer(port=port, **options)
        yield broker


@asynccontextmanager
async def running(
    broker: Broker, back: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[StompBroker]:
    async def nothing() -> None:
        """It is back, and nobody minds."""

    assert broker.server is not None
    options = StompOptions(server=broker.server, retry=0.01, most_retry=0.02)
    made = StompBroker(options, random=lambda: 0.0)
    task = asyncio.create_task(made.run(HEARD, lambda parcel: None, back or nothing))
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_first_frame_says_who_we_are() -> None:
    async with listening(user="gw", password="secret", keep_alive=9) as broker:
        assert broker.server is not None
        async with connected(broker.server):
            pass
        await soon(lambda: len(broker.heard) == 2)

    assert broker.heard[0] == Frame(
        "STOMP",
        {
            "accept-version": "1.2",
            "host": "/",
            "login": "gw",
            "passcode": "secret",
            "heart-beat": "9000,9000",
            "endpoint-id": "self::us",
        },
    )
    assert broker.heard[1].command == "DISCONNECT"
    assert "secret" not in repr(broker.server)


async def test_without_a_user_no_passcode_is_said() -> None:
    async with listening() as broker:
        assert broker.server is not None
        async with connected(broker.server):
            pass

    assert not {"login", "passcode"} & {*broker.heard[0].headers}


@pytest.mark.parametrize(
    "welcome",
    [
        b"HTTP/1.1 400 Bad Request\n\n",
        encode(Frame("CONNECTED", {"version": "1.1"})),
        encode(Frame("RECEIPT", {"receipt-id": "1"})),
        encode(Frame("CONNECTED", {"version": "1.2", "heart-beat": "often"})),
        encode(Frame("ERROR", {"message": "Bad CONNECT"})),
    ],
)
async def test_who_is_no_broker_or_refuses_us_is_left(welcome: bytes) -> None:
    async with listening(welcome) as broker:
        assert broker.server is not None
        with pytest.raises(StompError):
            async with connected(broker.server):
                pytest.fail("it is no connection")


async def test_a_broker_that_says_nothing_is_left() -> None:
    async with listening(b"", patience=0.05) as broker:
        assert broker.server is not None
        with pytest.raises(TimeoutError):
            async with connected(broker.server):
                pytest.fail("it is no connection")


async def test_heart_beats_go_as_often_as_the_broker_wants_and_its_silence_is_noticed() -> None:
    welcome = encode(Frame("CONNECTED", {"version": "1.2", "heart-beat": "60,30"}))
    async with listening(welcome, keep_alive=0.02) as broker:
        assert broker.server is not None
        async with connected(broker.server) as connection:
            started = asyncio.get_running_loop().time()
            with pytest.raises(TimeoutError):
                await connection.heard()

    assert asyncio.get_running_loop().time() - started >= 0.11  # twice the broker's 60 ms
    assert 1 <= broker.beats <= 5  # 30 ms, not 20


async def test_a_frame_too_large_ends_the_connection() -> None:
    async with listening(most_bytes=10) as broker:
        assert broker.server is not None
        async with connected(broker.server) as connection:
            broker.say(Frame("MESSAGE", {"ack": "1"}, b"x" * 11))
            with pytest.raises(StompError):
                await connection.heard()


async def test_a_refusal_is_logged_without_the_names_in_it_and_tried_again() -> None:
    refusal = Frame("ERROR", {"message": "no access to /topic/usp.agent.os::001122-S1"})
    with capture_logs() as logged:
        async with listening(encode(refusal)) as broker, running(broker) as made:
            await soon(lambda: len(broker.heard) > 2)
            assert not made.here

    assert logged[0]["event"] == "usp_broker_lost"
    assert "001122" not in str(logged)


async def test_nothing_leaves_while_there_is_no_connection() -> None:
    async with listening(b"") as broker, running(broker) as made:
        assert not await made.send("/topic/x", b"x", reply_to="/topic/y", expires=1)
    assert [each.command for each in broker.heard if each.command == "SEND"] == []


async def test_a_lost_line_is_found_again_and_what_waits_is_told() -> None:
    backs = []

    async def back() -> None:
        backs.append(len(broker.heard))

    async with listening() as broker, running(broker, back) as made:
        await soon(lambda: made.here)
        assert broker.writer is not None
        broker.writer.close()
        await soon(lambda: len(backs) == 2 and made.here)

    said = [each.command for each in broker.heard]
    assert said[:6] == ["STOMP", "SUBSCRIBE", "SUBSCRIBE"] * 2
    assert backs == [3, 6]  # each time once the subscriptions were confirmed


async def test_a_broker_that_names_one_destination_for_all_is_not_heard() -> None:
    welcome = Frame("CONNECTED", {"version": "1.2", "subscribe-dest": "/queue/mine"})
    async with listening(encode(welcome)) as broker, running(broker) as made:
        await soon(lambda: len(broker.heard) > 2)
        assert not made.here

    assert "SUBSCRIBE" not in [each.command for each in broker.heard]


async def test_over_tls_a_broker_is_who_the_authority_says(papers: Path) -> None:
    known = ssl.create_default_context(cafile=papers / "ca")
    async with listening(papers=papers, host="localhost", tls=known) as broker:
        assert broker.server is not None
        async with connected(broker.server):
            pass
        assert [each.command for each in broker.heard][:1] == ["STOMP"]

        unknown = replace(broker.server, tls=ssl.create_default_context(), password="secret")
        another = replace(broker.server, host="127.0.0.1")  # which its certificate does not name
        broker.heard.clear()
        for server in (unknown, another):
            with pytest.raises(ssl.SSLCertVerificationError):
                async with connected(server):
                    pytest.fail("it is no connection")
        assert [each for each in broker.heard if each.command == "STOMP"] == []
