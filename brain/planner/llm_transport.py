"""The HTTP client under a language model: it reads so much of any body, and no more."""

from collections.abc import AsyncIterator

from brain.planner.http_of_openai import http


def capped_client(
    *, timeout: float, most: int, transport: http.AsyncBaseTransport | None
) -> http.AsyncClient:
    """A client that reads ``most`` bytes of any body, whatever transport or proxy it takes."""

    async def cap(response: http.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise http.ReadError(
                "the answer came packed, unasked"
            )  # a few bytes may unpack to many
        if isinstance(response.stream, http.AsyncByteStream):
            response.stream = _Capped(response.stream, most)

    return http.AsyncClient(
        transport=transport,
        timeout=timeout,
        event_hooks={"response": [cap]},
        headers={"Accept-Encoding": "identity"},
    )


class _Capped(http.AsyncByteStream):
    """A response body that ends in an error once it is too long."""

    def __init__(self, stream: http.AsyncByteStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > self._limit:
                raise http.ReadError("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        """Close what is capped."""
        await self._stream.aclose()
