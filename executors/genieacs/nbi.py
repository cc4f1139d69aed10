"""GenieACS's northbound interface over HTTP/1.1: the one place that knows how it says things.

It is spoken to directly or through a proxy that keeps HTTP/1.1, since much of what it says is in
the reason phrase. Nothing that a device wrote leaves this file: it may quote a value.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ssl import create_default_context
from typing import Final

import httpx

from brain.domain.canonical import Json
from brain.domain.errors import (
    ControllerRefused,
    DeviceUnreachable,
    InvalidInput,
    NotFound,
    OutcomeUnknown,
)
from executors.genieacs.names import place
from executors.genieacs.options import GenieOptions

Document = Mapping[str, Json]
_LOCK, _SESSION, _SLACK = timedelta(seconds=30), timedelta(seconds=120), timedelta(seconds=15)
"""How long an answer may take beside the wait for the device: for its lock, for its session."""
_QUICK: Final = 30.0
_FAULTED: Final = "Task faulted"


class Ran(StrEnum):
    """What became of a task by the time of the answer."""

    ENDED = "ended"
    """The session ended and left no fault; whether anything was done has to be looked at."""
    FAULTED = "faulted"
    QUEUED = "queued"
    """It may still run, an hour from now."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A task that GenieACS took."""

    id: str
    ran: Ran


class Nbi:
    """A client. DeviceUnreachable: nothing was taken; OutcomeUnknown: no readable answer."""

    def __init__(
        self, options: GenieOptions, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._patience = options.patience
        long = (options.patience + _LOCK + _SESSION + _SLACK).total_seconds()
        self._long = httpx.Timeout(_QUICK, read=long)
        auth = httpx.BasicAuth(options.username, options.password) if options.username else None
        headers = {"authorization": f"Bearer {options.token}"} if options.token else {}
        self._client = httpx.AsyncClient(
            base_url=options.url.rstrip("/") + "/",
            auth=auth,
            headers=headers,
            transport=transport,
            timeout=_QUICK,
            verify=create_default_context(cafile=options.ca) if options.ca else True,
            follow_redirects=False,
            http2=False,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def task(self, device: str, what: Document) -> Answered:
        """Leave a task and call the device; the answer says how far it got."""
        params = {
            "connection_request": "",
            "timeout": str(int(self._patience.total_seconds() * 1000)),
        }
        said = await self._send(
            "POST", place("devices", device, "tasks"), json=dict(what), params=params, long=True
        )
        if said.status_code == 404:
            raise DeviceUnreachable(
                "GenieACS does not know the device, and nothing was sent",
                remedy="Check that the device calls this GenieACS.",
            )
        if said.status_code not in (200, 202):
            raise _refusal(said)
        try:
            number = str(said.json()["_id"])
        except (ValueError, KeyError, TypeError):
            raise OutcomeUnknown("GenieACS took a task, and its answer is unreadable") from None
        if said.status_code == 200:
            return Answered(number, Ran.ENDED)
        return Answered(number, Ran.FAULTED if said.reason_phrase == _FAULTED else Ran.QUEUED)

    async def withdraw(self, task: str) -> bool | None:
        """Take a task back; whether it was there still. None: its device is in a session, so that
        it may run now."""
        said = await self._send("DELETE", place("tasks", task))
        if said.status_code == 503:
            return None
        if said.status_code not in (200, 404):
            raise _refusal(said)
        return said.status_code == 200

    async def forget_fault(self, device: str, task: str) -> bool:
        """Take a task's fault away and the task with it: it would be tried again. Whether it
        went; it does not while its device is in a session."""
        said = await self._send("DELETE", place("faults", f"{device}:task_{task}"))
        return said.status_code == 200

    async def list(
        self,
        collection: str,
        query: Document,
        *,
        projection: Sequence[str] = (),
        limit: int | None = None,
        by_id: bool = False,
    ) -> list[Document]:
        """The documents of this query. A text in it must not come from outside: GenieACS takes
        one with stars or slashes for a pattern."""
        params = {"query": json.dumps(dict(query))}
        if projection:
            params["projection"] = ",".join(projection)
        if limit is not None:
            params["limit"] = str(limit)
        if by_id:
            params["sort"] = json.dumps({"_id": 1})  # the only index that there is
        said = await self._send("GET", f"{collection}/", params=params)
        if said.status_code != 200:
            raise _refusal(said)
        try:
            rows = said.json()
        except ValueError:
            rows = None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ControllerRefused(f"GenieACS's list of {collection} is unreadable")
        return rows

    async def device(self, device: str, paths: Sequence[str] = ()) -> Document:
        """What is remembered of a device, all of it or these branches. DeviceUnreachable when
        it is not known there."""
        rows = await self.list("devices", {"_id": device}, projection=paths)
        if len(rows) != 1:
            raise DeviceUnreachable("GenieACS does not know the device")
        return rows[0]

    async def tag(self, device: str, tag: str, *, on: bool) -> None:
        """Put a tag on a device or take it off. NotFound for an unknown device."""
        method = "POST" if on else "DELETE"
        said = await self._send(method, place("devices", device, "tags", tag))
        if said.status_code == 404:
            raise NotFound("GenieACS does not know the device", field="device")
        if said.status_code != 200:
            raise _refusal(said)

    async def put_file(self, name: str, body: bytes, about: Mapping[str, str]) -> None:
        """Keep a file; ``about`` are ``fileType``, ``oui``, ``productClass`` and ``version``."""
        said = await self._send("PUT", place("files", name), content=body, headers=dict(about))
        if said.status_code not in (200, 201):  # its handbook says one and its source the other
            raise _refusal(said)

    async def drop_file(self, name: str) -> bool:
        """Forget a file; whether there was one."""
        said = await self._send("DELETE", place("files", name))
        if said.status_code not in (200, 404):
            raise _refusal(said)
        return said.status_code == 200

    async def is_open(self) -> bool:
        """Whether it answers who shows no credentials."""
        bare = httpx.Request("GET", self._client.base_url.join("tasks/?limit=1"))
        try:
            said = await self._client.send(bare, auth=None)
        except httpx.HTTPError:
            return False
        return said.status_code == 200

    async def _send(
        self, method: str, path: str, *, long: bool = False, **about: object
    ) -> httpx.Response:
        timeout = self._long if long else httpx.Timeout(_QUICK)
        try:
            said = await self._client.request(method, path, timeout=timeout, **about)  # type: ignore[arg-type]  # httpx's own keywords
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DeviceUnreachable(
                f"GenieACS cannot be reached: {type(error).__name__}",
                remedy="Check GATEWRIGHT_GENIEACS_URL and that the interface is up.",
            ) from None
        except httpx.HTTPError as error:
            raise OutcomeUnknown(f"GenieACS gave no answer: {type(error).__name__}") from None
        if said.status_code in (401, 403):
            raise InvalidInput(
                "GenieACS or the proxy before it wants other credentials",
                field="GATEWRIGHT_GENIEACS_PASSWORD",
                remedy="Correct the credentials.",
            )
        return said


def _refusal(said: httpx.Response) -> ControllerRefused:
    return ControllerRefused(f"GenieACS answered {said.status_code}", fault=str(said.status_code))
