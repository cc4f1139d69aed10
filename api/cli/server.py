"""Talks to a running server, and turns whatever it answers into JSON or one of our errors."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from brain.domain.canonical import Json
from brain.domain.errors import GatewrightError

_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_STREAM_TIMEOUT = httpx.Timeout(None, connect=5.0, read=120.0)
"""The server sends a comment every 15 seconds while it has nothing to say."""

Shown = TypeVar("Shown", bound=BaseModel)
Query = Mapping[str, object]


class Unreachable(GatewrightError):
    """Nobody answered at the server's address."""

    code = "unreachable"


class Refused(GatewrightError):
    """The server answered with a problem; its words are passed on."""

    code = "refused"


class Server:
    """One server, with one token."""

    def __init__(
        self, url: str, token: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._transport = transport

    def get(self, path: str, query: Query | None = None) -> Json:
        """Read something."""
        wanted = {name: value for name, value in (query or {}).items() if value not in ("", [])}
        return self._ask("GET", path, params=wanted)

    def post(self, path: str, body: Json = None) -> Json:
        """Do something."""
        return self._ask("POST", path, json=body)

    def put(self, path: str, body: Json) -> Json:
        """Set something."""
        return self._ask("PUT", path, json=body)

    def delete(self, path: str) -> Json:
        """Take something away."""
        return self._ask("DELETE", path)

    def post_bytes(self, path: str, body: bytes, *, kind: str = "application/json") -> Json:
        """Send a whole document as it is."""
        headers = {"Content-Type": kind}
        return self._ask("POST", path, content=body, headers=headers)

    def stream(self, path: str, body: Json) -> Iterator[dict[str, Json]]:
        """Do something, and follow the events that it sends."""
        with (
            self._client(_STREAM_TIMEOUT) as client,
            _our_errors(self.url),
            client.stream("POST", path, json=body) as response,
        ):
            if response.is_error:
                response.read()
                raise _refused(response)
            yield from _events(response.iter_lines())

    def read(self, shape: type[Shown], path: str, query: Query | None = None) -> Shown:
        """Read something of a known shape."""
        return shaped(shape, self.get(path, query))

    def _ask(self, method: str, path: str, **how: object) -> Json:
        with self._client(_TIMEOUT) as client, _our_errors(self.url):
            response = client.request(method, path, **how)  # type: ignore[arg-type]  # passed on
            if response.is_error:
                raise _refused(response)
            return _read(response)

    def _client(self, timeout: httpx.Timeout) -> httpx.Client:
        return httpx.Client(
            base_url=self.url,
            headers=self._headers,
            timeout=timeout,
            transport=self._transport,
            follow_redirects=False,  # the token goes to nobody else
        )


@contextmanager
def _our_errors(url: str) -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise Unreachable(
            f"no server answers at {url}",
            remedy="Start one with `gatewright serve`, or set GATEWRIGHT_URL to where it is.",
        ) from None
    except httpx.TimeoutException:
        raise Unreachable(
            f"the server at {url} did not answer in time",
            remedy="What was asked may still have been done: look before you repeat it.",
        ) from None
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Unreachable(
            f"the server at {url} cannot be talked to ({type(error).__name__})",
            remedy="Check GATEWRIGHT_URL; it looks like http://127.0.0.1:8080.",
        ) from None


def shaped(shape: type[Shown], document: Json) -> Shown:
    """The document as its shape; fields that only a newer server knows are passed over."""
    try:
        return shape.model_validate(document, extra="ignore")
    except ValidationError:
        raise Refused(
            "the server's answer is not understood",
            remedy="Use the command line and the server of the same version.",
        ) from None


def _read(response: httpx.Response) -> Json:
    try:
        document: Json = response.json()
    except ValueError:
        raise Refused(
            f"what answers at {response.url.host}:{response.url.port} is not Gatewright",
            remedy="Check GATEWRIGHT_URL.",
        ) from None
    return document


def _refused(response: httpx.Response) -> GatewrightError:
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "detail" not in problem:
        return Refused(f"the server answered {response.status_code} without a reason")
    return Refused(
        str(problem["detail"]),
        field=str(problem.get("field", "")),
        remedy=str(problem.get("remedy", "")),
    )


def _events(lines: Iterator[str]) -> Iterator[dict[str, Json]]:
    """The data of each server-sent event; comments and names are passed over."""
    for line in lines:
        name, _, value = line.partition(":")
        if name == "data":
            document = json.loads(value)
            if isinstance(document, dict):
                yield document
