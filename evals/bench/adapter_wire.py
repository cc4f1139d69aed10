"""A line to a controller's interface that remembers what went over it, to send the same again."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it went out, and how many bytes came back."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    answered: int


class Wire(httpx.AsyncHTTPTransport):
    """An ordinary transport over sockets, which keeps a list."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, read all of the answer, and note both."""
        said = await super().handle_async_request(request)
        answer = await said.aread()
        kept = tuple((name, value) for name, value in request.headers.items() if name in _OURS)
        body = await request.aread()
        self.sent.append(Sent(request.method, str(request.url), kept, body, len(answer)))
        return said

    def taken(self) -> list[Sent]:
        """What went out since this was last asked."""
        taken, self.sent = self.sent, []
        return taken


_OURS = frozenset({"authorization", "content-type"})
"""Headers that a caller gives; the client itself makes the others."""


async def again(client: httpx.AsyncClient, sent: Sequence[Sent]) -> None:
    """The same requests, one after the other, with nothing around them."""
    for each in sent:
        said = await client.request(
            each.method, each.url, headers=dict(each.headers), content=each.body
        )
        said.raise_for_status()
