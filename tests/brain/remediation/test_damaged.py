"""A row that cannot be read is set aside, and what belongs to other homes goes on."""

from typing import Any

import pytest
from sqlalchemy import text, update

from brain.domain.errors import Conflict, StoreUnavailable, Unreadable
from brain.domain.history import Event
from brain.domain.identity import Principal
from brain.domain.incident import Case
from brain.domain.remediation import Ending, Incident, Trip, Waiting
from brain.remediation.judging import Judging
from brain.remediation.measuring import Tally
from brain.remediation.ports import Result
from brain.remediation.rules import Rule
from brain.remediation.working import Working
from brain.store.store import Store
from brain.store.tallies import tallies
from brain.store.transaction import Transaction
from brain.store.trips import trips
from evals.homes.network import TENANT
from tests.brain.remediation.street import Street, a_street

pytestmark = pytest.mark.slow


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


async def two_opened(street: Street) -> tuple[Incident, Incident]:
    await met_by_two(street)
    await street.remediation._read()
    street.road.world.clock.advance(300)
    await street.remediation._judge()
    first, other = sorted(await street.incidents(), key=lambda each: each.id)
    return first, other


async def told_aside(street: Street) -> list[tuple[str, str]]:
    async with street.store.read() as tx:
        return [(each.what, each.reason) for each in await tx.set_aside.newest(TENANT)]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (Unreadable("a stored trip is damaged"), "a stored trip is damaged"),
        (Conflict("a row is there already"), "a row is there already"),
        (KeyError("tulip"), "an error of the program (KeyError); the log has it"),
    ],
    ids=["unreadable", "conflict", "bug"],
)
async def test_an_incident_that_fails_says_why_and_the_others_are_planned_for(
    store: Store, monkeypatch: pytest.MonkeyPatch, broken: Exception, reason: str
) -> None:
    async with a_street(store, around={"splitter": 12}) as street:
        damaged, other = await two_opened(street)
        real = Working._look

        async def look(self: Working, tx: Transaction, incident: Incident) -> object:
            if incident.id == damaged.id:
                raise broken
            return await real(self, tx, incident)

        monkeypatch.setattr(Working, "_look", look)
        await street.remediation.settle()

        assert street.plans.runs == [other.id]
        async with store.read() as tx:
            kept = await tx.incidents.get(TENANT, damaged.id)
        assert kept is not None
        assert kept.look_at > street.road.world.clock()
        assert (kept.waiting, kept.reason) == (Waiting.RETRY, reason)
        assert await told_aside(street) == [(f"incident {damaged.id}", reason)]


async def test_an_incident_whose_own_row_is_damaged_holds_up_no_other(any_store: Store) -> None:
    async with a_street(any_store, around={"splitter": 12}) as street:
        damaged, other = await two_opened(street)
        async with any_store.begin() as tx:
            spoil = text("UPDATE incidents SET reach = 'moon' WHERE id = :id")
            await tx.incidents._db.run(spoil, {"id": damaged.id})

        await street.remediation.settle()

        assert street.plans.runs == [other.id]
        ((what, _),) = await told_aside(street)
        assert what == f"incident {damaged.id}"


async def test_a_planner_that_breaks_is_tried_again_later_and_the_others_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_street(store, around={"splitter": 12}) as street:
        broken, other = await two_opened(street)
        real = street.plans.real

        class Broken:
            async def look(self, incident: Incident, case: Case, service: Principal) -> Result:
                if incident.id == broken.id:
                    raise KeyError("tulip")
                return await real.look(incident, case, service)

        street.plans.real = Broken()
        await street.remediation.settle()

        found = {each.id: each for each in await street.incidents()}
        assert found[other.id].ending is Ending.NOTHING_TO_DO
        assert found[broken.id].waiting is Waiting.RETRY
        assert "an error of the program (KeyError)" in found[broken.id].reason
        assert "tulip" not in found[broken.id].reason


async def test_a_trip_at_which_the_program_fails_is_set_aside_and_the_others_are_judged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_street(store, around={"splitter": 12}) as street:
        await met_by_two(street)
        first, other = sorted(each.id for each in street.homes[:2])
        real = Judging._decide

        async def decide(
            self: Judging, tx: Transaction, rule: Rule, trip: Trip, *more: Any
        ) -> None:
            if trip.device == first:
                raise KeyError("tulip")
            await real(self, tx, rule, trip, *more)

        monkeypatch.setattr(Judging, "_decide", decide)
        await street.pass_time(minutes=5)

        assert [each.device for each in await street.incidents()] == [other]
        ((what, reason),) = await told_aside(street)
        assert (what, "KeyError" in reason) == (f"wan-drops on {first}", True)


async def test_an_event_that_cannot_be_counted_is_set_aside_and_all_others_are_counted(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_street(any_store, around={"splitter": 12}) as street:
        await met_by_two(street)
        broken, other = street.homes[0].id, street.homes[1].id
        real = Tally.add

        def add(self: Tally, rule: Rule, event: Event, **more: Any) -> bool:
            if event.device == broken:
                raise OverflowError("1e999")
            return real(self, rule, event, **more)

        monkeypatch.setattr(Tally, "add", add)
        await street.pass_time(minutes=5)

        assert [each.device for each in await street.incidents()] == [other]
        async with any_store.read() as tx:
            assert await tx.unread_events.backlog() == 0
            (told,) = await tx.set_aside.newest(TENANT)
        assert (told.what, told.count) == (f"value_change events of {broken}", 4)
        assert "1e999" not in told.reason


async def test_a_store_that_does_not_answer_blames_no_row(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_about: object) -> None:
        raise StoreUnavailable("the database does not answer")

    async with a_street(store, around={"splitter": 12}) as street:
        await met_by_two(street)
        monkeypatch.setattr("brain.store.tallies.Tallies.hold", silent)
        with pytest.raises(StoreUnavailable):
            await street.remediation._read()

        async with store.read() as tx:
            assert await tx.unread_events.backlog() == 8
        assert await told_aside(street) == []
