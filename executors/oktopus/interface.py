"""Oktopus's REST interface: the one place that knows its log-in, its places and its statuses.

Nothing that a device wrote leaves this file in an error: it may quote a value.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from ssl import create_default_context
from typing import Final, cast
from urllib.parse import quote

import httpx

from brain.domain.canonical import Json
from brain.domain.errors import (
    ControllerRefused,
    DeviceUnreachable,
    InvalidInput,
    OutcomeUnknown,
)
from executors.oktopus.options import OktopusOptions

_QUICK: Final = 30.0
_PAGE: Final = 50
"""The most that it lists at once."""
_ONLINE: Final = 2
_MOST_PAGES: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A device as Oktopus lists it."""

    endpoint: str
    """It calls the agent's endpoint id a serial number."""
    online: bool


class Interface:
    """A client. DeviceUnreachable: nothing was handed to the device; OutcomeUnknown: it may be."""

    def __init__(
        self, options: OktopusOptions, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._options = options
        self._token = ""
        self._entering = asyncio.Lock()
        self._client = httpx.AsyncClient(
            base_url=options.url.rstrip("/") + "/api/",
            transport=transport,
            timeout=httpx.Timeout(_QUICK, read=options.answer_within.total_seconds()),
            verify=create_default_context(cafile=options.ca) if options.ca else True,
            follow_redirects=False,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def token(self) -> str:
        """The token of a log-in that holds, as far as is known."""
        async with self._entering:
            if not self._token:
                self._token = await self._log_in()
            return self._token

    async def devices(self) -> list[Known]:
        """Every device that it knows. Its pages overlap, so each is taken once, and a page that
        brings nothing new is the last."""
        found: dict[str, Known] = {}
        for page in range(_MOST_PAGES):
            params = {"page_number": str(page), "page_size": str(_PAGE)}
            said = await self._send("GET", "device", params=params)
            if not isinstance(said, dict) or not isinstance(said.get("devices"), list | None):
                raise ControllerRefused("Oktopus's list of devices is unreadable")
            rows = cast(list[Json] | None, said.get("devices"))
            known = [each for each in map(_known, rows or []) if each is not None]
            new = {each.endpoint: each for each in known if each.endpoint not in found}
            found |= new
            if not new:
                break
        return [*found.values()]

    async def ask(self, endpoint: str, verb: str, body: Mapping[str, Json]) -> Json:
        """Hand a request to a device and give what came as its answer, whosever that is."""
        place = f"device/{quote(endpoint, safe='')}/{self._options.mtp}/{verb}"
        return await self._send("PUT", place, json=dict(body))

    async def _send(self, method: str, place: str, **about: object) -> Json:
        token = await self.token()
        said = await self._request(method, place, headers={"authorization": token}, **about)
        if said.status_code == 401:  # refused at the door, so nothing was done yet
            async with self._entering:
                if self._token == token:
                    self._token = ""
            token = await self.token()
            said = await self._request(method, place, headers={"authorization": token}, **about)
        _check(said)
        try:
            body: Json = said.json()
        except ValueError:
            raise OutcomeUnknown("Oktopus's answer is unreadable") from None
        return body

    async def _log_in(self) -> str:
        own = {"email": self._options.email, "password": self._options.password}
        try:
            said = await self._request("PUT", "auth/login", json=own)
            token = said.json() if said.status_code == 200 else ""
        except (OutcomeUnknown, ValueError):
            raise DeviceUnreachable(
                "Oktopus did not answer the log-in, and nothing was sent"
            ) from None
        if said.status_code in (400, 401, 403):
            raise _wrong_login()
        if not isinstance(token, str) or not token or not token.isascii():
            raise DeviceUnreachable(
                f"Oktopus answered the log-in with {said.status_code}, and nothing was sent"
            )
        return token

    async def _request(self, method: str, place: str, **about: object) -> httpx.Response:
        try:
            return await self._client.request(method, place, **about)  # type: ignore[arg-type]  # httpx's own keywords
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DeviceUnreachable(
                f"Oktopus cannot be reached: {type(error).__name__}",
                remedy="Check GATEWRIGHT_OKTOPUS_URL and that it is up.",
            ) from None
        except httpx.HTTPError as error:
            raise OutcomeUnknown(f"Oktopus gave no answer: {type(error).__name__}") from None


def _check(said: httpx.Response) -> None:
    status = said.status_code
    if status == 200:
        return
    if status == 401:
        raise _wrong_login()
    if status == 403:
        raise ControllerRefused("Oktopus does not allow this account to do it", fault="403")
    if status == 404:
        raise DeviceUnreachable(
            "Oktopus does not know the device, and nothing was sent",
            remedy="Check that its agent connects to this Oktopus.",
        )
    if status == 503:
        raise DeviceUnreachable(
            "the device is offline, and nothing was sent",
            remedy="Check that it is on and online, then try again.",
        )
    if status < 500:
        raise ControllerRefused(f"Oktopus answered {status}", fault=str(status))
    # 504: no answer within its ten seconds. 500 may come before or after the request has left.
    raise OutcomeUnknown(f"Oktopus answered {status}: the device may have done it")


def _wrong_login() -> InvalidInput:
    return InvalidInput(
        "Oktopus does not let this account in",
        field="GATEWRIGHT_OKTOPUS_PASSWORD",
        remedy="Correct GATEWRIGHT_OKTOPUS_EMAIL and GATEWRIGHT_OKTOPUS_PASSWORD.",
    )


def _known(row: Json) -> Known | None:
    """Names in capitals or not, as with everything else here."""
    if not isinstance(row, dict):
        return None
    plain = {key.lower(): value for key, value in row.items()}
    endpoint = plain.get("sn")
    if not isinstance(endpoint, str) or not endpoint:
        return None
    return Known(endpoint=endpoint, online=plain.get("status") == _ONLINE)
