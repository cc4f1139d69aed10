"""Keeps what was read from a device: its values, its timeline, and what the rules look at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from brain.datamodel.traits import trait_of
from brain.domain.device import Device
from brain.domain.history import Trait
from brain.domain.parameter import Snapshot
from brain.store.store import Store
from executors.acs.drops import drop
from executors.acs.facts import inform_every
from executors.acs.feeding import Feed, told
from executors.recorder import Said, record

_FEW = 100
"""Values that are stored in a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """One transaction a reading."""

    store: Store
    feed: Feed

    async def keep(
        self, device: Device, snapshot: Snapshot, *, whole: Sequence[str] = (), points: bool = True
    ) -> None:
        """``whole`` as for ``Snapshots.merge``. Without ``points`` its numbers go to the rules
        alone: they are read more often than anybody wants them drawn, or kept for a year.
        """
        kept = snapshot if points else _without_numbers(snapshot)
        brief = len(snapshot.values) <= _FEW
        async with self.store.begin(brief=brief) as tx:
            found = await tx.snapshots.merge(device.tenant, kept, whole=whole)
            await record(tx, Said(device=device, found=found, at=snapshot.taken_at))
            events = [*told(device, snapshot, found)]
            lost = drop(device, snapshot, found)
            if lost is not None:
                await tx.events.add(lost)
                events.append(lost)
            await self.feed.give(tx, events, snapshot.taken_at)
            every = inform_every(snapshot)
            await tx.devices.touch(device.id, at=snapshot.taken_at, inform_every=every)


def _without_numbers(snapshot: Snapshot) -> Snapshot:
    kept = {p: v for p, v in snapshot.values.items() if trait_of(p) is not Trait.MEASURE}
    return replace(snapshot, values=kept)
