"""STOMP 1.2 frames, to and from bytes. No I/O.

encode and Decoder are each other's inverse; Decoder raises nothing but StompError, and after one
the connection is over: nobody knows where the next frame would begin. The client libraries there
are bound neither what a peer makes them hold nor how often they write a frame again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from executors.usp.errors import StompError

MOST_HEAD: Final = 16 * 1024
"""Bytes of a command and its headers."""
_WITH_BODY: Final = frozenset(["SEND", "MESSAGE", "ERROR"])
_WITHOUT: Final = (
    *("CONNECT", "STOMP", "CONNECTED", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK"),
    *("BEGIN", "COMMIT", "ABORT", "DISCONNECT", "RECEIPT"),
)
COMMANDS: Final = _WITH_BODY | {*_WITHOUT}
_AS_THEY_ARE: Final = frozenset(["CONNECT", "CONNECTED"])
"""Their headers know no escapes, as in STOMP 1.0."""
_LENGTH: Final = "content-length"
_ESCAPES: Final = {"\\": "\\\\", "\r": "\\r", "\n": "\\n", ":": "\\c"}
_ESCAPED: Final = {said: meant for meant, said in _ESCAPES.items()}
_SPECIAL: Final = re.compile(r"[\\\r\n:]")
_SAID: Final = re.compile(r"\\(.?)", re.DOTALL)
_HEAD_ENDS: Final = re.compile(rb"\n\r?\n")
_DIGITS: Final = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. Its length is not among the headers: it is said for every body."""

    command: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


def encode(frame: Frame) -> bytes:
    """As bytes. StompError for what no frame can say."""
    _check(frame)
    headers = dict(frame.headers)
    if frame.command in _WITH_BODY:
        headers[_LENGTH] = str(len(frame.body))  # R-STOMP.19
    lines = [frame.command]
    for name, value in headers.items():
        lines.append(f"{_written(name, frame)}:{_written(value, frame)}")
    return "\n".join([*lines, "", ""]).encode() + frame.body + b"\0"


class Decoder:
    """Takes bytes as they come and gives the frames that are complete."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held = bytearray()
        self._searched = 0
        self._head: tuple[str, dict[str, str], int | None] | None = None

    def feed(self, content: bytes) -> list[Frame]:
        """The frames that end in this; StompError for what is none, or too large."""
        self._held += content
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _next(self) -> Frame | None:
        if self._head is None:
            self._head = self._read_head()
        if self._head is None:
            return None
        command, headers, length = self._head
        end = self._body_ends(length)
        if end is None:
            return None
        body = bytes(self._held[:end])
        if body and command not in _WITH_BODY:
            raise StompError(f"{command} has no body", field="body")
        self._drop(end + 1)
        self._head = None
        return Frame(command, headers, body)

    def _read_head(self) -> tuple[str, dict[str, str], int | None] | None:
        """Command, headers and length; None while they are not all here."""
        beats = len(self._held) - len(self._held.lstrip(b"\r\n"))
        self._drop(beats)
        found = _HEAD_ENDS.search(self._held, max(0, self._searched - 2))
        size = len(self._held) if found is None else found.end()
        if size > MOST_HEAD:
            raise StompError(f"is longer than {MOST_HEAD} bytes", field="headers")
        if found is None:
            self._searched = len(self._held)
            return None
        head = bytes(self._held[: found.start()])
        self._drop(found.end())
        return self._parsed(head)

    def _parsed(self, head: bytes) -> tuple[str, dict[str, str], int | None]:
        try:
            command, *lines = [line.removesuffix("\r") for line in head.decode().split("\n")]
        except UnicodeDecodeError:
            raise StompError("is not UTF-8", field="headers") from None
        if command not in COMMANDS:
            raise StompError("is none that STOMP knows", field="command")
        headers: dict[str, str] = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or "\0" in line:
                raise StompError("is not a name and a value", field="headers")
            headers.setdefault(_read(name, command), _read(value, command))  # the first one counts
        return command, headers, self._length(headers.pop(_LENGTH, None))

    def _length(self, said: str | None) -> int | None:
        if said is None:
            return None
        if _DIGITS.fullmatch(said) is None or int(said) > self._most_bytes:
            raise StompError(f"is not a number up to {self._most_bytes}", field=_LENGTH)
        return int(said)

    def _body_ends(self, length: int | None) -> int | None:
        """Where the zero after the body is; None while it is not here."""
        if length is None:
            end = self._held.find(0, self._searched)
            self._searched = len(self._held)
            if (len(self._held) if end < 0 else end) > self._most_bytes:
                raise StompError(f"is larger than {self._most_bytes} bytes", field="body")
            return None if end < 0 else end
        if len(self._held) <= length:
            return None
        if self._held[length]:
            raise StompError("does not end where it says", field="body")
        return length

    def _drop(self, count: int) -> None:
        del self._held[:count]
        self._searched = 0 if count else self._searched


def _check(frame: Frame) -> None:
    if frame.command not in COMMANDS:
        raise StompError("is none that STOMP knows", field="command")
    if frame.body and frame.command not in _WITH_BODY:
        raise StompError(f"{frame.command} has no body", field="body")
    if _LENGTH in frame.headers or any(
        "\0" in text for pair in frame.headers.items() for text in pair
    ):
        raise StompError("holds a length of its own, or a zero", field="headers")


def _written(text: str, frame: Frame) -> str:
    if frame.command not in _AS_THEY_ARE:
        return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)
    if _SPECIAL.search(text):
        raise StompError(f"cannot be said in {frame.command}", field="headers")
    return text


def _read(text: str, command: str) -> str:
    if command in _AS_THEY_ARE or "\\" not in text:
        return text
    return _SAID.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    meant = _ESCAPED.get(found[0])
    if meant is None:
        raise StompError("holds an escape that STOMP does not know", field="headers")
    return meant
