"""One process full of devices, each on a TCP connection of its own, driven by one epoll loop.

Everything goes to the loopback network. A device connects, sends its Inform, is asked for its
password, sends it, says that it has nothing more, and is done at the 204. Sent away, it comes back
when it was told to; refused or cut off, by the retry policy of TR-069 3.2.1.1, and so does a share
of devices that do not heed Retry-After.
"""

import errno
import heapq
import select
import socket
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic

from evals.homes.retry import wait_seconds
from evals.storm.script import Answer, Script, answer_in

MOST_OPEN = 17_000
"""Connections of one process; the usual limit of file descriptors is little higher."""
_BIND_ADDRESS_NO_PORT = 24  # linux/in.h: the port is chosen with the destination
_PATIENCE = 30.0
"""Seconds that a device waits for an answer (TR-069 3.7.1.1)."""
_TURN = 512
"""Connections begun before the others have their turn."""


@dataclass(slots=True)
class Tally:
    """How far a crowd has come."""

    done: int = 0
    open: int = 0
    begun: int = 0
    """Devices that have tried to connect at least once."""
    gathered: bool = False
    """All that were to connect before the release were let in or refused."""
    attempts: int = 0
    sent_away: int = 0
    broken: int = 0
    """Sessions that ended in any other way."""
    wrong: str = ""
    """The first answer that no ACS may give."""


@dataclass(slots=True)
class _Talk:
    number: int
    socket: socket.socket
    since: float
    """When it last heard anything."""
    began: float
    connected: bool = False
    asked: bool = False
    opened: bool = False
    received: bytes = b""


