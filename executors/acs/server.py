"""The CWMP server as an ASGI application: authenticate, find the session, let it answer.

Serve it with ``CwmpServer.options``: a device may think for long between two POSTs, and a server
that closes the connection meanwhile makes it start anew.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from brain.domain.errors import Forbidden, GatewrightError
from executors.acs import messages as m
from executors.acs.arriving import Arriving
from executors.acs.asgi import (
    CLOSE,
    PLAIN,
    Answer,
    BodyRefused,
    ClientLeft,
    Event,
    Receive,
    Scope,
    Send,
    busy,
    drain,
    header,
    lifespan,
    read_body,
    send_answer,
    with_names,
)
from executors.acs.bulk_door import PATH, BulkDoor
from executors.acs.certificates import Tls, names_of, proves
from executors.acs.connections import SERVER_OPTIONS, Connections, Met
from executors.acs.conversation import Conversation
from executors.acs.device_connection import DeviceConnection
from executors.acs.digest import Admission
from executors.acs.envelope import Envelope
from executors.acs.errors import SessionError, SoapError
from executors.acs.glimpse import GLIMPSED
from executors.acs.logins import Entrance, Login
from executors.acs.request import Request
from executors.acs.sessions import COOKIE, Peer, Sessions
from executors.acs.soap import CONTENT_TYPE, MAX_BYTES, build, parse

_XML = (b"content-type", CONTENT_TYPE.encode())
_END = Answer(204)
FAILED = Answer(500, b"Internal Server Error\n", (PLAIN,))
_USUAL_WAIT = 30

_log = structlog.get_logger(__name__)


class CwmpServer:
    """One ASGI application. Anything but a POST to ``path``, and bulk data, is turned away."""

    def __init__(
        self,
        *,
        entrance: Entrance,
        sessions: Sessions,
        converse: Callable[[Login], Conversation],
        arriving: Arriving,
        path: str = "/",
        tls: Tls | None = None,
    ) -> None:
        self.bulk: BulkDoor | None = None
        """Where bulk data is uploaded; None: nowhere."""
        self._entrance = entrance
        self._sessions = sessions
        self._converse = converse
        self._arriving = arriving
        self._path = path
        self.tls = tls
        self._answering: set[asyncio.Task[None]] = set()
        self.connections = Connections(meet=self.meet, unheard=arriving.unheard)

    @property
    def options(self) -> dict[str, Any]:
        """How to serve it, for ``uvicorn.Config``. InvalidInput where TLS cannot be served."""
        made = {**SERVER_OPTIONS, "http": partial(DeviceConnection, connections=self.connections)}
        return made | (self.tls.options() if self.tls else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        elif scope["type"] == "http":
            try:
                answer = await self._answer(with_names(scope), receive)
            except ClientLeft:
                return
            await send_answer(send, answer)

    def meet(self, request: Request, met: Met) -> None:
        """Answer a request that was read whole: at once where nothing has to be waited for."""
        answer = self._at_once(request)
        if answer is not None:
            met(answer)
            return
        task = asyncio.create_task(self._meet(request, met))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def settled(self, seconds: float) -> None:
        """Wait so long for what ``meet`` was asked, and stop what is left of it."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _meet(self, request: Request, met: Met) -> None:
        try:
            answer = await self._answer(request.scope, _nothing_more)
        except Exception:  # noqa: BLE001 - as any server of HTTP would answer
            _log.exception("acs_request_failed")
            answer = FAILED
        except BaseException:  # it is stopped, and its connection waits for an answer
            met(FAILED)
            raise
        met(answer)

    def _at_once(self, request: Request) -> Answer | None:
        """For one who does not say who it is, and for one who has as little to say as we have."""
        if request.path != self._path or request.method != "POST":
            return None
        try:
            if request.anonymous:
                return self._met(request.body)
            return _END if self._is_over(request) else None
        except Exception:  # noqa: BLE001 - as any server of HTTP would answer
            _log.exception("acs_request_failed")
            return FAILED

    def _is_over(self, request: Request) -> bool:
        cookie = request.headers.get(b"cookie")
        if cookie is None or request.body or b"authorization" in request.headers:
            return False
        session = self._sessions.by_cookie(cookie.decode("latin-1"))
        if session is None or not session[1].over():
            return False
        self._sessions.close(session[0])
        return True

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if self.bulk is not None and scope["path"] == PATH != self._path:
            return await self.bulk.answer(scope, receive)
        if scope["path"] != self._path:
            return Answer(404, b"There is nothing here.\n", (PLAIN,))
        if scope["method"] != "POST":
            return Answer(405, b"CWMP is spoken by POST.\n", (PLAIN, (b"allow", b"POST")))
        session = self._sessions.by_cookie(header(scope, b"cookie"))
        authorization = header(scope, b"authorization")
        admission = await self._entrance.check("POST", self._path, authorization)
        # A cookie was given to one who had authenticated, and nobody else can know it; whom a
        # certificate proves is seen when the Inform is read.
        shown = bool(names_of(scope)) and not authorization
        strange = isinstance(admission, Admission) and (authorization or session is None)
        if isinstance(admission, Admission) and strange and not shown:
            head = await drain(scope, receive, MAX_BYTES, keep=GLIMPSED)
            if authorization:
                return self._challenge(admission, asked=True)
            return self._met(head)
        try:
            body = await read_body(scope, receive, MAX_BYTES)
        except BodyRefused as refusal:
            # What is left of the body would be taken for the next request.
            return Answer(refusal.status, headers=(PLAIN, CLOSE))
        return await self._post(scope, body, admission, session)

    async def _post(
        self,
        scope: Scope,
        body: bytes,
        admission: Login | Admission,
        session: tuple[str, Conversation] | None,
    ) -> Answer:
        session = session or self._sessions.by_peer(_peer(scope))
        try:
            envelope = _envelope(scope, body)
            if envelope is not None and isinstance(envelope.message, m.Inform):
                if proves(names_of(scope), envelope.message.device):
                    admission = Login(certified=True)
                if isinstance(admission, Admission):
                    return self._challenge(admission, asked=False)
                return await self._begin(scope, envelope, (envelope.message, admission), session)
            if session is not None:
                return await self._go_on(session, envelope)
        except (SoapError, SessionError) as error:
            if session is not None:
                self._sessions.close(session[0])
            _log.info("cwmp_refused", reason=error.message)
            return Answer(400, f"{error}\n".encode(), (PLAIN,))
        except Forbidden as error:
            _log.info("cwmp_forbidden", reason=error.message)
            return Answer(403, f"{error}\n".encode(), (PLAIN,))
        except GatewrightError as error:
            _log.warning("cwmp_failed", reason=str(error), code=error.code)
            return busy(_USUAL_WAIT)
        # Some devices say goodbye more often than they need to.
        return _END if envelope is None else Answer(400, b"This is no open session.\n", (PLAIN,))

    async def _begin(
        self,
        scope: Scope,
        envelope: Envelope,
        who: tuple[m.Inform, Login],
        before: tuple[str, Conversation] | None,
    ) -> Answer:
        if before is not None:
            self._sessions.close(before[0])
        inform, login = who
        wait = self._arriving.heard(inform)
        if wait is not None:
            return busy(wait)
        try:
            conversation = self._converse(login)
            reply = await conversation.post(envelope)
        finally:
            self._arriving.done(inform)
        if conversation.ended:  # refused, with a fault that says why
            return _answer(reply)
        cookie = self._sessions.open(conversation, _peer(scope))
        return _answer(reply, (b"set-cookie", f"{COOKIE}={cookie}; Path={self._path}".encode()))

    def _met(self, body: bytes) -> Answer:
        """What one who does not say who it is gets for the beginning of an Inform."""
        wait = self._arriving.seen(body)
        return busy(wait) if wait is not None else self._challenge(Admission.REFUSED, asked=False)

    async def _go_on(self, session: tuple[str, Conversation], envelope: Envelope | None) -> Answer:
        cookie, conversation = session
        try:
            reply = await conversation.post(envelope)
        finally:
            if conversation.ended:
                self._sessions.close(cookie)
        return _answer(reply)

    def _challenge(self, admission: Admission, *, asked: bool) -> Answer:
        stale = admission is Admission.STALE
        if asked and not stale:
            _log.info("cwmp_unauthorized")
        headers = [
            (b"www-authenticate", challenge.encode())
            for challenge in self._entrance.challenges(stale=stale)
        ]
        return Answer(401, headers=(*headers, PLAIN))


async def _nothing_more() -> Event:
    return {"type": "http.disconnect"}


def _envelope(scope: Scope, body: bytes) -> Envelope | None:
    if not body.strip():
        return None
    _, found, charset = header(scope, b"content-type").lower().partition("charset=")
    named = charset.strip("\"' ").split(";")[0].strip("\"' ") if found else ""
    return parse(body, charset=named)


def _answer(reply: Envelope | None, *headers: tuple[bytes, bytes]) -> Answer:
    if reply is None:
        return _END
    return Answer(200, build(reply), (_XML, *headers))


def _peer(scope: Scope) -> Peer | None:
    client = scope.get("client")
    return (client[0], client[1]) if client and client[1] else None
