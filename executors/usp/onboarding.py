"""On-boarding: learns which device an agent is, what it has, and subscribes to what it reports."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from brain.domain.device import DataModelRoot, Device
from brain.domain.errors import (
    DeviceUnreachable,
    GatewrightError,
    OutcomeUnknown,
    StoreUnavailable,
)
from brain.domain.parameter import Snapshot, template_of
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.permits import not_halted
from executors.recorder import Said, record
from executors.usp.arrivals import Arrivals, Identity, Unregistered
from executors.usp.options import UspOptions
from executors.usp.reading import Ask, Reading
from executors.usp.roles import role_of
from executors.usp.said import heard
from executors.usp.subscriptions import Subscriptions
from executors.usp.supported import ObjAccess, ParamAccess, SupportedObjectResult

_log = structlog.get_logger(__name__)

PROTOCOLS: Final = "1.4,1.3,1.2,1.1,1.0"
INFO: Final = "Device.DeviceInfo."
"""What an agent is asked for to learn which device it is."""
_PATIENCE: Final = 1.0
_LONGEST_LINE: Final = 10_000
_AGAIN: Final = (1.0, 5.0, 30.0)
"""Seconds until an agent that gave no answer is asked once more; its link may stay for days."""
_STRANGER_AGAIN: Final = 300.0
"""Seconds until a stranger that stays is looked at again."""


@dataclass(slots=True, kw_only=True)
class Onboarding:
    """Runs beside the links, a few at a time; the others wait for their turn."""

    store: Store
    clock: Clock
    arrivals: Arrivals
    ask_of: Callable[[str], Ask]
    options: UspOptions
    _running: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _waiting: dict[str, str] = field(default_factory=dict)
    _anew: set[str] = field(default_factory=set)
    _tries: dict[str, int] = field(default_factory=dict)
    _later: dict[str, asyncio.TimerHandle] = field(default_factory=dict)

    def arrived(self, endpoint: str, mtp: str, *, anew: bool = False) -> None:
        """An agent is here or has started: begin, or put it in line; once at a time.

        ``anew``: it was reset, so what was known of it does not hold.
        """
        if anew:
            self._anew.add(endpoint)
        if endpoint in self._running:
            return
        if endpoint in self._later:
            self._later.pop(endpoint).cancel()
        if len(self._running) >= self.options.onboardings:
            if len(self._waiting) < _LONGEST_LINE:
                self._waiting[endpoint] = mtp
            return
        self._waiting.pop(endpoint, None)
        task = asyncio.create_task(self._run(endpoint, mtp), name=f"on-board {endpoint}")
        self._running[endpoint] = task
        task.add_done_callback(lambda _: self._ended(endpoint))

    async def settled(self) -> None:
        """Wait for those under way and in line."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop them all; they begin anew when the agent comes again."""
        self._waiting.clear()
        while self._later:
            self._later.popitem()[1].cancel()
        tasks = [*self._running.values()]
        if tasks:  # a transaction that is cut off leaves its connection hanging
            await asyncio.wait(tasks, timeout=_PATIENCE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def on_board(self, endpoint: str, mtp: str) -> Device:
        """All of it; DeviceUnreachable, ControllerRefused, Forbidden or Halted else."""
        ask = self.ask_of(endpoint)
        reading = Reading(ask, batch=self.options.batch)
        protocols = await reading.protocols(PROTOCOLS)
        said = await reading.values([INFO])
        role = await role_of(reading, self.options.endpoint_id)
        device = await self.arrivals.bind(
            endpoint, identity_of(said), mtp=mtp, protocols=protocols, role=role
        )
        async with self.store.read() as tx:
            listed = await tx.models.firmware(device.tenant, device.id)
        if listed != device.firmware or endpoint in self._anew:
            await self._discover(device, reading)
            self._anew.discard(endpoint)
        async with self.store.read() as tx:
            names = await tx.models.get(device.tenant, device.id)

        async def leave() -> None:
            async with self.store.read() as tx:
                await not_halted(tx, device.tenant)

        ours = self.options.endpoint_id
        await Subscriptions(ask, reading, ours, leave=leave).mend(names or {})
        return device

    async def _run(self, endpoint: str, mtp: str) -> None:
        try:
            device = await self.on_board(endpoint, mtp)
        except (DeviceUnreachable, OutcomeUnknown, StoreUnavailable) as error:
            _log.info("usp_on_boarding_failed", endpoint=endpoint, reason=str(error))
            self._try_again(endpoint, mtp)
        except Unregistered:  # it may be registered, or admitted, while its link stays
            _log.info("usp_stranger", endpoint=endpoint)
            self._tries.pop(endpoint, None)
            self._ask_later(_STRANGER_AGAIN, endpoint, mtp)
        except GatewrightError as error:  # it begins anew when the agent comes again
            _log.info("usp_on_boarding_failed", endpoint=endpoint, reason=str(error))
            self._tries.pop(endpoint, None)
        except Exception:  # noqa: BLE001 - nobody waits for this task: what it died of would be lost
            _log.exception("usp_on_boarding_died", endpoint=endpoint)
        else:
            self._tries.pop(endpoint, None)
            _log.info("usp_on_boarded", endpoint=endpoint, device=device.id)

    def _try_again(self, endpoint: str, mtp: str) -> None:
        """A little later each time, and no more than so often until it comes by itself."""
        tries = self._tries.pop(endpoint, 0)
        if tries < len(_AGAIN):
            self._tries[endpoint] = tries + 1
            self._ask_later(_AGAIN[tries], endpoint, mtp)

    def _ask_later(self, seconds: float, endpoint: str, mtp: str) -> None:
        loop = asyncio.get_running_loop()
        self._later[endpoint] = loop.call_later(seconds, self.arrived, endpoint, mtp)

    def _ended(self, endpoint: str) -> None:
        self._running.pop(endpoint, None)
        if self._waiting:
            self.arrived(*next(iter(self._waiting.items())))

    async def _discover(self, device: Device, reading: Reading) -> None:
        """Read and keep what the software has, the rows there are, and every value."""
        supported = await reading.supported(DataModelRoot.DEVICE)
        tops = sorted(
            {".".join(each.supported_obj_path.split(".")[:2]) + "." for each in supported}
        )
        said: dict[str, str] = {}
        for top in [each for each in tops if each != "Device.."]:
            said |= await reading.values([top])
        names = names_of(supported, said, await reading.instances(DataModelRoot.DEVICE))
        snapshot = Snapshot(
            device=device.id,
            taken_at=self.clock(),
            values=heard(said),
            writable={path: names.get(path, False) for path in heard(said)},
        )
        async with self.store.begin() as tx:
            await tx.models.put(device.tenant, device.id, device.firmware, names)
            found = await tx.snapshots.merge(device.tenant, snapshot, whole=[DataModelRoot.DEVICE])
            await record(tx, Said(device=device, found=found, at=snapshot.taken_at))


def names_of(
    supported: tuple[SupportedObjectResult, ...], said: dict[str, str], rows: list[str]
) -> dict[str, bool]:
    """Each name that the device has, and whether it is writable; for an object, whether rows of
    it may come or go."""
    writable = {
        each.supported_obj_path + param.param_name: param.access is not ParamAccess.READ_ONLY
        for each in supported
        for param in each.supported_params
    }
    objects = {each.supported_obj_path: each.access for each in supported}
    growing = {
        path.removesuffix("{i}."): access in (ObjAccess.ADD_DELETE, ObjAccess.ADD_ONLY)
        for path, access in objects.items()
        if path.endswith("{i}.")
    }
    names = {path: writable.get(template_of(path), False) for path in said}
    for path in {_above(name) for name in said} | {*rows} | {_table(row) for row in rows}:
        template = template_of(path)
        goes = objects.get(template) in (ObjAccess.ADD_DELETE, ObjAccess.DELETE_ONLY)
        names[path] = growing.get(template, False) or goes
    for template, grows in growing.items():
        if "{i}" not in template:  # also a table that is empty now
            names[template] = grows
    return names


def identity_of(said: dict[str, str]) -> Identity:
    """Who a device says it is, by its values below ``INFO``."""

    def info(name: str) -> str:
        return said.get(f"{INFO}{name}", "").strip()

    return Identity(
        oui=info("ManufacturerOUI"),
        product_class=info("ProductClass"),
        serial=info("SerialNumber"),
        manufacturer=info("Manufacturer"),
        model=info("ModelName"),
        firmware=info("SoftwareVersion"),
        hardware=info("HardwareVersion"),
    )


def _above(path: str) -> str:
    return path.rpartition(".")[0] + "."


def _table(row: str) -> str:
    return row.rstrip(".").rpartition(".")[0] + "."
