"""Who may begin a session now, and when the others are to come back. No I/O, no clock of its own.

After an outage everybody calls at once. What is begun is bounded, so that what is begun is also
finished; the rest is told when to come, spread over the capacity that was measured, and keeps its
place: whoever comes back when its turn has come goes before whoever comes for the first time, and
goes further ahead each time that it is sent away again.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from brain.domain.identity import DeviceId
from executors.acs.capacity import Capacity

_SOONEST, _NEAR = 5.0, 240.0
"""Seconds: the first wait of TR-069 3.2.1.1, and the turn up to which a device is told it: so much
a wrong measurement may cost."""
_LATER = 1.12
"""Rather come a little after one's turn than before it, which would be in vain."""
_FURTHEST = 600.0
"""Seconds: a turn beyond is told as this one."""
_CHALLENGED = 3.0
"""Seconds that a place is kept for one who was asked for its password."""
_LONGEST = 60.0
"""Seconds after which a place is free whatever became of it."""
_TICKET_LIFE = 3600.0
_MOST_TICKETS = 1_000_000
_EVERY = 0.05
"""Seconds from one look at what has passed to the next."""
_HEEDLESS = 3
"""So often sent away, a device may wait by its own policy, which doubles each time: its turn has
come whatever it was told."""


class Urgency(StrEnum):
    """What a session is for; the last is sent away first."""

    AWAITED = "awaited"
    """BOOTSTRAP, or a person or an execution waits for the device."""
    EVENT = "event"
    PERIODIC = "periodic"
    """Nothing but the timer."""


_SHARE = {Urgency.AWAITED: 2.0, Urgency.EVENT: 0.5, Urgency.PERIODIC: 0.25}
"""Of ``most``: up to how many under way one more may begin."""
_TURN_HAS_COME, _SENT_AWAY_AGAIN, _SENT_AWAY_OFTEN = 0.75, 1.0, 1.5


@dataclass(slots=True)
class _Ticket:
    turn: float
    """When on the clock of turns it is to come in."""
    last_seen: float
    times: int = 0
    """How often it was sent away."""
    refused: int = 0
    """How often it was sent away although its turn had come."""


@dataclass(slots=True)
class AdmissionCounts:
    """For metrics: since the start, by urgency."""

    admitted: dict[Urgency, int] = field(default_factory=lambda: dict.fromkeys(Urgency, 0))
    shed: dict[Urgency, int] = field(default_factory=lambda: dict.fromkeys(Urgency, 0))