@dataclass(slots=True, kw_only=True)
class Crowd:
    """The devices ``first`` to ``first + count - 1``. Call ``turn`` until all are done."""

    first: int
    count: int
    address: tuple[str, int]
    script: Script
    heedless: float
    """The share of devices that do not heed Retry-After."""
    draw: Random
    now: Callable[[], float] = monotonic
    most_open: int = MOST_OPEN
    tally: Tally = field(default_factory=Tally)
    released: float = 0.0
    admitted: "array[float]" = field(default_factory=lambda: array("d"))
    """Seconds from the release to the InformResponse, in the order in which they came."""
    took: "array[float]" = field(default_factory=lambda: array("d"))
    """Seconds from connecting to the InformResponse, the same."""
    _failures: bytearray = field(default_factory=bytearray)
    _due: list[tuple[float, int]] = field(default_factory=list)
    _talks: dict[int, _Talk] = field(default_factory=dict)
    _poll: select.epoll = field(default_factory=select.epoll)
    _looked: float = 0.0

    def __post_init__(self) -> None:
        self._failures = bytearray(self.count)

    def gather(self, most: int) -> bool:
        """Connect so many and have them wait; whether all of them were let in or refused."""
        wanted = min(most, self.count, self.most_open)
        for number in range(self.tally.begun, min(self.tally.begun + _TURN, wanted)):
            self._begin(self.first + number)
        busy = self.tally.begun < wanted
        self._happenings(0.0 if busy else 0.05)
        self.tally.gathered = not busy and all(each.connected for each in self._talks.values())
        return self.tally.gathered

    def release(self) -> None:
        """Everybody speaks within a second from now; who is not connected yet connects."""
        self.released = self.now()
        waiting = set()
        self._due.clear()
        for talk in [*self._talks.values()]:
            waiting.add(talk.number)
            talk.since = talk.began = self.released
            if talk.connected:
                self._send(talk, self.script.opening(talk.number))
        for number in range(self.first, self.first + self.count):
            if number not in waiting:
                self._due.append((self.released + self.draw.random(), number))
        heapq.heapify(self._due)

    def turn(self, most_seconds: float = 0.05) -> bool:
        """Connect whoever is due, and handle what has come; whether all are done."""
        now = self.now()
        for _ in range(_TURN):
            if not self._due or self._due[0][0] > now or len(self._talks) >= self.most_open:
                break
            self._begin(heapq.heappop(self._due)[1])
        busy = bool(self._due) and self._due[0][0] <= now and len(self._talks) < self.most_open
        self._happenings(0.0 if busy else most_seconds)
        self._cut_off()
        return self.tally.done == self.count

    def close(self) -> None:
        """Hang up all that is open."""
        for talk in [*self._talks.values()]:
            self._hang_up(talk)
        self._poll.close()

    def _begin(self, number: int) -> None:
        self.tally.attempts += 1
        if not self._failures[number - self.first]:
            self.tally.begun += 1
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        made.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
        talk = _Talk(number, made, self.now(), self.now())
        self._talks[made.fileno()] = talk
        self._poll.register(made.fileno(), select.EPOLLOUT)
        try:
            made.bind((_source(number), 0))
            code = made.connect_ex(self.address)
        except OSError:
            code = errno.EADDRNOTAVAIL
        if code not in (0, errno.EINPROGRESS):
            self._break(talk)

    def _happenings(self, seconds: float) -> None:
        for number, event in self._poll.poll(seconds):
            talk = self._talks.get(number)
            if talk is not None:
                self._happened(talk, event)

    def _happened(self, talk: _Talk, event: int) -> None:
        if not talk.connected:
            if talk.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self._break(talk)
                return
            talk.connected = True
            self.tally.open += 1
            self._poll.modify(talk.socket.fileno(), select.EPOLLIN)
            if self.released:
                self._send(talk, self.script.opening(talk.number))
            return
        try:
            part = talk.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        talk.received += part
        answer = answer_in(talk.received)
        if answer is not None:
            talk.received = b""
            self._answered(talk, answer)
        elif not part:
            self._break(talk)

    def _answered(self, talk: _Talk, answer: Answer) -> None:
        talk.since = self.now()
        if answer.status == 204 and talk.opened:
            self.tally.done += 1
            self._hang_up(talk)
        elif answer.status == 200 and talk.asked and b"InformResponse>" in answer.body:
            talk.opened = True
            self.admitted.append(talk.since - self.released)
            self.took.append(talk.since - talk.began)
            self._send(talk, self.script.nothing_more(answer))
        elif answer.status == 401 and not talk.asked:
            talk.asked = True
            self._send(talk, self.script.with_password(talk.number, answer))
        elif answer.status == 503:
            self.tally.sent_away += 1
            self._again(talk, answer.retry_after)
        else:
            self.tally.wrong = self.tally.wrong or f"{answer.status} to device {talk.number}"
            self._break(talk)

    def _send(self, talk: _Talk, data: bytes) -> None:
        try:
            sent = talk.socket.send(data)
        except OSError:
            sent = 0
        if sent < len(data):  # a few kilobytes into an empty buffer: it is gone
            self._break(talk)

    def _break(self, talk: _Talk) -> None:
        self.tally.broken += 1
        self._again(talk, None)

    def _again(self, talk: _Talk, told: int | None) -> None:
        place = talk.number - self.first
        self._failures[place] = min(self._failures[place] + 1, 255)
        wait = float(told) if told is not None else 0.0
        if told is None or talk.number % 1000 < self.heedless * 1000:
            wait = wait_seconds(self._failures[place], minimum=5, multiplier=2000, draw=self.draw)
        heapq.heappush(self._due, (self.now() + wait, talk.number))
        self._hang_up(talk)

    def _hang_up(self, talk: _Talk) -> None:
        self.tally.open -= talk.connected
        del self._talks[talk.socket.fileno()]
        talk.socket.close()

    def _cut_off(self) -> None:
        """Devices give up on a server that does not answer."""
        now = self.now()
        if now < self._looked + 1:
            return
        self._looked = now
        for talk in [each for each in self._talks.values() if each.since + _PATIENCE < now]:
            self._break(talk)


def _source(number: int) -> str:
    """An address of the loopback network, so that no source runs out of ports."""
    return f"127.{1 + (number >> 14) % 200}.{(number >> 6) % 256}.{1 + number % 64}"
