"""The parts of a door by themselves: what it holds of bodies, its line, and where it listens."""

import asyncio
import socket
from typing import Any

import pytest

from executors.acs.asgi import NAMED, Answer, BodyRefused, busy
from executors.acs.doors.bodies import Bodies, body_of
from executors.acs.doors.carrying import answer_fields, request_in
from executors.acs.doors.frames import Frame, Kind, Unpacker, packed
from executors.acs.doors.inside import Inside
from executors.acs.doors.line import Away, Line
from executors.acs.doors.sockets import listening
from executors.acs.request import Request

POST = Request(method="POST", path="/", client=("192.0.2.1", 4000))


class Wire:
    """A transport that remembers."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.aborted = False

    def write(self, data: bytes) -> None:
        self.frames.extend(Unpacker().feed(data))

    def abort(self) -> None:
        self.aborted = True

    def is_closing(self) -> bool:
        return self.aborted


def line() -> tuple[Line, Wire, asyncio.Event]:
    over, wire = asyncio.Event(), Wire()
    made = Line(over=over.set)
    made.connection_made(wire)  # type: ignore[arg-type]
    return made, wire, over


def scope(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {NAMED: dict(headers)}


def sending(*parts: bytes) -> Any:
    left = [*parts]

    async def receive() -> dict[str, Any]:
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    return receive


async def test_large_bodies_share_a_bound_and_give_back_what_they_took() -> None:
    bodies = Bodies(most=100_000)
    shown = scope((b"authorization", b"x"))
    first, second = sending(bytes(150_000)), sending(bytes(150_000), b"more")
    with bodies.held(first) as held:
        assert len(await body_of(shown, first, held)) == 150_000
        with bodies.held(second) as other, pytest.raises(BodyRefused) as refused:
            await body_of(shown, second, other)
        small = sending(bytes(60_000))
        with bodies.held(small) as third:
            assert len(await body_of(shown, small, third)) == 60_000

    assert refused.value.status == 503
    assert bodies.left == 100_000


async def test_a_body_that_nobody_answers_for_is_not_held() -> None:
    bodies = Bodies(most=0)
    receive = sending(bytes(60_000), bytes(60_000), bytes(60_000))
    with bodies.held(receive) as held:
        assert len(await body_of(scope(), receive, held)) == 8192


async def test_answers_are_matched_by_their_number_however_they_come() -> None:
    made, wire, _ = line()
    first, second = (asyncio.create_task(made.ask(POST)) for _ in range(2))
    await asyncio.sleep(0)
    for frame, status in zip(reversed(wire.frames), (201, 202), strict=True):
        made.data_received(packed(Frame(Kind.ANSWER, frame.number, answer_fields(Answer(status)))))

    assert (await first, await second) == (Answer(202), Answer(201))


async def test_an_answer_that_nobody_waits_for_any_longer_is_let_go() -> None:
    made, wire, over = line()
    asking = asyncio.create_task(made.ask(POST))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    made.data_received(
        packed(Frame(Kind.ANSWER, wire.frames[0].number, answer_fields(Answer(200))))
    )

    assert not over.is_set()
    assert not wire.aborted


async def test_whoever_asks_when_the_server_goes_is_told_and_so_is_whoever_comes_after() -> None:
    made, _, over = line()
    told: list[Answer] = []
    made.meet(POST, told.append)
    asking = asyncio.create_task(made.ask(POST))
    await asyncio.sleep(0)
    made.connection_lost(None)

    with pytest.raises(Away):
        await asking
    with pytest.raises(Away):
        await made.ask(POST)
    made.meet(POST, told.append)
    assert told == [busy(30), busy(30)]
    assert over.is_set()


async def test_of_one_that_does_not_say_who_sends_it_the_beginning_is_carried() -> None:
    made, wire, _ = line()
    told: list[Answer] = []
    made.meet(POST._replace(body=bytes(9000)), told.append)
    shown = {b"authorization": b"Digest x", b"host": b"acs"}
    made.meet(POST._replace(headers=shown, body=bytes(9000)), told.append)
    anonymous, known = wire.frames

    assert [len(each.fields[0]) for each in wire.frames] == [8192, 9000]
    assert request_in(known.fields).headers == {b"authorization": b"Digest x"}
    made.data_received(packed(Frame(Kind.ANSWER, known.number, answer_fields(Answer(204)))))
    made.data_received(packed(Frame(Kind.ANSWER, anonymous.number, answer_fields(busy(17)))))
    assert told == [Answer(204), busy(17)]


async def test_one_that_the_server_does_not_answer_is_told_to_come_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("executors.acs.doors.line._PATIENCE", 0.01)
    made, wire, over = line()
    told: list[Answer] = []
    made.meet(POST, told.append)
    await asyncio.sleep(0.05)
    late = packed(Frame(Kind.ANSWER, wire.frames[0].number, answer_fields(Answer(204))))
    made.data_received(late)

    assert told == [busy(30)]
    assert not over.is_set()


async def test_a_head_that_is_not_carried_is_refused() -> None:
    made, wire, _ = line()
    told: list[Answer] = []
    made.meet(POST._replace(headers={b"cookie": bytes(70_000)}), told.append)

    assert [each.status for each in told] == [431]
    assert wire.frames == []


async def test_those_whom_there_is_no_room_to_hear_are_told_about_what_the_server_told() -> None:
    made, _, _ = line()
    made.data_received(packed(Frame(Kind.UNHEARD, 0, (b"400",))))

    assert 300 <= made.unheard() <= 500


@pytest.mark.parametrize(
    "said",
    [
        b"\xff" * 16,
        packed(Frame(Kind.COUNTS, 0, (b"1",))),
        packed(Frame(Kind.COUNTS, 0, (b"-1", b"2"))),
        packed(Frame(Kind.ANSWER, 1, (b"200", b""))),
    ],
)
async def test_a_door_that_says_what_none_would_is_given_up(site: Any, said: bytes) -> None:
    wire = Wire()
    inside = Inside(site.app)
    inside.connection_made(wire)  # type: ignore[arg-type]
    inside.data_received(said)
    inside.connection_lost(None)

    assert wire.aborted
    assert site.app.connections.open == 0


async def test_a_request_that_is_none_gives_its_door_up(site: Any) -> None:
    wire = Wire()
    inside = Inside(site.app)
    inside.connection_made(wire)  # type: ignore[arg-type]
    inside.data_received(packed(Frame(Kind.REQUEST, 1, (b"", b"", b"POST"))))
    await asyncio.sleep(0.01)

    assert wire.aborted
    assert wire.frames == []


async def test_a_server_that_breaks_at_a_request_answers_500_and_goes_on(site: Any) -> None:
    wire = Wire()
    inside = Inside(site.app)
    inside.connection_made(wire)  # type: ignore[arg-type]
    inside.data_received(packed(Frame(Kind.REQUEST, 1, _with_a_cookie())))
    site.app.bulk = None
    site.app._sessions = None
    await asyncio.sleep(0.01)

    assert [each.fields[0] for each in wire.frames] == [b"500"]
    assert not wire.aborted


def _with_a_cookie() -> tuple[bytes, ...]:
    return (b"", b"", b"POST", b"/", b"", b"0", b"0", b"cookie", b"a=b")


def test_a_port_of_another_server_is_not_shared_with_it() -> None:
    with (
        listening("127.0.0.1", 0, 2) as bound,
        pytest.raises(OSError, match="in use"),
        listening("127.0.0.1", bound[0].getsockname()[1], 2),
    ):
        pytest.fail("both listen")
    assert len(bound) == 2


def test_connections_are_spread_over_the_sockets_of_one_address() -> None:
    with listening("127.0.0.1", 0, 2) as bound:
        port = bound[0].getsockname()[1]
        callers = [socket.create_connection(("127.0.0.1", port)) for _ in range(64)]
        came = []
        for each in bound:
            each.setblocking(False)
            came.append(_accepted(each))
        for caller in callers:
            caller.close()

    assert sum(came) == 64
    assert min(came) > 8


def _accepted(listener: socket.socket) -> int:
    number = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return number
        number += 1
