"""The server under test as a process of its own: our ACS, or one that answers constants."""

import argparse
import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.identity import TenantId
from brain.ids import new_id, utc_now
from evals.workbench import temporary_store
from executors.acs.acs import Acs
from executors.acs.options import AcsOptions
from executors.acs.server import SERVER_OPTIONS
from executors.permits import PermitDesk

USERNAME, PASSWORD = "gatewright", "bench"
_DIGEST = b'Digest realm="bench", qop="auth", nonce="constant", algorithm=MD5'
_ANSWER = b"<constant>" + b"x" * 400 + b"</constant>"


async def constant(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """The same three answers as a session gets: 401, an envelope, 204."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    authorized = any(name == b"authorization" for name, _ in scope["headers"])
    status, answer = (204, b"") if not body else (200, _ANSWER) if authorized else (401, b"")
    headers = [(b"content-type", b"text/xml"), (b"content-length", str(len(answer)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", _DIGEST))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def _serve(app: Any, port: int, options: Mapping[str, Any] = SERVER_OPTIONS) -> None:
    config = uvicorn.Config(app, port=port, log_level="error", **options)
    await uvicorn.Server(config).serve()


async def _acs(port: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with temporary_store(Path(folder)) as store:
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
                    discover=False,
                ),
            )
            await _serve(acs.app, port, acs.app.options)
            await acs.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=("acs", "constant"))
    parser.add_argument("port", type=int)
    chosen = parser.parse_args()
    asyncio.run(_acs(chosen.port) if chosen.mode == "acs" else _serve(constant, chosen.port))
