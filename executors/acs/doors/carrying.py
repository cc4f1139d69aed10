"""A request and its answer as the fields of a frame."""

from collections.abc import Sequence

from executors.acs.asgi import NAMED, Answer, Scope
from executors.acs.certificates import names_of
from executors.acs.doors.frames import MOST_HEAD, Garbled
from executors.acs.request import Request

_CARRIED = frozenset({b"authorization", b"cookie", b"content-type", b"content-encoding"})
"""The headers that ``CwmpServer`` and ``BulkDoor`` read. The length is that of the body."""


def request_of(scope: Scope, body: bytes) -> Request:
    """The part of it that is carried."""
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope.get("query_string", b""),
        client=scope.get("client"),
        certified=names_of(scope),
        headers=scope[NAMED],
        body=body,
    )


def request_fields(request: Request) -> tuple[bytes, ...]:
    """Garbled where there is more of a head than is carried."""
    carried = tuple(pair for pair in request.headers.items() if pair[0] in _CARRIED)
    host, port = request.client or ("", 0)
    said = (request.method, request.path, host, str(port), str(len(request.certified)))
    flat = tuple(part for pair in carried for part in pair)
    # Each name is a field of its own: no name that an authority signed can pass for two.
    head = (*(each.encode() for each in (*said, *request.certified)), *flat)
    if len(request.query) + sum(map(len, head)) > MOST_HEAD - 4096:
        raise Garbled("a head of this size is not carried")
    return (request.body, request.query, *head)


def request_in(fields: Sequence[bytes]) -> Request:
    """What ``request_fields`` was given; Garbled for anything else."""
    try:
        body, query, *rest = fields
        method, path, host, port, names = (each.decode() for each in rest[:5])
        after, count = rest[5:], int(names)
        if not 0 <= count <= len(after):
            raise Garbled("more names than fields")
        return Request(
            method=method,
            path=path,
            query=query,
            client=(host, int(port)) if host else None,
            certified=frozenset(each.decode() for each in after[:count]),
            headers=dict(_pairs(after[count:])),
            body=body,
        )
    except ValueError:
        raise Garbled("not a request") from None


def answer_fields(answer: Answer) -> tuple[bytes, ...]:
    """Without its length, which is put to its headers when it is sent."""
    flat = (part for pair in answer.headers for part in pair)
    return (str(answer.status).encode(), answer.body, *flat)


def answer_in(fields: Sequence[bytes]) -> Answer:
    """What ``answer_fields`` was given; Garbled for anything else."""
    try:
        status, body, *flat = fields
        number = int(status)
    except ValueError:
        raise Garbled("not an answer") from None
    if not 200 <= number <= 599:
        raise Garbled("no such status")
    return Answer(number, body, _pairs(flat))


def _pairs(flat: Sequence[bytes]) -> tuple[tuple[bytes, bytes], ...]:
    if len(flat) % 2:
        raise Garbled("a header without a value")
    return tuple(zip(flat[::2], flat[1::2], strict=True))
