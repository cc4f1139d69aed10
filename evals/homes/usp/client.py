"""A simulated agent's way to its controller, opened again when it is lost: here, one WebSocket."""

import asyncio
from collections.abc import AsyncIterable
from contextlib import suppress
from itertools import count

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from evals.homes.device_session import LineLost
from evals.homes.usp.agent import HomeAgent
from executors.usp import messages, records
from executors.usp import responses as r
from executors.usp.messages import Message
from executors.usp.records import NoSessionContextRecord, Record, WebSocketConnectRecord
from executors.usp.websocket import SUBPROTOCOL

_VERSION = "1.3"


class AgentClient:
    """``run`` never ends by itself; ``look`` tells the controller what there is to tell."""

    def __init__(
        self, agent: HomeAgent, *, url: str, controller: str, retry: float = 5.0, every: float = 1.0
    ) -> None:
        self.agent = agent
        self._url, self._controller = url, controller
        self._retry, self._every = retry, every
        self._socket: ClientConnection | None = None
        self._ids = count(1)
        self.connections = 0
        self.unanswered: dict[str, Message] = {}
        """Reports that the controller has not answered; they are made again (R-NOT.1)."""

    @property
    def here(self) -> bool:
        """Whether there is a way to the controller now."""
        return self._socket is not None

    async def run(self) -> None:
        """Be connected for ever, but while the home is out of reach."""
        while True:
            with suppress(OSError, WebSocketException, LineLost):
                if not self.agent.home.silent:
                    await self._connected()
            await asyncio.sleep(self._retry)

    async def look(self) -> None:
        """Report what happened since the last look."""
        if not self.here:
            return
        for notify in self.agent.own.notices():
            message = Message(f"n{next(self._ids)}", notify)
            self.unanswered[message.msg_id] = message
            await self._say(message)

    async def drop(self) -> None:
        """Lose the line."""
        if self._socket is not None:
            await self._socket.close()

    async def _connected(self) -> None:
        url = f"{self._url}?eid={self.agent.endpoint}"
        async with connect(url, subprotocols=[SUBPROTOCOL], compression=None) as socket:
            self._socket = socket
            try:
                await self._serve(WebSocketConnectRecord(), socket)
            finally:
                self._socket = None

    async def _put(self, content: bytes) -> None:
        if self._socket is not None:
            await self._socket.send(content)

    async def _serve(
        self, connect_record: records.RecordType, frames: AsyncIterable[str | bytes]
    ) -> None:
        """Introduce the agent, report what was not answered, then do as the controller says."""
        self.connections += 1
        await self._put(self._record(connect_record))
        for message in list(self.unanswered.values()):
            await self._say(message)
        looking = asyncio.create_task(self._looks())
        try:
            async for frame in frames:
                assert isinstance(frame, bytes)
                kind = records.decode(frame).record_type
                if isinstance(kind, NoSessionContextRecord):
                    await self._heard(messages.decode(kind.payload))
                if self.agent.home.silent:
                    return
        finally:
            looking.cancel()

    async def _looks(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._every)

    async def _heard(self, message: Message) -> None:
        if isinstance(message.body, r.NotifyResp):
            self.unanswered.pop(message.msg_id, None)
            return
        await self._say(Message(message.msg_id, self.agent.answer(message.body)))
        self.agent.ended()

    async def _say(self, message: Message) -> None:
        await self._put(self._record(NoSessionContextRecord(messages.encode(message))))

    def _record(self, kind: records.RecordType) -> bytes:
        record = Record(
            version=_VERSION,
            to_id=self._controller,
            from_id=self.agent.endpoint,
            record_type=kind,
        )
        return records.encode(record)
