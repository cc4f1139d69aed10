"""Stands in for Oktopus's REST interface: its log-in, its pages and its statuses.

A USP error leaves as a 200, a device that does not answer as a 504, one that is offline as a 503, a
token is a JWT (HS256) of 24 hours and goes without ``Bearer``, and pages overlap by one device.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from brain.domain.canonical import Json
from brain.domain.ports import Clock
from evals.homes.home import Home
from evals.homes.usp.agent import HomeAgent
from evals.standins.oktopus.subjects import Subject
from executors.usp import requests as q
from executors.usp.codec import Codec
from executors.usp.schema import usp_msg_pb2

_DAY: Final = timedelta(hours=24)
_VERBS: Final[dict[str, type]] = {
    "get": q.Get,
    "set": q.Set,
    "add": q.Add,
    "del": q.Delete,
    "operate": q.Operate,
}
_MTPS: Final = frozenset({"mqtt", "ws", "stomp", "any"})
_MOST: Final = 50
_OFFLINE, _ONLINE = 0, 2
_SCHEMA: Final = usp_msg_pb2.DESCRIPTOR.message_types_by_name


@dataclass(slots=True)
class OktopusStandIn:
    """One installation, with its one account; ``app`` serves it."""

    clock: Clock
    email: str = "gatewright@example.net"
    password: str = field(default="let-me-in", repr=False)
    key: bytes = field(default=b"supersecretkey", repr=False)
    mtp: str = "ws"
    """What its devices come over."""
    subjects: dict[str, Subject] = field(default_factory=dict)
    """By the agent's endpoint id, which it calls a serial number."""
    log_ins: int = 0
    calls: list[str] = field(default_factory=list)
    """Method and path of everything that was asked for."""

    def add(self, home: Home) -> Subject:
        """A device that is known from now on."""
        said = home.identity
        endpoint = f"ops::{said.oui}-{said.product_class}-{said.serial}"
        made = self.subjects[endpoint] = Subject(HomeAgent(home, endpoint))
        return made

    def app(self) -> Starlette:
        """Its interface as an ASGI application."""
        return Starlette(
            routes=[
                Route("/api/auth/login", self._log_in, methods=["PUT"]),
                Route("/api/device", self._devices, methods=["GET"]),
                Route("/api/device/{sn}/{mtp}/{verb}", self._message, methods=["PUT"]),
            ]
        )

    async def _log_in(self, request: Request) -> JSONResponse:
        self.calls.append("PUT /api/auth/login")
        said = await request.json()
        if (said.get("email"), said.get("password")) != (self.email, self.password):
            return JSONResponse("Invalid Credentials", 401)
        self.log_ins += 1
        until = (self.clock() + _DAY).timestamp()
        return JSONResponse(self._signed({"email": self.email, "exp": until}))

    async def _devices(self, request: Request) -> JSONResponse:
        if not self._enter(request):
            return JSONResponse(None, 401)
        query = request.query_params
        page, size = int(query.get("page_number", 0)), int(query.get("page_size", 20))
        if size > _MOST:
            return JSONResponse(f"Page size must not exceed {_MOST}", 400)
        known = [*self.subjects.items()]
        skip = page * (size - 1) if len(known) >= size else 0
        shown = [self._row(name, each) for name, each in known[skip : skip + size]]
        about = {"pages": len(known) // size, "page": page, "size": size, "devices": shown or None}
        return JSONResponse(about)

    async def _message(self, request: Request) -> JSONResponse:
        if not self._enter(request):
            return JSONResponse(None, 401)
        place = request.path_params
        if place["mtp"] not in _MTPS:
            return JSONResponse("Invalid MTP, valid options are: mqtt, ws, stomp", 400)
        subject = self.subjects.get(place["sn"])
        if subject is None:
            return JSONResponse("Device not found", 404)
        if place["verb"] not in _VERBS:
            return JSONResponse(None, 404)
        if place["mtp"] == "any" and not subject.online:
            return JSONResponse("Device is offline", 503)
        asked = _read(_VERBS[place["verb"]], await request.body())
        try:
            if place["mtp"] not in ("any", self.mtp):
                raise TimeoutError  # nobody listens there
            return JSONResponse(await subject.ask(asked))
        except TimeoutError:
            return JSONResponse("usp message response timeout", 504)

    def _row(self, name: str, subject: Subject) -> dict[str, Json]:
        said = subject.home.identity
        now = _ONLINE if subject.online else _OFFLINE
        return {
            "SN": name,
            "Vendor": said.manufacturer,
            "ProductClass": said.product_class,
            "Status": now,
            "Mqtt": now if self.mtp == "mqtt" else _OFFLINE,
            "Stomp": now if self.mtp == "stomp" else _OFFLINE,
            "Websockets": now if self.mtp == "ws" else _OFFLINE,
        }

    def _enter(self, request: Request) -> bool:
        self.calls.append(f"{request.method} {request.url.path}")
        token = request.headers.get("authorization", "")
        content, _, _ = token.rpartition(".")
        if not content or not hmac.compare_digest(token, self._sealed(content)):
            return False
        _, _, claims = content.partition(".")
        until: float = json.loads(_opened(claims))["exp"]
        return self.clock().timestamp() < until

    def _signed(self, claims: Mapping[str, Json]) -> str:
        head = {"alg": "HS256", "typ": "JWT"}
        return self._sealed(".".join(_base64(json.dumps(each).encode()) for each in (head, claims)))

    def _sealed(self, content: str) -> str:
        return f"{content}.{_base64(hmac.digest(self.key, content.encode(), sha256))}"


def _read(kind: type, body: bytes) -> q.Request:
    """As Go does: what it does not know is left out, and what is no JSON is an empty request."""
    message = GetMessageClass(_SCHEMA[kind.__name__])()
    try:
        json_format.Parse(body, message, ignore_unknown_fields=True)
    except json_format.ParseError:
        message.Clear()
    codec: Codec[Any] = Codec(kind, _SCHEMA[kind.__name__])
    asked: q.Request = codec.read(message)
    return asked


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _opened(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
