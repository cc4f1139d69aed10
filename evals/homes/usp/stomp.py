"""A simulated agent that speaks through a STOMP broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from evals.homes.device_session import LineLost
from evals.homes.usp.agent import HomeAgent
from evals.homes.usp.client import AgentClient
from executors.usp.errors import StompError
from executors.usp.messages import Message
from executors.usp.records import DisconnectRecord, STOMPConnectRecord
from executors.usp.stomp_broker import CONTENT_TYPE
from executors.usp.stomp_connection import Connection, StompServer, connected
from executors.usp.stomp_frames import Frame


class StompAgentClient(AgentClient):
    """As its parent; ``url`` is ``HOST:PORT``. It answers where each request asks it to."""

    def __init__(
        self,
        agent: HomeAgent,
        *,
        prefix: str = "usp",
        user: str = "guest",
        password: str = "guest",  # noqa: S107 - what a broker on a bench has as shipped
        **options: Any,
    ) -> None:
        super().__init__(agent, **options)
        host, _, port = self._url.rpartition(":")
        self._server = StompServer(
            host=host, port=int(port), endpoint=agent.endpoint, user=user, password=password
        )
        self._own = f"/topic/{prefix}.agent.{agent.endpoint}"
        self._towards = self._told = f"/topic/{prefix}.controller.{agent.endpoint}"
        self._line: Connection | None = None

    @property
    def here(self) -> bool:
        """Whether there is a way to the broker now."""
        return self._line is not None

    async def run(self) -> None:
        """Be connected for ever, but while the home is out of reach."""
        while True:
            with suppress(OSError, TimeoutError, StompError, LineLost):
                if not self.agent.home.silent:
                    await self._connected()
            await asyncio.sleep(self._retry)

    async def drop(self) -> None:
        """Say goodbye, as over every MTP (R-MTP.7), and leave the broker."""
        line = self._line
        await self._put(self._record(DisconnectRecord("the line is lost", 0)))
        if line is not None:
            await line.close()

    async def _connected(self) -> None:
        async with connected(self._server) as line:
            self._own = line.subscribe_dest or self._own  # R-STOMP.14
            subscribing = {"id": "0", "receipt": "0", "destination": self._own, "ack": "auto"}
            await line.send(Frame("SUBSCRIBE", subscribing))
            while (await line.heard()).command != "RECEIPT":
                pass
            self._line = line
            try:
                kind = STOMPConnectRecord(subscribed_destination=self._own)
                await self._serve(kind, self._frames(line))
            finally:
                self._line = None

    async def _frames(self, line: Connection) -> AsyncIterator[bytes]:
        while True:
            frame = await line.heard()
            if frame.command == "MESSAGE":
                self._told = frame.headers.get("reply-to-dest", self._towards)
                yield frame.body

    async def _heard(self, message: Message) -> None:
        try:
            await super()._heard(message)
        finally:
            self._told = self._towards

    async def _put(self, content: bytes) -> None:
        if self._line is None:
            return
        headers = {
            "destination": self._told,
            "content-type": CONTENT_TYPE,
            "reply-to-dest": self._own,
        }
        await self._line.send(Frame("SEND", headers, content))
