"""The ACS under the storm, as a process of its own, with an agent in it who reads devices live.

Prints one line of JSON for each half second. The agent is a task that asks ``Acs.read``, as the
planner does, for homes that are woken by a connection request and come through the same door.
"""

import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.device import Device
from brain.domain.errors import GatewrightError
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath
from brain.garbage import settle
from brain.ids import new_id, utc_now
from brain.store.cipher import Cipher
from brain.store.store import Store
from evals.standins.serving import serving
from evals.storm.script import FIRMWARE, MAKER, OUI, PRODUCT, id_of, serial
from executors.acs.acs import Acs
from executors.acs.doors.doors import doors
from executors.acs.doors.sockets import listening
from executors.acs.options import AcsOptions
from executors.permits import PermitDesk

TENANT = TenantId("default")
USERNAME, PASSWORD, WAKE = "gatewright", "storm", "wake up"
UPTIME = ParameterPath("Device.DeviceInfo.UpTime")
_EVERY = 0.5
_AT_ONCE = 1000
_GIVEN_UP = 30.0


@dataclass(slots=True)
class Agent:
    """Reads one of these devices after the other, a new one each half second."""

    acs: Acs
    devices: Sequence[Device]
    seconds: list[float] = field(default_factory=list)
    """That reads took; one that failed took as long as an agent waits."""
    failed: int = 0

    async def work(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as reads:
            for device in cycle(self.devices):
                reads.create_task(self._read(device))
                await asyncio.sleep(_EVERY)

    async def _read(self, device: Device) -> None:
        began = monotonic()
        try:
            async with asyncio.timeout(_GIVEN_UP):
                said = await self.acs.read(device, [UPTIME])
            if UPTIME not in said.values:
                raise TimeoutError
        except (GatewrightError, TimeoutError):
            self.failed += 1
            self.seconds.append(_GIVEN_UP)
        else:
            self.seconds.append(monotonic() - began)


class Faults:
    """Counts what the ACS logs as an error, and what its store could not do."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def __call__(
        self, _logger: object, level: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """A structlog processor."""
        name = str(event.get("event", ""))
        if level in ("warning", "error", "critical", "exception") or event.get("exc_info"):
            self.counts[name] += 1
        raise structlog.DropEvent


async def serve(url: str, number: int, among: int) -> None:
    """Register so many devices, listen (behind so many doors), and tell until a signal ends it."""
    faults = Faults()
    structlog.configure(processors=[faults])
    store = await Store.open(url, Cipher(bytes(32)))
    try:
        await store.migrate()
        await _register(store, number)
        acs = _acs(store)
        settle()
        async with _listening(acs, among) as (address, pids):
            _tell(url=address, pids=pids)
            await _until_signal(acs, store, faults)
        await acs.close()
    finally:
        await store.close()


@asynccontextmanager
async def _listening(acs: Acs, number: int) -> AsyncIterator[tuple[str, Sequence[int]]]:
    """The address, and the processes beside this one that serve it."""
    if not number:
        options = {**acs.app.options, "log_level": "error"}
        async with serving(acs.app, options=options) as address:
            yield address, ()
        return
    with listening("127.0.0.1", 0, number) as sockets:
        async with doors(acs.app, sockets) as made:
            yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}", made.pids


async def _register(store: Store, number: int) -> None:
    """The operator's devices are known before the storm."""
    for first in range(0, number, _AT_ONCE):
        async with store.begin() as tx:
            await tx.devices.put(*_devices(first, min(first + _AT_ONCE, number)))


def _devices(first: int, end: int) -> Iterator[Device]:
    for number in range(first, end):
        yield Device(
            id=id_of(number),
            tenant=TENANT,
            oui=OUI,
            product_class=PRODUCT,
            serial=serial(number),
            manufacturer=MAKER,
            model=PRODUCT,
            firmware=FIRMWARE,
        )


def _acs(store: Store) -> Acs:
    key = Ed25519PrivateKey.generate().public_key()
    return Acs(
        store=store,
        permits=PermitDesk(public_key=key, store=store, clock=utc_now),
        clock=utc_now,
        new_id=new_id,
        options=AcsOptions(
            enrol=True,
            tenant=TENANT,
            username=USERNAME,
            password=PASSWORD,
            connection_request_username=USERNAME,
            connection_request_password=WAKE,
            discover=False,
        ),
    )


async def _until_signal(acs: Acs, store: Store, faults: Faults) -> None:
    """The agent begins when it was told, by a line with their ids, which devices it may read."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    ids = (await loop.run_in_executor(None, sys.stdin.readline)).split()
    agent = Agent(acs, await _known(store, ids))
    working = asyncio.create_task(agent.work())
    while ids and not stop.is_set():
        _tell(**_figures(acs, agent, faults))
        agent.seconds = []
        try:
            async with asyncio.timeout(_EVERY):
                await stop.wait()
        except TimeoutError:
            continue
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


def _figures(acs: Acs, agent: Agent, faults: Faults) -> dict[str, object]:
    control = acs.admission
    return {
        "live": control.live,
        "connections": acs.connections,
        "refused": acs.app.connections.refused,
        "backlog": control.backlog,
        "capacity": control.capacity.a_second,
        "reads": agent.seconds,
        "reads_failed": agent.failed,
        "faults": faults.counts,
    }


async def _known(store: Store, ids: Sequence[str]) -> Sequence[Device]:
    async with store.read() as tx:
        return await tx.devices.known([DeviceId(each) for each in ids])


def _tell(**said: object) -> None:
    print(json.dumps(said), flush=True)  # noqa: T201 - this is how it talks


if __name__ == "__main__":
    folder, number, among = sys.argv[1:]
    uvloop.run(serve(f"sqlite:///{Path(folder) / 'storm.db'}", int(number), int(among)))
