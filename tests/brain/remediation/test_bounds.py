"""What an incident waits for before a device is touched, and that it goes on by itself then."""

from datetime import time

from brain.domain.identity import PrincipalId
from brain.domain.remediation import Ending, IncidentState, Waiting
from brain.remediation.rules import QuietHours
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import SERVICE, Street, a_street, rules
from tests.brain.remediation.test_road import CROWDED, sends_again


async def waits_for(street: Street) -> tuple[Waiting, str]:
    (incident,) = await street.incidents()
    assert incident.state is IncidentState.OPEN
    assert street.plans.runs == []
    async with street.store.read() as tx:
        assert await tx.changes.list(TENANT) == []
    return incident.waiting, incident.reason


async def test_in_quiet_hours_an_incident_waits_and_goes_on_after_them(store: Store) -> None:
    evening = QuietHours.model_validate({"begins": "20:00", "ends": "20:45"})
    book = rules(quiet_hours=(evening,))
    async with a_street(store, faults=[CROWDED], rulebook=book) as street:
        await sends_again(street, street.homes[0])  # the world begins at 20:15
        assert await waits_for(street) == (Waiting.QUIET_HOURS, "quiet hours until 20:45")

        await street.pass_time(minutes=30)

        (incident,) = await street.incidents()
        assert incident.change is not None


def test_quiet_hours_go_over_midnight() -> None:
    night = QuietHours.model_validate({"begins": "22:30", "ends": "06:00"})

    assert [night.hold(time(hour)) for hour in (21, 23, 2, 6)] == [False, True, True, False]


async def test_a_full_budget_has_the_incident_wait_and_says_which(store: Store) -> None:
    none = rules().budgets.model_copy(update={"splitter": 0})
    async with a_street(store, faults=[CROWDED], rulebook=rules(budgets=none)) as street:
        await sends_again(street, street.homes[0])

        waiting, reason = await waits_for(street)
        assert waiting is Waiting.BUDGET
        assert reason == "0 of 0 unattended changes an hour on its splitter"


async def test_one_change_an_hour_leaves_no_room_for_a_second_on_the_same_splitter(
    store: Store,
) -> None:
    one = rules().budgets.model_copy(update={"splitter": 1})
    everywhere = {**CROWDED, "at": "splitter"}
    book = rules(budgets=one)
    async with a_street(
        store, faults=[everywhere], around={"splitter": 1}, rulebook=book
    ) as street:
        await sends_again(street, street.homes[0])
        await sends_again(street, street.homes[1])
        second, first = await street.incidents()
        assert (first.change is not None, second.waiting) == (True, Waiting.BUDGET)

        await street.pass_time(hours=1)

        second, _ = await street.incidents()
        assert second.state is not IncidentState.OPEN


async def test_stopped_remediation_opens_incidents_and_plans_for_none(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        async with store.begin() as tx:
            now = street.road.world.clock()
            await tx.unattended.turn(TENANT, stopped=True, by=PrincipalId("olga"), at=now)
        await sends_again(street, street.homes[0])
        assert await waits_for(street) == (Waiting.STOPPED, "remediation was stopped by olga")

        async with store.begin() as tx:
            await tx.unattended.turn(TENANT, stopped=False, by=PrincipalId("olga"), at=now)
        await street.pass_time(minutes=2)

        (incident,) = await street.incidents()
        assert incident.change is not None


async def test_the_halt_of_everything_stops_remediation_too(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        async with store.begin() as tx:
            now = street.road.world.clock()
            await tx.halts.set(TENANT, halted=True, by=PrincipalId("olga"), at=now)
        await sends_again(street, street.homes[0])

        assert (await waits_for(street))[0] is Waiting.HALTED


async def test_a_service_that_was_shut_out_plans_for_nothing(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        async with store.begin() as tx:
            await tx.principals.disable(TENANT, SERVICE.id, disabled=True)
        await sends_again(street, street.homes[0])

        waiting, reason = await waits_for(street)
        assert (waiting, reason) == (Waiting.SERVICE, "the service remediation was shut out")


async def test_within_the_cool_down_no_second_incident_is_opened(store: Store) -> None:
    async with a_street(store) as street:
        home = street.homes[0]
        await street.happens(home, times=4)
        await street.pass_time(minutes=5)
        (first,) = await street.incidents()
        assert first.ending is Ending.NOTHING_TO_DO

        await street.happens(home, times=4)
        await street.pass_time(hours=2)
        assert await street.incidents() == [first]

        await street.pass_time(hours=12)
        await street.happens(home, times=4)
        await street.pass_time(minutes=5)
        assert len(await street.incidents()) == 2
