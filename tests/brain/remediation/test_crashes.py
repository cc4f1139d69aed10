"""A process that dies at any moment, and two beside each other: nothing lost, none doubled."""

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from brain.domain.remediation import Ending
from brain.remediation.rules import Budgets
from brain.store.store import Store
from evals.harness.past import remember
from evals.homes.network import TENANT
from tests.brain.remediation.street import CountedPlans, Street, a_street, plans_of, rules
from tests.brain.remediation.test_road import CROWDED, RETRIES
from tests.invariants.crash import Fuse, FusedStore, Killed

READINGS = ("1000", "9000", "17000", "25000")


async def dies_at(street: Street, moment: int) -> bool:
    """Do all there is to do in a process that dies at this moment; whether it did."""
    fuse, ledger = Fuse(), street.road.ledger
    fuse.arm(moment)
    fused = cast(Store, FusedStore(street.store, fuse))
    whole, intake = ledger.store, ledger._intake
    street.plans.real = plans_of(street.road, store=fused)
    ledger.store, ledger._intake = fused, replace(intake, store=fused)
    ledger.autonomy = replace(ledger.autonomy, store=fused, intake=ledger._intake)
    try:
        await street.again(store=fused).settle()
    except Killed:
        return True
    finally:
        street.plans.real = plans_of(street.road)
        ledger.store, ledger._intake = whole, intake
        ledger.autonomy = replace(ledger.autonomy, store=whole, intake=intake)
    return False


@pytest.mark.slow
async def test_wherever_it_dies_there_is_one_incident_and_one_change_in_the_end(
    store: Store,
) -> None:
    """A home for each moment at which the process dies, one after the other."""
    crowded = {**CROWDED, "at": "splitter"}
    async with a_street(store, faults=[crowded], around={"splitter": 31}) as street:
        for place, moment in enumerate(range(1, 90, 3), 1):
            home = street.homes[place]
            await remember(street.road.world, store, ())  # all are heard from again
            for reading in READINGS:
                await street.happens(home, path=RETRIES, value=reading)
                street.road.world.clock.advance(60)
            died = await dies_at(street, moment)
            street.road.world.clock.advance(300)
            died = await dies_at(street, moment) or died
            for _ in range(3):  # the lease of whoever died runs out, and another goes on
                await street.pass_time(minutes=20)

            async with store.read() as tx:
                incidents = [each for each in await street.incidents() if each.device == home.id]
                changes = await tx.changes.list(TENANT, device=home.id)
                proposals = await tx.proposals.list(TENANT)
            assert len(incidents) == len(changes) == 1, moment
            assert incidents[0].change == changes[0].id
            assert len([each for each in proposals if each.device == home.id]) == 1
            if not died:
                break
        assert moment > 20


async def test_two_processes_share_the_incidents_and_run_none_twice(any_store: Store) -> None:
    plenty = Budgets.model_validate(dict.fromkeys(Budgets.model_fields, 100))
    async with a_street(
        any_store, faults=[CROWDED], around={"splitter": 5}, rulebook=rules(budgets=plenty)
    ) as street:
        for reading in READINGS:
            for home in street.homes:
                await street.happens(home, path=RETRIES, value=reading)
            street.road.world.clock.advance(60)
        await asyncio.gather(street.remediation._read(), street.again()._read())
        street.road.world.clock.advance(300)
        both = (street.remediation, street.again())
        await asyncio.gather(*(each._judge() for each in both))
        await street.remediation._judge()

        async def work(worker: Any) -> None:
            while await worker.next():
                pass

        await asyncio.gather(*(work(each.workers[0]) for each in both))

        found = await street.incidents()
        assert len(found) == len(street.homes)
        assert sorted(street.plans.runs) == sorted(each.id for each in found)


async def test_a_batch_that_is_not_kept_is_counted_by_the_next_process_and_only_once(
    any_store: Store,
) -> None:
    async with a_street(any_store) as street:
        await street.happens(street.homes[0], times=4)
        fuse = Fuse()
        fuse.arm(1)
        dying = street.again(store=cast(Store, FusedStore(any_store, fuse)))
        with pytest.raises(Killed):
            await dying._read()

        await street.remediation._read()
        assert not await street.remediation._read()

        async with any_store.read() as tx:
            assert await tx.trips.waiting() == 1
            assert await tx.unread_events.backlog() == 0


async def test_what_was_handed_over_before_it_died_is_not_handed_over_again(
    store: Store,
) -> None:
    async with a_street(store, around={"splitter": 8, "port": 6}) as street:
        for home in street.homes[:9]:
            await street.happens(home, times=4)
        await street.remediation.settle()
        street.road.world.clock.advance(300)
        await street.remediation._judge()
        real = street.road.ledger.hand_over

        async def dies_after(proposal: Any) -> None:
            await real(proposal)
            raise Killed

        street.road.ledger.hand_over = dies_after  # type: ignore[method-assign]
        with pytest.raises(Killed):
            await street.again().workers[0].next()
        street.road.ledger.hand_over = real  # type: ignore[method-assign]
        await street.pass_time(minutes=20)

        (incident,) = await street.incidents()
        assert incident.ending is Ending.HANDED_OVER
        async with store.read() as tx:
            assert len(await tx.proposals.list(TENANT)) == 1
        assert isinstance(street.plans, CountedPlans)
        assert street.plans.runs == []
