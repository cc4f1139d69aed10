"""What the brain knows of the homes before anybody complains: their last Informs, and history."""

from collections.abc import Sequence
from datetime import timedelta

from brain.domain.device import DataModelRoot
from brain.domain.history import Event
from brain.domain.parameter import Snapshot
from brain.store.store import Store
from evals.hand_clock import HandClock
from evals.homes.build import World
from evals.homes.home import Home
from evals.homes.network import TENANT
from evals.homes.world import HomesWorld
from evals.scenarios.template import Happened
from executors.acs.facts import inform_every

_EARLIER = timedelta(hours=2)
"""Whoever is silent now was last heard from then, if it could be."""
_OF_THE_LINE = (
    "Device.Optical.",
    "Device.DSL.",
    "Device.Cellular.",
    "Device.PPP.",
    "Device.Ethernet.",
    "Device.IP.",
    "Device.Time.",
    "Device.ManagementServer.",
)


async def remember(world: World, store: Store, history: Sequence[Happened]) -> None:
    """Put into the store what was heard of every home, and what happened to the first."""
    clock, now = world.clock, world.clock.now
    said: list[Snapshot] = []
    for place, home in enumerate(world.homes):
        snapshot = _heard(home, world.open(), clock, whole=place == 0)
        if snapshot is not None:
            said.append(snapshot)
    clock.now = now
    async with store.begin() as tx:
        await tx.snapshots.merge_informs([(TENANT, each) for each in said])
        for each in said:
            await tx.devices.touch(each.device, at=each.taken_at, inform_every=inform_every(each))
        await tx.events.add(*_events(world, history))


def _heard(home: Home, homes: HomesWorld, clock: HandClock, *, whole: bool) -> Snapshot | None:
    """What it said when it last could; None when it was silent for hours."""
    began = clock.now
    try:
        for ago in (timedelta(), _EARLIER):
            clock.now = began - ago
            if not home.silent:
                values = homes.values(home.id, ("",) if whole else _line(home))
                return Snapshot(device=home.id, taken_at=clock.now, values=dict(values))
        return None
    finally:
        clock.now = began


def _line(home: Home) -> tuple[str, ...]:
    """What is asked of neighbours; of a tree with other names, everything."""
    if home.model.root != DataModelRoot.DEVICE:
        return ("",)
    return tuple(each for each in _OF_THE_LINE if each in home.tree.objects)


def _events(world: World, history: Sequence[Happened]) -> list[Event]:
    return [
        Event(
            tenant=TENANT,
            device=world.home.id,
            kind=each.kind,
            at=world.clock.now - timedelta(hours=each.hours_ago) + timedelta(minutes=number),
            path=each.path,
            value=each.value,
        )
        for each in history
        for number in range(each.times)
    ]
