"""Refuses bodies that are larger than their route reads, before they are read."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import TooLarge, problem_of, response_of


class BodyLimit:
    """ASGI middleware: ``usual`` bytes, or more for the paths named in ``larger``."""

    def __init__(self, app: ASGIApp, *, usual: int, larger: Mapping[str, int]) -> None:
        self._app = app
        self._usual = usual
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], self._usual)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await _refuse(scope, receive, send, limit)
            return
        await self._app(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Receive:
    """A body without a length, or longer than it said, is cut off when it passes the limit."""
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            # FastAPI turns every other exception here into "could not parse the body".
            raise HTTPException(413)
        return message

    return counting


async def _refuse(scope: Scope, receive: Receive, send: Send, limit: int) -> None:
    error = TooLarge(
        f"this route reads at most {limit} bytes", field="body", remedy="Send less at once."
    )
    request_id = str(scope.get("state", {}).get("request_id", ""))
    problem = problem_of(error, instance=scope["path"], request_id=request_id)
    await response_of(problem)(scope, receive, send)
