"""A row that cannot be read is set aside, and what belongs to other homes goes on."""

import pytest
from sqlalchemy import update

from brain.domain.errors import Unreadable
from brain.domain.remediation import Incident
from brain.remediation.working import Working
from brain.store.store import Store
from brain.store.tallies import tallies
from brain.store.transaction import Transaction
from brain.store.trips import trips
from evals.homes.network import TENANT
from tests.brain.remediation.street import Street, a_street


async def met_by_two(street: Street) -> None:
    for home in street.homes[:2]:
        await street.happens(home, times=4)


async def test_a_damaged_tally_is_counted_anew_and_the_others_go_on(store: Store) -> None:
    async with a_street(store, around={"splitter": 12}) as street:
        first, other = street.homes[:2]
        for home in (first, other):
            await street.happens(home, times=3)
        await street.remediation._read()
        async with store.begin() as tx:
            broken = update(tallies).where(tallies.c.device == first.id).values(counted="[[]")
            await tx.tallies._db.run(broken)

        street.road.world.advance(minutes=1)
        for home in (first, other):
            await street.happens(home)
        await street.remediation._read()
        await street.pass_time(minutes=5)

        assert [each.device for each in await street.incidents()] == [other.id]


async def test_a_damaged_trip_is_set_aside_and_the_others_are_judged(store: Store) -> None:
    async with a_street(store, around={"splitter": 12}) as street:
        await met_by_two(street)
        await street.remediation._read()
        first, other = sorted(each.id for each in street.homes[:2])
        async with store.begin() as tx:
            await tx.trips._db.run(update(trips).where(trips.c.device == first).values(seen="["))

        await street.pass_time(minutes=5)

        assert [each.device for each in await street.incidents()] == [other]
        async with store.read() as tx:
            assert await tx.trips.waiting() == 1


async def test_an_incident_whose_rows_are_damaged_waits_and_the_others_are_planned_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_street(store, around={"splitter": 12}) as street:
        await met_by_two(street)
        await street.remediation._read()
        street.road.world.clock.advance(300)
        await street.remediation._judge()
        damaged, other = sorted(await street.incidents(), key=lambda each: each.id)
        worker = street.remediation.workers[0]
        real = type(worker)._look

        async def look(self: Working, tx: Transaction, incident: Incident) -> object:
            if incident.id == damaged.id:
                raise Unreadable("a stored trip is damaged")
            return await real(self, tx, incident)

        monkeypatch.setattr(Working, "_look", look)
        await street.remediation.settle()

        assert street.plans.runs == [other.id]
        async with store.read() as tx:
            kept = await tx.incidents.get(TENANT, damaged.id)
        assert kept is not None
        assert kept.look_at > street.road.world.clock()
