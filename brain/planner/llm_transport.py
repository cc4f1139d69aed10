"""The HTTP client under a language model: it reads so much of any body, and no more."""

from collections.abc import AsyncIterator

import httpx2


def capped_client(
    *, timeout: float, most: int, transport: httpx2.AsyncBaseTransport | None
) -> httpx2.AsyncClient:
    """A client that reads ``most`` bytes of any body, whatever transport or proxy it takes."""

    async def cap(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise httpx2.ReadError(
                "the answer came packed, unasked"
            )  # a few bytes may unpack to many
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Capped(response.stream, most)

    return httpx2.AsyncClient(
        transport=transport,
        timeout=timeout,
        event_hooks={"response": [cap]},
        headers={"Accept-Encoding": "identity"},
    )


class _Capped(httpx2.AsyncByteStream):
    """A response body that ends in an error once it is too long."""

    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > self._limit:
                raise httpx2.ReadError("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        """Close what is capped."""
        await self._stream.aclose()
