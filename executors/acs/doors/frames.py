"""What a door and the server behind it say to each other: numbered frames of byte strings. No I/O.

A frame is the length of what follows, its kind, its number, how many fields it has, the length of
each, and then all of them. Nothing is escaped or joined, so no field can pass for two.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from executors.acs.soap import MAX_BYTES

MOST_HEAD: Final = 64 * 1024
"""Bytes of everything but the body."""
MOST: Final = MAX_BYTES + MOST_HEAD
_LENGTH: Final = struct.Struct(">I")
_FIXED: Final = struct.Struct(">BIH")
_MOST_FIELDS: Final = 4096


class Garbled(Exception):
    """These bytes are no frame, or this cannot be put into one."""


class Kind(IntEnum):
    """What a frame says; an answer has the number of what it answers."""

    REQUEST = 1
    """Door to server: a whole HTTP request (``carrying``); of the body of one that does not say who
    sends it the beginning."""
    ANSWER = 2
    UNHEARD = 3
    """Server to door: the seconds for those that there is no room to hear."""
    COUNTS = 4
    """Door to server: connections that are open, and refused since its start."""
    STOP = 5
    """Server to door: finish what is under way, and end."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One of them."""

    kind: Kind
    number: int = 0
    fields: tuple[bytes, ...] = ()


def packed(frame: Frame) -> bytes:
    """The bytes of a frame; Garbled where it is too large."""
    lengths = [len(field) for field in frame.fields]
    size = _FIXED.size + 4 * len(lengths) + sum(lengths)
    if size > MOST or len(lengths) > _MOST_FIELDS:
        raise Garbled("too large for a frame")
    table = struct.pack(f">{len(lengths)}I", *lengths)
    fixed = _FIXED.pack(frame.kind, frame.number, len(lengths))
    return b"".join((_LENGTH.pack(size), fixed, table, *frame.fields))


class Unpacker:
    """Takes bytes as they come and gives the frames that are whole."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Garbled where this is not what a door or its server says; then all is to be given up."""
        self._held += data
        while (body := self._next()) is not None:
            yield _frame(body)

    def _next(self) -> bytes | None:
        if len(self._held) < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack_from(self._held)
        if not _FIXED.size <= size <= MOST:
            raise Garbled("no frame has this length")
        end = _LENGTH.size + size
        if len(self._held) < end:
            return None
        body = bytes(self._held[_LENGTH.size : end])
        del self._held[:end]
        return body


def _frame(body: bytes) -> Frame:
    kind, number, count = _FIXED.unpack_from(body)
    at = _FIXED.size + 4 * count
    if count > _MOST_FIELDS or at > len(body):
        raise Garbled("more fields than there is room for")
    fields: list[bytes] = []
    for length in struct.unpack_from(f">{count}I", body, _FIXED.size):
        fields.append(body[at : at + length])
        at += length
    if at != len(body):
        raise Garbled("its fields are not as long as it is")
    try:
        return Frame(Kind(kind), number, tuple(fields))
    except ValueError:
        raise Garbled("a frame of no known kind") from None


def number_in(field: bytes) -> int:
    """A whole number from 0; Garbled for anything else."""
    if not field.isdigit() or len(field) > 9:
        raise Garbled("not a number")
    return int(field)