class AdmissionControl:
    """Bounds what is under way: from the first request of a device until its Inform is stored."""

    def __init__(
        self,
        *,
        seconds: Callable[[], float],
        random: Callable[[], float],
        capacity: Capacity,
        live: Callable[[], int] = lambda: 0,
        most: int = 512,
        most_live: int = 20_000,
    ) -> None:
        """``random`` gives 0 to 1."""
        self._seconds, self._random, self._live = seconds, random, live
        self._most, self._most_live = most, most_live
        self.capacity = capacity
        self.counts = AdmissionCounts()
        self._inside: OrderedDict[DeviceId, float] = OrderedDict()
        """Whose Inform is being stored, and until when their place is kept."""
        self._challenged: OrderedDict[DeviceId, float] = OrderedDict()
        """Who was asked for its password: whoever claims to be a device gets this far."""
        self._tickets: OrderedDict[DeviceId, _Ticket] = OrderedDict()
        self._turns_until = 0.0
        """The last turn that was given, on the clock of turns: seconds, while all who are called
        find room."""
        self._turns_now = 0.0
        """What is later on that clock has not been called."""
        self._overdue = 0
        """How many came in their turn, found no room and have not come in since."""
        self._turned_back = 0
        """Of those whose turn had come, since the last window ended."""
        self._advanced = -inf

    @property
    def backlog(self) -> int:
        """How many were sent away and have not come in since."""
        return len(self._tickets)

    @property
    def under_way(self) -> int:
        """How many are between their first request and the answer to their Inform."""
        return len(self._inside) + len(self._challenged)

    @property
    def live(self) -> int:
        """How many sessions are open."""
        return self._live()

    def ask(self, device: DeviceId, urgency: Urgency, *, known: bool) -> int | None:
        """None: it may begin, and has a place until ``done``; or the seconds to come back after.

        ``known`` says that it has authenticated; who has not has its place for a moment only.
        """
        now = self._seconds()
        self._advance(now)
        held = device in self._inside or device in self._challenged
        # Those who only claim to be a device take no room from those who proved it.
        taken = len(self._inside) if known else self.under_way
        if not held and not self._has_room(device, urgency, taken):
            return self._send_away(device, urgency, now)
        self._challenged.pop(device, None)
        if known:
            self._inside[device] = now + _LONGEST
            self._tear_up(device)
            self.counts.admitted[urgency] += 1
        elif device not in self._inside:
            self._challenged[device] = now + _CHALLENGED
        return None

    def wait_unheard(self) -> int:
        """Seconds to come back after, for one that was not even asked who it is."""
        return round(self._wait(_Ticket(self._next_turn, 0.0)))

    def done(self, device: DeviceId) -> None:
        """Its Inform was answered, or failed for good."""
        if self._inside.pop(device, None) is not None:
            self.capacity.done()

    def _has_room(self, device: DeviceId, urgency: Urgency, taken: int) -> bool:
        awaited = urgency is Urgency.AWAITED
        if self._live() >= self._most_live * (1.0 if awaited else 0.9):
            return False
        share, ticket = _SHARE[urgency], self._tickets.get(device)
        if ticket is not None and not awaited and self._turn_has_come(ticket):
            share = _share_of(ticket)
        return taken < self._most * share

    @property
    def _next_turn(self) -> float:
        return max(self._turns_until, self._turns_now) + 1 / self.capacity.a_second

    def _tear_up(self, device: DeviceId) -> None:
        ticket = self._tickets.pop(device, None)
        if ticket is not None and ticket.refused:
            self._overdue -= 1

    def _send_away(self, device: DeviceId, urgency: Urgency, now: float) -> int:
        self.capacity.sent_away()
        self.counts.shed[urgency] += 1
        ticket = self._tickets.get(device)
        if ticket is None:
            self._turns_until = self._next_turn
            ticket = self._tickets[device] = _Ticket(self._turns_until, now)
            if len(self._tickets) > _MOST_TICKETS:
                self._tear_up(next(iter(self._tickets)))
        elif self._turn_has_come(ticket):
            first = not ticket.refused  # who comes again and again holds nobody else up
            self._overdue += first
            self._turned_back += first
            ticket.refused += 1
        ticket.times += 1
        ticket.last_seen = now
        self._tickets.move_to_end(device)
        return round(self._wait(ticket))

    def _turn_has_come(self, ticket: _Ticket) -> bool:
        return ticket.turn <= self._turns_now or ticket.times >= _HEEDLESS

    def _wait(self, ticket: _Ticket) -> float:
        """Seconds until its turn; whose is far comes to ask again after most of it: early enough
        should the capacity be half as much again, and not often.
        """
        turn = ticket.turn - self._turns_now
        if turn > _NEAR:
            return min(turn, _FURTHEST) * (2.5 + self._random()) / 4
        if turn > 0:
            return max(turn * _LATER, _SOONEST) + _SOONEST * self._random()
        # More were called than came in: they come one after the other, not all every few seconds.
        turn = min(max(self._overdue / self.capacity.a_second, _SOONEST), _FURTHEST)
        return _SOONEST + turn * self._random()

    def _advance(self, now: float) -> None:
        if now - self._advanced < _EVERY:
            return
        self._advanced = now
        for held in (self._inside, self._challenged):
            while held and next(iter(held.values())) < now:
                held.popitem(last=False)
        passed = self.capacity.passed(
            under_way=self.under_way / self._most, waited_for=bool(self._tickets)
        )
        if not passed:
            return
        # Who was called and found no room stands before the next one.
        self._turns_now += max(passed - self._turned_back / self.capacity.a_second, 0.0)
        self._turned_back = 0
        while self._tickets:
            oldest = next(iter(self._tickets))
            if self._tickets[oldest].last_seen + _TICKET_LIFE > now:
                return
            self._tear_up(oldest)


def _share_of(ticket: _Ticket) -> float:
    """Up to how many under way one more may begin whose turn has come."""
    if ticket.times >= _HEEDLESS:
        return _SENT_AWAY_OFTEN
    return _SENT_AWAY_AGAIN if ticket.refused else _TURN_HAS_COME
