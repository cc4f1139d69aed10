"""The first request of a connection, read without a parser where it is plain enough for that.

Most are a device that does not say who it is: they are answered with a challenge, or sent away, and
neither takes more than the path and the beginning of the body.
"""

import re
from dataclasses import dataclass

_MOST_HEAD = 8192
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n")
_CLOSES = re.compile(rb"\r\nconnection:[^\r\n]*close")
_LOOKED_AT = (
    # A password or a cookie has to be looked at before anything is decided.
    b"\r\nauthorization",
    b"\r\ncookie",
    # A parser knows better what becomes of these.
    b"\r\ntransfer-encoding",
    b"\r\nexpect",
    b"\r\nupgrade",
)


@dataclass(frozen=True, slots=True)
class FirstRequest:
    """A POST of HTTP/1.1 that is here whole, and shows nothing of who sends it."""

    path: str
    body: bytes
    size: int
    """Bytes of all of it."""


def first_request(data: bytes) -> FirstRequest | None:
    """What these bytes begin with; None for what a parser has to look at."""
    head, gap, rest = data.partition(b"\r\n\r\n")
    if not gap or len(head) > _MOST_HEAD:
        return None
    line, _, fields = head.partition(b"\r\n")
    words = line.split(b" ")
    if len(words) != 3 or words[0] != b"POST" or words[2] != b"HTTP/1.1":
        return None
    lower = b"\r\n" + fields.lower() + b"\r\n"
    if any(name in lower for name in _LOOKED_AT) or _CLOSES.search(lower):
        return None
    length = _length(lower)
    if not 0 < length <= len(rest):
        return None
    size = len(head) + len(gap) + length
    return FirstRequest(words[1].decode("latin-1"), rest[:length], size)


def _length(fields: bytes) -> int:
    """Of the body; 0 where it is not said once and plainly."""
    found = _LENGTH.search(fields) if fields.count(b"\r\ncontent-length") == 1 else None
    return int(found.group(1)) if found else 0
