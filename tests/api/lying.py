"""An OpenID Connect provider in a few lines, which tells the truth until it is told to lie."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "gatewright", "a secret of the client"
KEY = RSAKey.generate_key(2048, {"kid": "own", "use": "sig"})
STRANGERS = RSAKey.generate_key(2048, {"kid": "own", "use": "sig"})
Lie = Callable[[dict[str, Any]], None]


@dataclass(kw_only=True)
class Lying:
    """Signs whatever ``lie`` makes of the claims, with ``key`` and ``alg``."""

    issuer: str = ""
    groups: list[str] = field(default_factory=lambda: ["desk"])
    lie: Lie = field(default=lambda _claims: None)
    metadata: dict[str, Any] = field(default_factory=dict)
    key: RSAKey | OctKey = field(default_factory=lambda: KEY)
    alg: str = "RS256"
    kid: str = "own"
    answer: Callable[[dict[str, Any]], dict[str, Any]] = field(default=lambda token: token)
    userinfo: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    challenge: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def authorize(self, url: str) -> dict[str, str]:
        """What a person's browser brings back from there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]
        return {"code": "a code", "state": asked["state"]}

    async def describe(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me",
                "end_session_endpoint": f"{self.issuer}/end",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                **self.metadata,
            }
        )

    async def keys(self, _: Request) -> Response:
        return JSONResponse(KeySet([KEY]).as_dict(private=False))

    async def token(self, request: Request) -> Response:
        self.asked.append(parse_qs((await request.body()).decode()))
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": "248289761001",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "groups": self.groups,
            "preferred_username": "ana",
        }
        self.lie(claims)
        header = {"alg": self.alg, "kid": self.kid}
        signed = jwt.encode(header, claims, self.key, algorithms=[self.alg])
        told = {"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": signed}
        return JSONResponse(self.answer(told))

    async def me(self, _: Request) -> Response:
        return JSONResponse(self.userinfo)


@asynccontextmanager
async def lying_provider() -> AsyncIterator[Lying]:
    """One that listens on this machine."""
    made = Lying()
    routes = [
        Route("/.well-known/openid-configuration", made.describe),
        Route("/keys", made.keys),
        Route("/token", made.token, methods=["POST"]),
        Route("/me", made.me),
    ]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made.issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(Starlette(routes=routes), log_config=None, timeout_graceful_shutdown=1)
        )
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        yield made
        server.should_exit = True
        await task
