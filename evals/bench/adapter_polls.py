"""What it costs to ask a controller about a fleet: requests, bytes and our own processor time.

The devices are one virtual home under as many names. What the stand-in spends on its answers is
not counted: it is no measure of the real one.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import process_time
from typing import Any
from urllib.parse import parse_qs

import httpx

from brain.domain.device import Device
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.store import Store
from evals.hand_clock import HandClock
from evals.homes.build import build
from evals.homes.home import Home
from evals.homes.usp.agent import HomeAgent
from evals.standins.genieacs.interface import matches, projected
from evals.standins.genieacs.records import iso
from evals.standins.genieacs.sessions import Genie
from evals.standins.oktopus.interface import OktopusStandIn
from evals.standins.oktopus.subjects import Subject
from evals.workbench import TENANT
from executors.genieacs.arrivals import PROJECTION
from executors.genieacs.nbi import Nbi
from executors.genieacs.options import GenieOptions
from executors.genieacs.polling import Polling
from executors.oktopus.interface import Interface
from executors.oktopus.options import OktopusOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One look at a fleet."""

    requests: int
    mebibytes: float
    """Of answers."""
    seconds: float
    """Of our processor."""


@dataclass(slots=True)
class Metered(httpx.AsyncBaseTransport):
    """Counts what goes over a transport, and what the other side spends on it."""

    inner: httpx.AsyncBaseTransport
    requests: int = 0
    bytes: int = 0
    theirs: float = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on."""
        began = process_time()
        said = await self.inner.handle_async_request(request)
        answer = await said.aread()
        self.theirs += process_time() - began
        self.requests, self.bytes = self.requests + 1, self.bytes + len(answer)
        return said

    async def measured(self, look: Callable[[], Any]) -> Pass:
        """What one look costs."""
        self.requests, self.bytes, self.theirs = 0, 0, 0.0
        began = process_time()
        await look()
        spent = process_time() - began - self.theirs
        return Pass(requests=self.requests, mebibytes=self.bytes / 2**20, seconds=spent)


@dataclass(slots=True)
class _Collections:
    """GenieACS's lists, made once: the stand-in would make every document for every page."""

    devices: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """A page, as the stand-in finds and cuts it."""
        query = {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}
        wanted = json.loads(query["query"])
        rows = self.devices if request.url.path == "/devices/" else []
        found = [row for row in rows if matches(row, wanted)][: int(query.get("limit", len(rows)))]
        names = [name for name in query.get("projection", "").split(",") if name]
        return httpx.Response(200, json=[projected(row, names) if names else row for row in found])

    def called(self, every: timedelta, now: datetime) -> None:
        """Each called at its own moment of the last period."""
        for number, row in enumerate(self.devices):
            ago = every * (number / len(self.devices))
            row["_lastInform"] = iso(now - ago)


class _Read:
    """A device is read whole when it is seen for the first time: that is not polling."""

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """Nothing is asked."""
        return Snapshot(device=device.id, taken_at=device.last_seen or _never(), values={})


def _never() -> datetime:
    raise AssertionError("a device that called was seen")


async def genieacs_polls(store: Store, count: int) -> Mapping[str, Pass]:
    """The first look at so many devices and later ones; the store is empty."""
    clock = HandClock()
    site = _Collections(_documents(count, clock))
    wire = Metered(httpx.MockTransport(site.answer))
    options = GenieOptions(tenant=TENANT, url="http://genieacs")
    nbi = Nbi(options, transport=wire)
    polling = Polling(store=store, clock=clock, nbi=nbi, options=options, reader=_Read())
    passes: dict[str, Pass] = {}
    site.called(timedelta(hours=1), clock())
    passes["first"] = await wire.measured(polling.look)
    for name, every in (("hourly", timedelta(hours=1)), ("often", timedelta(minutes=5))):
        site.called(every, clock())
        await polling.look()
        clock.advance(options.poll_every.total_seconds())
        site.called(every, clock())
        passes[name] = await wire.measured(polling.look)
    await nbi.aclose()
    return passes


def _documents(count: int, clock: HandClock) -> list[dict[str, Any]]:
    one: dict[str, Any] = projected(Genie(clock).add(_home(clock)).document(), [*PROJECTION])
    made = []
    for number in range(count):
        each = deepcopy(one)
        each["_deviceId"]["_SerialNumber"] = f"{number:08d}"
        each["_id"] = f"{one['_id']}{number:08d}"
        made.append(each)
    return made


def _home(clock: HandClock) -> Home:
    home = build({"world": {"model": "brightmoor-hearth6"}}, seed=7).home
    home.clock = clock
    home.started = clock() - timedelta(hours=5)
    return home


async def oktopus_poll(count: int) -> Pass:
    """One list of so many devices, of which none is new: that is all that a look asks for then."""
    clock = HandClock()
    site = OktopusStandIn(clock)
    home = _home(clock)
    for number in range(count):
        endpoint = f"ops::00D09E-Bench-{number:08d}"
        site.subjects[endpoint] = Subject(HomeAgent(home, endpoint))
    wire = Metered(httpx.ASGITransport(site.app()))
    options = OktopusOptions(
        tenant=TENANT, url="http://oktopus", email=site.email, password=site.password
    )
    interface = Interface(options, transport=wire)
    await interface.token()
    listed = 0

    async def look() -> None:
        nonlocal listed
        listed = len(await interface.devices())

    made = await wire.measured(look)
    await interface.aclose()
    if listed != count:
        raise RuntimeError(f"{listed} of {count} devices were listed, so nothing was measured")
    return made
