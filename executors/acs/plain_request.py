"""A request of HTTP/1.1 read without a parser, where it is as plain as devices send them.

Every byte of its head has to be what RFC 9112 lets stand there; whatever else there is, a parser
knows better what becomes of it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

_MOST_HEAD = 8192
_MOST_BODY = 16 * 1024
"""Bytes that are waited for: an Inform has a few thousand."""
_HEAD = re.compile(
    rb"POST (/[A-Za-z0-9/._~!$&'()*+,;=:@-]*) HTTP/1\.1\r\n"  # no query, and nothing encoded
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*\r\n)*)\r\n"
)
_HEADER = re.compile(rb"([^:]+):([^\r]*)\r\n")
_LENGTH = re.compile(rb"[0-9]{1,6}")
_FOR_A_PARSER = frozenset({b"transfer-encoding", b"expect", b"upgrade", b"trailer"})


_MOST_REMEMBERED = 512
"""Bytes of a head that is kept; those that show nothing of who sends are the same for many."""


class Plain(NamedTuple):
    """A POST."""

    path: str
    headers: Mapping[bytes, bytes]
    """By their names in lower case."""
    body: bytes
    """As much of it as is there."""
    size: int
    """Bytes of all of it: more than there are where the body has not come to its end."""


class _Head(NamedTuple):
    path: str
    headers: Mapping[bytes, bytes]
    length: int
    """Of the body."""


def plain_request(data: bytes) -> Plain | None:
    """What these bytes begin with; None for what a parser has to look at."""
    begin = data.find(b"\r\n\r\n", 0, _MOST_HEAD) + 4
    head = data[:begin]
    found = (_remembered if _is_alike(head) else _head)(head)
    if found is None:
        return None
    end = begin + found.length
    return Plain(found.path, found.headers, data[begin:end], end)


def _is_alike(head: bytes) -> bool:
    if len(head) > _MOST_REMEMBERED:
        return False
    said = head.lower()
    return not (b"authorization" in said or b"cookie" in said)


def _head(head: bytes) -> _Head | None:
    found = _HEAD.fullmatch(head)
    if found is None:
        return None
    said = _HEADER.findall(found.group(2))
    headers = {name.lower(): value.strip(b" \t") for name, value in said}
    length = _length(headers)
    if length is None or length > _MOST_BODY or len(headers) < len(said):
        return None
    return _Head(found.group(1).decode(), headers, length)


_remembered = lru_cache(maxsize=1024)(_head)


def _length(headers: Mapping[bytes, bytes]) -> int | None:
    """Of the body; None where a header says what is not plain."""
    length = headers.get(b"content-length", b"")
    plain = (
        _LENGTH.fullmatch(length)
        and headers.get(b"connection", b"keep-alive").lower() == b"keep-alive"
        and _FOR_A_PARSER.isdisjoint(headers)
    )
    return int(length) if plain else None
