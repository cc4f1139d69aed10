"""Devices of the storm keep to the protocol and to the retry policy, and give up on nobody."""

import socket
from collections.abc import Iterator
from random import Random
from threading import Thread

import pytest

from evals.storm.crowd import Crowd
from evals.storm.script import Script

SAID_NO = b"HTTP/1.1 503 Busy\r\nretry-after: 9\r\ncontent-length: 0\r\n\r\n"
ASKED = (
    b'HTTP/1.1 401 No\r\nwww-authenticate: Digest realm="r", qop="auth", algorithm=MD5, '
    b'nonce="n"\r\ncontent-length: 0\r\n\r\n'
)
OPENED = (
    b"HTTP/1.1 200 OK\r\nset-cookie: gatewright=c; Path=/\r\ncontent-length: 23\r\n\r\n"
    b"<cwmp:InformResponse/> "
).replace(b"<cwmp:InformResponse/> ", b"<a><InformResponse></a>")
ENDED = b"HTTP/1.1 204 No Content\r\n\r\n"


class Server:
    """Answers each request with the next of a list, whoever sends it; then hangs up."""

    def __init__(self, *answers: bytes) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.address: tuple[str, int] = self.listener.getsockname()
        self.answers = [*answers]
        self.requests: list[bytes] = []
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with peer:
                while self.answers and (request := peer.recv(65536)):
                    self.requests.append(request)
                    answer = self.answers.pop(0)
                    peer.sendall(answer)
                    if answer in (SAID_NO, ENDED):
                        break


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def crowds(clock: Clock) -> Iterator["Crowds"]:
    made = Crowds(clock)
    yield made
    for crowd in made.open:
        crowd.close()


class Crowds:
    def __init__(self, clock: Clock) -> None:
        self.clock, self.open = clock, list[Crowd]()

    def of(self, server: Server, count: int = 1, heedless: float = 0.0) -> Crowd:
        crowd = Crowd(
            first=10,
            count=count,
            address=server.address,
            script=Script(username="u", password="p"),
            heedless=heedless,
            draw=Random(1),
            now=self.clock,
        )
        self.open.append(crowd)
        return crowd


def until(crowd: Crowd, name: str, count: int) -> None:
    for _ in range(200):
        if getattr(crowd.tally, name) >= count:
            return
        crowd.turn(0.02)
    raise AssertionError(f"never: {name} {count}, but {crowd.tally}")


def test_a_session_is_done_at_the_204(crowds: Crowds, clock: Clock) -> None:
    server = Server(ASKED, OPENED, ENDED)
    crowd = crowds.of(server)
    crowd.release()
    clock.now += 1
    until(crowd, "done", 1)

    assert crowd.turn()
    assert (crowd.tally.open, crowd.tally.broken, crowd.tally.sent_away) == (0, 0, 0)
    assert len(crowd.admitted) == len(crowd.took) == 1
    assert b"Authorization:" not in server.requests[0]
    assert b"Authorization: Digest" in server.requests[1]
    assert b"Cookie: gatewright=c" in server.requests[2]


def test_one_who_was_sent_away_comes_back_when_it_was_told(crowds: Crowds, clock: Clock) -> None:
    server = Server(SAID_NO, ASKED, OPENED, ENDED)
    crowd = crowds.of(server)
    crowd.release()
    clock.now += 1
    until(crowd, "sent_away", 1)
    clock.now += 8.9
    for _ in range(3):
        crowd.turn(0.01)
    assert crowd.tally.attempts == 1

    clock.now += 0.2
    until(crowd, "done", 1)
    assert crowd.tally.attempts == 2
    assert crowd.tally.begun == 1


def test_one_who_does_not_heed_comes_back_by_the_policy(crowds: Crowds, clock: Clock) -> None:
    server = Server(SAID_NO, ASKED, OPENED, ENDED)
    crowd = crowds.of(server, heedless=1.0)
    crowd.release()
    clock.now += 1
    until(crowd, "sent_away", 1)

    clock.now += 4.9
    crowd.turn(0.01)
    assert crowd.tally.attempts == 1
    clock.now += 5.2
    until(crowd, "done", 1)


def test_one_who_was_cut_off_tries_again(crowds: Crowds, clock: Clock) -> None:
    server = Server(ASKED)
    crowd = crowds.of(server)
    crowd.release()
    clock.now += 1
    until(crowd, "broken", 1)

    assert crowd.tally.done == 0
    server.answers += [ASKED, OPENED, ENDED]
    clock.now += 10
    until(crowd, "done", 1)


def test_an_answer_that_no_acs_may_give_is_told_and_tried_again(
    crowds: Crowds, clock: Clock
) -> None:
    server = Server(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n")
    crowd = crowds.of(server)
    crowd.release()
    clock.now += 1
    until(crowd, "broken", 1)

    assert crowd.tally.wrong == "500 to device 10"


def test_a_server_that_says_nothing_is_given_up_after_half_a_minute(
    crowds: Crowds, clock: Clock
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server()
    server.address = listener.getsockname()
    crowd = crowds.of(server)
    crowd.release()
    clock.now += 1
    until(crowd, "open", 1)
    clock.now += 29
    crowd.turn(0.01)
    assert crowd.tally.broken == 0

    clock.now += 2
    until(crowd, "broken", 1)
    assert crowd.tally.open == 0
    listener.close()


def test_those_who_gather_say_nothing_before_the_release(crowds: Crowds, clock: Clock) -> None:
    server = Server(ASKED, OPENED, ENDED)
    crowd = crowds.of(server, count=3)
    for _ in range(100):
        if crowd.gather(1):
            break

    assert crowd.tally.open == 1
    assert crowd.tally.begun == 1
    assert server.requests == []
    crowd.release()
    until(crowd, "done", 1)
