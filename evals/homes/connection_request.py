"""Where homes wait to be woken: one HTTP server, a random path and digest per device (3.2.2)."""

import asyncio
from collections.abc import Callable
from time import monotonic

from evals.homes.chance import dice
from evals.homes.client import HomeClient
from executors.acs.asgi import Answer, Receive, Scope, Send, header, send_answer
from executors.acs.digest import Admission, Doorkeeper
from executors.acs.nonces import Nonces

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_NONCE_LIFE = 300
_UNANSWERED_SECONDS = 3600.0


class ConnectionRequests:
    """An ASGI application. A home that is in a session, or asked too often, answers 503."""

    def __init__(self, *, seed: int, seconds: Callable[[], float] = monotonic) -> None:
        self._draw = dice(seed, "connection requests")
        self._clients: dict[str, HomeClient] = {}
        self._nonces = Nonces(
            secret=self._draw.randbytes(32),
            seconds=seconds,
            unique=lambda: self._draw.randbytes(8).hex(),
            life=_NONCE_LIFE,
        )

    def add(self, client: HomeClient, *, base: str) -> None:
        """Give this home a path of its own below ``base``, and tell it."""
        path = "/" + "".join(self._draw.choice(_ALPHABET) for _ in range(20))
        self._clients[path] = client
        server = client.home.model.root + "ManagementServer."
        client.home.provision({server + "ConnectionRequestURL": base + path})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        client = self._clients.get(scope["path"])
        if client is None or scope["method"] != "GET":
            await send_answer(send, Answer(404))
            return
        if client.home.silent:
            await _say_nothing(receive)
            return
        await send_answer(send, self._answer(client, scope))

    def _answer(self, client: HomeClient, scope: Scope) -> Answer:
        doorkeeper = self._doorkeeper(client)
        admission = doorkeeper.check("GET", scope["path"], header(scope, b"authorization"))
        if admission is not Admission.GRANTED:
            asked = doorkeeper.challenges(stale=admission is Admission.STALE)
            headers = tuple((b"www-authenticate", each.encode()) for each in asked)
            return Answer(401, headers=headers)
        if client.busy or client.home.faults.busy:
            return Answer(503, headers=((b"retry-after", b"5"),))
        client.wake()
        return Answer(204)

    def _doorkeeper(self, client: HomeClient) -> Doorkeeper:
        """Made anew each time: the controller may have set another name or password since."""
        tree, server = client.home.tree, client.home.model.root + "ManagementServer."
        return Doorkeeper(
            username=tree.read(server + "ConnectionRequestUsername"),
            password=tree.read(server + "ConnectionRequestPassword"),
            nonces=self._nonces,
            realm="device",
            algorithms=("MD5",),
        )


async def _say_nothing(receive: Receive) -> None:
    """Leave the caller waiting, until it gives up."""
    try:
        async with asyncio.timeout(_UNANSWERED_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return
