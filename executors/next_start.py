"""Values that a device took and that are not in force before it starts anew.

TR-069 A.3.2.1 lets a device answer so (status 1). It has to start by itself before it calls again,
and not every device does. Until it has, the change is neither done nor undone.
"""

from dataclasses import dataclass
from typing import Final

from brain.domain.life import State
from brain.domain.parameter import Snapshot
from brain.domain.record import ChangeRecord
from executors.steps import Next, Parts, Step, started_since

_WHY: Final = "the device took it and is as before: it may come into force at its next start"


@dataclass(frozen=True, slots=True)
class NextStart:
    """What is known of such a change, and what to do about it."""

    parts: Parts

    async def awaited(self, record: ChangeRecord, snapshot: Snapshot) -> bool:
        """Whether the device was sent such values and has not started since, as far as it says."""
        async with self.parts.store.read() as tx:
            outcomes = await tx.outcomes.of_change(record.tenant, record.id)
        taken = [each.at for each in outcomes if each.needs_reboot]
        return bool(taken) and not started_since(snapshot, max(taken))

    async def call(self, record: ChangeRecord) -> Next:
        """Call a person, and look again until the device has started."""
        unknown = await self.parts.ledger.move(record, State.UNKNOWN, reason=_WHY)
        await self.parts.page(unknown, _WHY)
        return Next(Step.LOOK_AGAIN, self.parts.pause)
