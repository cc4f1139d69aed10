"""Keeps other sites out: what changes something, and every socket, must come from our own pages."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem_of, response_of
from brain.domain.errors import Forbidden

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class OwnPagesOnly:
    """ASGI middleware against forged requests (CSRF) and forged sockets.

    A browser says where a request comes from in ``Origin``, and in ``Sec-Fetch-Site`` how far that
    is from here. A request that changes something and comes from elsewhere is refused, and so is
    a socket that does not say. What carries a bearer token passes: a token is not sent by itself,
    as a cookie is.
    """

    def __init__(self, app: ASGIApp, *, public_url: str = "") -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket" and not self._is_ours(scope, silent=False):
            await send({"type": "websocket.close", "code": 1008})  # before accept: HTTP 403
        elif scope["type"] == "http" and _changes(scope) and not self._is_ours(scope, silent=True):
            await response_of(problem_of(_foreign(), instance=scope["path"]))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, scope: Scope, *, silent: bool) -> bool:
        """Whether one of our own pages sent it; ``silent`` is the answer when it does not say."""
        headers = Headers(scope=scope)
        if "authorization" in headers and scope["type"] == "http":
            return True  # no browser adds a token to what another site sends
        origin = headers.get("origin")
        if origin is not None:
            return is_own(origin, host=headers.get("host", ""), public_url=self._public_url)
        return silent and headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def is_own(origin: str, *, host: str, public_url: str) -> bool:
    """Whether an ``Origin`` is this console: the public address, or the host that was asked."""
    if public_url:
        return origin.lower() == public_url
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and host != "" and parts.netloc == host


def _changes(scope: Scope) -> bool:
    return scope["method"] not in _SAFE or scope["path"].startswith("/_nicegui_ws")


def _foreign() -> Forbidden:
    return Forbidden(
        "this came from a page of another site",
        field="Origin",
        remedy="Use the console's own pages, at GATEWRIGHT_PUBLIC_URL where that is set.",
    )
