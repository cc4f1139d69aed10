"""Opens a live page's socket only to a browser that is signed in."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.console.visitors import Visitors
from api.problems import Unauthenticated, problem_of, response_of

_SOCKETS = "/_nicegui_ws"


class SignedInOnly:
    """ASGI middleware around the console. Every act on a page asks again who is signed in."""

    def __init__(self, app: ASGIApp, *, visitors: Visitors) -> None:
        self._app = app
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        is_socket = scope["type"] in ("http", "websocket") and scope["path"].startswith(_SOCKETS)
        if not is_socket or await self._visitors.of(HTTPConnection(scope)) is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before accept: HTTP 403
        else:
            refused = Unauthenticated("nobody is signed in here", remedy="Sign in again.")
            await response_of(problem_of(refused, instance=scope["path"]))(scope, receive, send)
