"""Wraps every request: its id, its log line, its place in the metrics, its last safety net."""

import re
from collections.abc import Callable
from time import perf_counter

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.problems import response_of, unexpected
from brain.domain.ports import NewId

HEADER = "X-Request-ID"
_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LONGEST_PATH = 200

log = structlog.get_logger("gatewright.api")


class Traffic:
    """ASGI middleware. It sits outside everything else, so nothing leaves without passing it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        new_id: NewId,
        timer: Callable[[], float] = perf_counter,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._new_id = new_id
        self._timer = timer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._serve(scope, receive, _Answer(send, request_id))

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        began = self._timer()
        try:
            await self._app(scope, receive, answer)
        except Exception:  # the edge: what nobody foresaw is logged and answered, never shown
            log.exception("unexpected error", route=_route(scope))
            answer.broke = True
            if not answer.status:
                problem = unexpected(instance=scope["path"], request_id=answer.request_id)
                await response_of(problem)(scope, receive, answer)
        finally:
            self._note(scope, answer, seconds=self._timer() - began)

    def _note(self, scope: Scope, answer: "_Answer", *, seconds: float) -> None:
        # No status: the caller went away before there was an answer.
        status = answer.status or 499
        route = _route(scope)
        self._metrics.answered(method=scope["method"], route=route, status=status, seconds=seconds)
        log.log(
            _LEVELS["error" if answer.broke else "info"],
            "request",
            method=scope["method"],
            route=route,
            path=scope["path"][:_LONGEST_PATH],
            status=status,
            seconds=round(seconds, 4),
        )

    def _request_id(self, scope: Scope) -> str:
        """The caller's own id when it is harmless in a log and a header, else a new one."""
        given = Headers(scope=scope).get(HEADER, "")
        return given if _GOOD_ID.fullmatch(given) else self._new_id("req")


class _Answer:
    """Passes the answer on, and remembers its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status = 0
        self.broke = False

    async def __call__(self, message: Message) -> None:
        """Send one message of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[HEADER] = self.request_id
            for name, value in _SAFE.items():
                headers.setdefault(name, value)
        await self._send(message)


_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
_LEVELS = {"info": 20, "error": 40}


def _route(scope: Scope) -> str:
    """The template of the matched route: bounded, and without ids."""
    return str(getattr(scope.get("route"), "path", ""))
