"""An incident that waits is not written again and again, and goes on when what it waits for did."""

import pytest

from brain.domain.approval import Answer
from brain.domain.identity import PrincipalId
from brain.domain.remediation import IncidentState, Waiting
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import ALEX, Street, a_street
from tests.brain.remediation.test_road import CROWDED, sends_again

OLGA = PrincipalId("olga")


async def version(street: Street) -> int:
    (incident,) = await street.incidents()
    return incident.version


async def time_passes(street: Street) -> None:
    for _ in range(12):
        await street.pass_time(minutes=1)


async def test_one_that_follows_its_change_is_written_when_that_moved(any_store: Store) -> None:
    async with a_street(any_store, faults=[CROWDED]) as street:
        await sends_again(street, street.homes[0])
        before = await version(street)
        await time_passes(street)
        assert await version(street) == before

        async with any_store.read() as tx:
            (record,) = await tx.changes.list(TENANT)
        digest = record.plan.digest
        await street.road.ledger.answer(ALEX, record.id, digest=digest, answer=Answer.APPROVE)
        await street.remediation.settle()

        (incident,) = await street.incidents()
        assert (incident.version, incident.waiting) == (before + 1, Waiting.EXECUTION)


@pytest.mark.parametrize("switch", [Waiting.STOPPED, Waiting.HALTED])
async def test_one_that_waits_for_a_switch_is_written_when_that_is_turned(
    any_store: Store, switch: Waiting
) -> None:
    async with a_street(any_store, faults=[CROWDED]) as street:

        async def turn(*, on: bool) -> None:
            async with any_store.begin() as tx:
                now = street.road.world.clock()
                if switch is Waiting.STOPPED:
                    await tx.unattended.turn(TENANT, stopped=on, by=OLGA, at=now)
                else:
                    await tx.halts.set(TENANT, halted=on, by=OLGA, at=now)

        await turn(on=True)
        await sends_again(street, street.homes[0])
        (incident,) = await street.incidents()
        assert incident.waiting is switch
        await time_passes(street)
        assert await version(street) == incident.version

        await turn(on=False)
        await street.remediation.settle()

        (incident,) = await street.incidents()
        assert incident.state is IncidentState.PROPOSED
