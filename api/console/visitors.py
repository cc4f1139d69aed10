"""Who sits before the console: the session in the cookie, looked up anew for every act."""

from dataclasses import dataclass
from datetime import timedelta

from nicegui import ui
from starlette.requests import HTTPConnection
from starlette.responses import Response

from api.sessions import Sessions
from brain.domain.entrance import Session
from brain.domain.identity import Principal

_PLAIN, _HOST = "gatewright", "__Host-gatewright"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """The cookie of a browser, and whom it stands for. The console's pages have nothing else."""

    sessions: Sessions
    public_url: str = ""

    async def principal(self) -> Principal | None:
        """Who this page's browser is now. A session that ended meanwhile ends here.

        A store that does not answer raises: then nobody knows.
        """
        return await self.of(ui.context.client.request)

    async def of(self, connection: HTTPConnection) -> Principal | None:
        """Who sent a request, or opened a socket."""
        found = await self.sessions.find(self._id(connection))
        return found[0] if found else None

    async def session(self) -> Session | None:
        """This page's session."""
        found = await self.sessions.find(self._id(ui.context.client.request))
        return found[1] if found else None

    async def sign_out(self) -> None:
        """End this browser's session. The cookie stays behind and is worth nothing."""
        await self.sessions.end(self._id(ui.context.client.request))

    async def leave(self, connection: HTTPConnection) -> None:
        """End the session that a request came with: nobody keeps the id they had before."""
        if session_id := self._id(connection):
            await self.sessions.end(session_id)

    def admit(self, connection: HTTPConnection, response: Response, session_id: str) -> None:
        """Give the browser its new session, which no script and no other site can read or send."""
        secure = self.is_secure(connection)
        response.set_cookie(
            _HOST if secure else _PLAIN,
            session_id,
            max_age=int(self.sessions.clocks.most / timedelta(seconds=1)),
            path="/",
            secure=secure,
            httponly=True,
            samesite="strict",
        )

    def is_secure(self, connection: HTTPConnection) -> bool:
        """Whether browsers come over https, as the operator says or the connection shows."""
        return (self.public_url or str(connection.url)).startswith(("https:", "wss:"))

    def _id(self, connection: HTTPConnection) -> str:
        return connection.cookies.get(_HOST if self.is_secure(connection) else _PLAIN, "")
