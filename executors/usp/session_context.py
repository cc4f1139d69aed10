"""One end of an E2E session context: payloads in order, once, whole (TR-369 R-E2E). No I/O.

    for record in context.send(payload): ...              # each in a Record of its own
    taken = context.receive(record.session_context)       # what is whole now, and what to send back

Both ends are alike. When something cannot be mended UspError 7105 says so, and the caller starts a
new context, as R-E2E.21 asks. What is kept to be sent again and what waits for a gap to close are
bounded, since the other end decides how long they wait.
"""

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

from executors.usp.codes import INVALID_RECORD, SESSION_ENDED
from executors.usp.errors import UspError
from executors.usp.records import MAX_BYTES, SarState, SessionContextRecord

_MOST_KEPT: Final = 1024
_MOST_AHEAD: Final = 64
"""Records that may wait for one that is missing."""
_MOST_TRIES: Final = 5
"""How often one record is sent again (MaxRetransmitTries)."""
_NEAR_THE_END: Final = 2**64 - 10_000
"""R-E2E.8: from here on a new context is due."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one record brought."""

    payloads: tuple[bytes, ...] = ()
    """Messages that are whole now, in the order they were sent."""
    replies: tuple[SessionContextRecord, ...] = ()
    """What to send because of it."""


class SessionContext:
    """Numbers what is sent and orders what comes, within one session id."""

    def __init__(self, session_id: int, *, segment_bytes: int = 0) -> None:
        if session_id < 2:
            raise UspError("is not above 1", field="session_id", err_code=INVALID_RECORD)
        self.session_id = session_id
        self._segment_bytes = segment_bytes
        """The most of a payload in one record (MaxUSPRecordSize); 0: never cut up."""
        self._next = 1
        self._expected = 1
        self._sent: dict[int, SessionContextRecord] = {}
        self._tries: dict[int, int] = {}
        self._ahead: dict[int, SessionContextRecord] = {}
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._asked = 0
        """The record that was asked for last."""

    def send(self, payload: bytes) -> tuple[SessionContextRecord, ...]:
        """The records that carry this message."""
        pieces = _cut(payload, self._segment_bytes)
        states = _states(len(pieces))
        return tuple(
            self._record(payload=(piece,), payload_sar_state=state, payloadrec_sar_state=state)
            for piece, state in zip(pieces, states, strict=True)
        )

    def receive(self, record: SessionContextRecord) -> Taken:
        """Take a record of this session. UspError when the session cannot go on."""
        if record.session_id != self.session_id:
            raise UspError("is another session's", field="session_id", err_code=SESSION_ENDED)
        if record.sequence_id >= _NEAR_THE_END:
            raise _ended("the numbers are used up")
        self._acknowledged(record.expected_id)
        # At once, not in turn: where both ends miss something, neither would ever come to it.
        replies = [self._again(record.retransmit_id)] if record.retransmit_id else []
        payloads = self._in_order(record)
        missing = self._missing()
        return Taken(tuple(payloads), (*replies, *missing))

    def overdue(self) -> SessionContextRecord | None:
        """Asks once more for what is still missing; call it when a while has passed."""
        return self._ask() if self._ahead else None

    def _record(self, **said: object) -> SessionContextRecord:
        if len(self._sent) >= _MOST_KEPT or self._next >= _NEAR_THE_END:
            raise _ended("the other end does not acknowledge")
        record = SessionContextRecord(
            session_id=self.session_id,
            sequence_id=self._next,
            expected_id=self._expected,
            **said,  # type: ignore[arg-type]  # the fields of the record, by its own names
        )
        self._sent[self._next] = record
        self._next += 1
        return record

    def _acknowledged(self, expected: int) -> None:
        if expected > self._next:
            raise _ended("what was never sent is acknowledged")
        for number in [each for each in self._sent if each < expected]:
            del self._sent[number]
            self._tries.pop(number, None)

    def _again(self, number: int) -> SessionContextRecord:
        record = self._sent.get(number)
        tries = self._tries[number] = self._tries.get(number, 0) + 1
        if record is None or tries > _MOST_TRIES:
            raise _ended("a record cannot be sent again")
        return replace(record, expected_id=self._expected)

    def _in_order(self, record: SessionContextRecord) -> list[bytes]:
        if record.sequence_id < self._expected:  # a duplicate
            return []
        if record.sequence_id > self._expected and len(self._ahead) >= _MOST_AHEAD:
            raise _ended("too many records wait for one that is missing")
        self._ahead[record.sequence_id] = record
        whole: list[bytes] = []
        while self._expected in self._ahead:
            whole += self._assembled(self._ahead.pop(self._expected))
            self._expected += 1
        return whole

    def _assembled(self, record: SessionContextRecord) -> list[bytes]:
        if not record.payload:
            return []
        state, content = record.payload_sar_state, b"".join(record.payload)
        begins = state in (SarState.NONE, SarState.BEGIN)
        if begins == bool(self._pieces):
            raise _ended("a message is cut off, or has no beginning")
        self._size += len(content)
        if self._size > MAX_BYTES:
            raise _ended("a message is too large")
        self._pieces.append(content)
        if state in (SarState.BEGIN, SarState.INPROCESS):
            return []
        whole = b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        return [whole]

    def _missing(self) -> list[SessionContextRecord]:
        if not self._ahead or self._asked == self._expected:
            return []
        return [self._ask()]

    def _ask(self) -> SessionContextRecord:
        self._asked = self._expected
        return self._record(retransmit_id=self._expected)


def _cut(payload: bytes, most: int) -> list[bytes]:
    if not most or len(payload) <= most:
        return [payload]
    return [payload[start : start + most] for start in range(0, len(payload), most)]


def _states(pieces: int) -> list[SarState]:
    if pieces == 1:
        return [SarState.NONE]
    return [SarState.BEGIN, *[SarState.INPROCESS] * (pieces - 2), SarState.COMPLETE]


def _ended(why: str) -> UspError:
    return UspError(why, field="session_context", err_code=SESSION_ENDED)
