"""A TCP connection of a device on which something was not plain: uvicorn's own, with limits."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from executors.acs.certificates import STATE, names_in
from executors.acs.connections import Connections


class ParsedConnection(HttpToolsProtocol):
    """A connection that is served. The head of each request has to come in time."""

    def __init__(self, counted: Connections, source: str, **options: Any) -> None:
        super().__init__(**options)
        self._counted, self._source = counted, source
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """As uvicorn does; what its certificate proves is in the state of every request."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, STATE: names_in(transport)}

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no longer."""
        self._head_came()
        self._counted.leave(self._source)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """As uvicorn does, with an eye on the clock."""
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            patience = self._counted.patience
            self._late = self.loop.call_later(patience, self.transport.abort)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The head came in time; the body has a limit of its own."""
        self._head_came()
        super().on_headers_complete()

    def _head_came(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
