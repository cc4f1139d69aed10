"""The server under test as a process of its own: our ACS, or one that answers constants."""

import argparse
import socket
from collections.abc import Mapping
from typing import Any

import uvicorn
import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.identity import TenantId
from brain.garbage import settle
from brain.ids import new_id, utc_now
from brain.store.cipher import Cipher
from brain.store.store import Store
from executors.accept_queue import handles
from executors.acs.acs import Acs
from executors.acs.connections import SERVER_OPTIONS
from executors.acs.envelope import Envelope
from executors.acs.messages import InformResponse
from executors.acs.options import AcsOptions
from executors.acs.soap import CONTENT_TYPE, build
from executors.permits import PermitDesk

USERNAME, PASSWORD = "gatewright", "bench"
_NONCE = b"0" * 60
_DIGESTS = [
    b'Digest realm="gatewright", qop="auth", algorithm=' + name + b', nonce="' + _NONCE + b'"'
    for name in (b"MD5", b"SHA-256")
]
_COOKIE = b"gatewright=" + b"0" * 32 + b"; Path=/"
_ANSWER = build(Envelope(InformResponse(), id="1", namespace="urn:dslforum-org:cwmp-1-2"))


async def constant(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """The same three answers as a session gets, byte for byte as long: 401, an envelope, 204."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    authorized = any(name == b"authorization" for name, _ in scope["headers"])
    status, answer = (204, b"") if not body else (200, _ANSWER) if authorized else (401, b"")
    headers = [] if status == 204 else [(b"content-length", str(len(answer)).encode())]
    if status == 401:
        headers += [(b"www-authenticate", digest) for digest in _DIGESTS]
    elif status == 200:
        headers += [(b"content-type", CONTENT_TYPE.encode()), (b"set-cookie", _COOKIE)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def _serve(app: Any, port: int, options: Mapping[str, Any] = SERVER_OPTIONS) -> None:
    settle()  # as ``gatewright serve`` does
    config = uvicorn.Config(app, log_level="error", **options)
    with socket.create_server(("127.0.0.1", port)) as listener, handles(listener) as sockets:
        await uvicorn.Server(config).serve(sockets=sockets)


async def _acs(url: str, port: int) -> None:
    store = await Store.open(url, Cipher(bytes(32)))
    try:
        await store.migrate()
        key = Ed25519PrivateKey.generate().public_key()
        acs = Acs(
            store=store,
            permits=PermitDesk(public_key=key, store=store, clock=utc_now),
            clock=utc_now,
            new_id=new_id,
            options=AcsOptions(
                tenant=TenantId("default"),
                username=USERNAME,
                password=PASSWORD,
                connection_request_username=USERNAME,
                connection_request_password=PASSWORD,
                enrol=True,
                discover=False,
            ),
        )
        await _serve(acs.app, port, acs.app.options)
        await acs.close()
    finally:
        await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("answers", help="constant, or the URL of a store")
    parser.add_argument("port", type=int)
    chosen = parser.parse_args()
    if chosen.answers == "constant":
        uvloop.run(_serve(constant, chosen.port))
    else:
        uvloop.run(_acs(chosen.answers, chosen.port))
