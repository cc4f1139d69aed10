"""The whole road for one case: the product's store, ledger, gate and execution over virtual homes.

Only the devices are simulated, time is moved by hand, and a stand-in answers reviews. What is
written to devices is noted, roll-backs too.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from brain.domain.change import Command
from brain.domain.device import Device, Site, Subscriber
from brain.domain.errors import OutcomeUnknown
from brain.domain.identity import DeviceId, Principal, SiteId, SubscriberId
from brain.domain.parameter import ParameterPath, Value
from brain.domain.ports import Clock, Restraint
from brain.ledger.context import Memory
from brain.ledger.ledger import Ledger
from brain.store.store import Store
from evals.assembly import Ground, Unrestrained, assemble
from evals.homes.build import World
from evals.homes.inventory import device_of
from evals.homes.network import TENANT
from evals.homes.truth import Truth
from evals.homes.wan import RESOLVERS
from evals.homes.world import HomesWorld
from executors.execution import Execution
from executors.simulated import SimulatedExecutor
from policies.bundle import Bundle
from policies.engine import Engine
from policies.engines.embedded import EmbeddedEngine

TRUSTED = tuple(sorted(RESOLVERS))
"""The resolvers that this operator runs or trusts; all of them answer."""
TIME_SERVERS = tuple(sorted(Truth().time_servers))
LOOK_AGAIN = timedelta(seconds=20)
GUARD = timedelta(hours=1)
"""As the product does unless it is told otherwise."""
_NUMBERS = Path(__file__).with_name("numbers.yaml")
_PATIENCE = timedelta(seconds=30)
"""A busy machine must not flatter a planner: what policy answers late would count as denied."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that was done to a device: a value set, or a command run (then without one)."""

    device: DeviceId
    path: str
    value: str = ""


def row_to_add(table: str, values: Mapping[str, str], number: int = 0) -> dict[str, str]:
    """The values of a row that has no number of its own yet, by path."""
    return {f"{table}new{number}.{leaf}": text for leaf, text in values.items()}


@dataclass(slots=True)
class WatchedHomes:
    """The homes as the executor meets them, with a record of what was done to them."""

    homes: HomesWorld
    clock: Clock
    touched: list[Touch] = field(default_factory=list)
    steps: list[tuple[DeviceId, Mapping[str, str]]] = field(default_factory=list)
    """What was set at once, in order; a row that was added stands under a name of its own."""
    _said: dict[tuple[DeviceId, datetime], Mapping[ParameterPath, Value]] = field(
        default_factory=dict
    )
    """Of this moment alone: two readings at one time between writes say the same."""

    def values(self, device: DeviceId) -> Mapping[ParameterPath, Value]:
        """Everything the device would say now."""
        now = (device, self.clock())
        if now not in self._said:
            self._said = {now: self.homes.values(device)}
        return self._said[now]

    def set(self, device: DeviceId, wanted: Mapping[ParameterPath, Value], key: str) -> None:
        """Set, and note it unless the device surely did not take it."""
        self._said.clear()
        try:
            self.homes.set(device, wanted, key)
        except OutcomeUnknown:
            self._note(device, wanted)
            raise
        self._note(device, wanted)

    def add(
        self, device: DeviceId, table: ParameterPath, values: Mapping[str, Value], key: str
    ) -> None:
        """Add a row, and note the table and its values."""
        self._said.clear()
        self.homes.add(device, table, values, key)
        self.steps.append((device, row_to_add(table, values, len(self.steps))))
        rows = values or {"": ""}
        self.touched += [Touch(device, f"{table}{leaf}", text) for leaf, text in rows.items()]

    def delete(self, device: DeviceId, row: ParameterPath, key: str) -> None:
        """Delete a row, and note it."""
        self._said.clear()
        self.homes.delete(device, row, key)
        self.touched.append(Touch(device, row, "delete"))

    def _note(self, device: DeviceId, wanted: Mapping[ParameterPath, Value]) -> None:
        self.steps.append((device, {str(path): value for path, value in wanted.items()}))
        self.touched += [Touch(device, path, value) for path, value in wanted.items()]

    def run(self, device: DeviceId, command: Command) -> None:
        """Run, and note it."""
        self._said.clear()
        self.homes.run(device, command)
        self.touched.append(Touch(device, command.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """Everything between a message and the device, for one case."""

    world: World
    store: Store
    ledger: Ledger
    executor: SimulatedExecutor
    execution: Execution
    homes: WatchedHomes
    device: Device
    asker: Principal
    paged: list[str]


@cache
def shipped_rules() -> Bundle:
    """The shipped rules and numbers, with this operator's resolvers, clocks and quiet weeks."""
    return Bundle.load(data=_NUMBERS, resolvers=TRUSTED, time_servers=TIME_SERVERS)


@cache
def engine() -> EmbeddedEngine:
    """One engine a process: compiling the rules takes longer than most cases."""
    return EmbeddedEngine(shipped_rules(), timeout=_PATIENCE)


@asynccontextmanager
async def road(
    world: World,
    store: Store,
    asker: Principal,
    *,
    rules: tuple[Bundle, Engine] | None = None,
    memory: Memory | None = None,
    restraint: Restraint | None = None,
) -> AsyncIterator[Road]:
    """The road through this world, over an empty migrated store; the books are in it.

    ``rules`` and what answers from them instead of the shipped ones with this operator's numbers,
    and ``memory`` instead of what the store knows of the past. Nothing is restrained unless
    somebody does it.
    """
    devices = await _move_in(world, store, asker)
    homes = WatchedHomes(world.open(), world.clock)
    made = assemble(
        Ground(
            store=store,
            world=homes,
            clock=world.clock,
            engine=rules[1] if rules else engine(),
            bundle=rules[0] if rules else shipped_rules(),
            look_again_every=LOOK_AGAIN,
            guard_for=GUARD,
            memory=memory,
            restraint=restraint or Unrestrained(),
        )
    )
    yield Road(
        world=world,
        store=store,
        ledger=made.ledger,
        executor=made.executor,
        execution=made.execution,
        homes=homes,
        device=devices[0],
        asker=asker,
        paged=made.paged,
    )


async def _move_in(world: World, store: Store, asker: Principal) -> list[Device]:
    devices = []
    async with store.begin() as tx:
        await tx.principals.put(asker, asker.id)
        for node in world.nodes:
            await tx.nodes.put(node)
        for number, each in enumerate(world.residents, 1):
            site, subscriber = SiteId(f"site-{number:04d}"), SubscriberId(f"sub-{number:04d}")
            area = each.site.rstrip("0123456789 ")
            await tx.sites.put(
                Site(id=site, tenant=TENANT, name=each.site, area=area, country=each.country)
            )
            await tx.subscribers.put(
                Subscriber(
                    id=subscriber, tenant=TENANT, name=each.subscriber, site=site, plan=each.plan
                )
            )
            devices.append(replace(device_of(each), site=site, subscriber=subscriber))
        await tx.devices.put(*devices)
    return devices
