"""A request of HTTP/1.1 read without a parser, where it is as plain as devices send them.

Every byte of its head has to be what RFC 9112 lets stand there; whatever else there is, a parser
knows better what becomes of it.
"""

import re
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


class Plain(NamedTuple):
    """A POST."""

    path: str
    headers: tuple[tuple[bytes, bytes], ...]
    """Names in lower case."""
    body: bytes
    """As much of it as is there."""
    size: int
    """Bytes of all of it: more than there are where the body has not come to its end."""


def plain_request(data: bytes) -> Plain | None:
    """What these bytes begin with; None for what a parser has to look at."""
    found = _HEAD.match(data, 0, _MOST_HEAD)
    if found is None:
        return None
    said = _HEADER.findall(found.group(2))
    headers = tuple([(name.lower(), value.strip(b" \t")) for name, value in said])
    length = _length(headers)
    if length is None or length > _MOST_BODY:
        return None
    begin, end = found.end(), found.end() + length
    return Plain(found.group(1).decode(), headers, data[begin:end], end)


def _length(headers: tuple[tuple[bytes, bytes], ...]) -> int | None:
    """Of the body; None where a header says what is not plain."""
    length = None
    for name, value in headers:
        if name == b"content-length":
            if length is not None or not _LENGTH.fullmatch(value):
                return None
            length = int(value)
        elif name == b"connection":
            if value.lower() != b"keep-alive":
                return None
        elif name in _FOR_A_PARSER:
            return None
    return length
