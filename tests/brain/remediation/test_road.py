"""From an event to what became of it: one home, and homes that share a cause."""

import pytest

from brain.domain.autonomy import Level
from brain.domain.device import Device
from brain.domain.life import State
from brain.domain.remediation import Ending, IncidentState, Mode, Reach, Waiting
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import SERVICE, Street, a_street, plans_of

CROWDED = {"kind": "wifi.congested_channel"}
DYING = {"kind": "access.shared_upstream", "at": "splitter", "trouble": "dimming", "amount": 9.0}
RETRIES = "Device.WiFi.SSID.1.Stats.RetransCount"


async def sends_again(street: Street, device: Device) -> None:
    """Four readings in which the counter grows by 24,000, and time until that is judged."""
    for reading in ("1000", "9000", "17000", "25000"):
        await street.happens(device, path=RETRIES, value=reading)
        await street.pass_time(minutes=2)
    await street.pass_time(minutes=4)


async def test_a_home_that_suffers_alone_gets_one_proposal_in_the_name_of_the_service(
    store: Store,
) -> None:
    async with a_street(store, faults=[CROWDED], around={"splitter": 4}) as street:
        await sends_again(street, street.homes[0])

        (incident,) = await street.incidents()
        assert (incident.rule, incident.scope.reach) == ("wifi-retries", Reach.DEVICE)
        assert (incident.state, incident.waiting) == (IncidentState.PROPOSED, Waiting.APPROVAL)
        async with store.read() as tx:
            (record,) = await tx.changes.list(TENANT)
        assert record.id == incident.change
        assert record.proposal == incident.proposal
        assert (record.asked_by, record.state) == (SERVICE.id, State.AWAITING_APPROVAL)
        assert SERVICE.owner in record.behind
        assert street.road.homes.touched == []


async def test_what_stands_at_propose_is_kept_beside_what_people_do_and_not_submitted(
    store: Store,
) -> None:
    async with a_street(store, faults=[CROWDED], level=Level.PROPOSE) as street:
        await sends_again(street, street.homes[0])

        (incident,) = await street.incidents()
        assert incident.ending is Ending.SHADOWED
        assert "may not be submitted unattended yet" in incident.reason
        async with store.read() as tx:
            assert await tx.changes.list(TENANT) == []
            (shadow,) = await tx.shadows.list(TENANT)
        assert shadow.proposal == incident.proposal


async def test_what_may_act_alone_goes_on_without_a_person_where_policy_allows_it(
    store: Store,
) -> None:
    async with a_street(store, faults=[CROWDED], level=Level.ALONE) as street:
        await sends_again(street, street.homes[0])

        async with store.read() as tx:
            (record,) = await tx.changes.list(TENANT)
        (incident,) = await street.incidents()
        assert record.state is State.APPROVED
        assert incident.waiting is Waiting.EXECUTION


async def test_a_dry_run_says_what_it_would_have_submitted_and_submits_nothing(
    store: Store,
) -> None:
    async with a_street(store, faults=[CROWDED], mode=Mode.DRY_RUN) as street:
        await sends_again(street, street.homes[0])

        (incident,) = await street.incidents()
        assert (incident.ending, incident.dry) == (Ending.WOULD_HAVE, True)
        assert "would have submitted (for review)" in incident.reason
        assert "channel" in incident.reason
        async with store.read() as tx:
            assert await tx.changes.list(TENANT) == []
            assert await tx.proposals.list(TENANT) == []
        assert street.road.homes.touched == []


@pytest.mark.parametrize("part", ["its workers", "its planner"])
async def test_what_was_opened_when_it_was_on_is_only_rehearsed_after_a_start_as_a_dry_run(
    store: Store, part: str
) -> None:
    """Each part of such a server holds back by itself."""
    async with a_street(store, faults=[CROWDED]) as street:
        for reading in ("1000", "9000", "17000", "25000"):
            await street.happens(street.homes[0], path=RETRIES, value=reading)
            await street.remediation._read()
            street.road.world.clock.advance(120)
        street.road.world.clock.advance(300)
        await street.remediation._judge()
        (opened,) = await street.incidents()
        assert (opened.state, opened.dry) == (IncidentState.OPEN, False)

        workers = Mode.DRY_RUN if part == "its workers" else Mode.ON
        planner = Mode.DRY_RUN if part == "its planner" else Mode.ON
        street.plans.real = plans_of(street.road, mode=planner)
        await street.again(mode=workers).settle()

        (incident,) = await street.incidents()
        assert incident.ending is Ending.WOULD_HAVE
        async with store.read() as tx:
            assert await tx.changes.list(TENANT) == []
            assert await tx.proposals.list(TENANT) == []
        assert street.road.homes.touched == []


async def test_what_many_share_is_not_handed_over_after_a_start_as_a_dry_run(
    store: Store,
) -> None:
    async with a_street(store, faults=[DYING], around={"splitter": 8, "port": 6}) as street:
        for home in street.homes[:9]:
            await street.happens(home, times=4)
        await street.remediation.settle()
        street.road.world.clock.advance(300)
        await street.remediation._judge()

        await street.again(mode=Mode.DRY_RUN).settle()

        (incident,) = await street.incidents()
        assert incident.ending is Ending.WOULD_HAVE
        async with store.read() as tx:
            assert await tx.proposals.list(TENANT) == []


async def test_forty_homes_behind_a_dying_splitter_are_one_incident_and_none_is_touched(
    store: Store,
) -> None:
    async with a_street(store, faults=[DYING], around={"splitter": 39, "port": 6}) as street:
        below = [each for each in street.homes if each.access_node == "splitter-e1"]
        for _ in range(2):
            for home in below:
                await street.happens(home, times=4)
            await street.pass_time(minutes=30)

        assert len(below) == 40
        (incident,) = await street.incidents()
        assert (incident.scope.reach, incident.scope.id) == (Reach.SPLITTER, "splitter-e1")
        assert incident.ending is Ending.HANDED_OVER
        async with store.read() as tx:
            assert await tx.changes.list(TENANT) == []
            (proposal,) = await tx.proposals.list(TENANT)
            assert await tx.incidents.how_many(TENANT, incident.id) == 40
        assert proposal.changes == ()
        assert "splitter Elm Road 1-19" in proposal.hand_over
        assert street.plans.runs == []
        assert street.road.homes.touched == []


async def test_neighbours_that_drop_without_anything_in_common_are_incidents_of_their_own(
    store: Store,
) -> None:
    async with a_street(store, around={"splitter": 12, "port": 12, "olt": 12}) as street:
        ours = [street.homes[0], street.homes[14], street.homes[30]]
        for home in ours:
            await street.happens(home, times=4)
        await street.pass_time(minutes=5)

        found = await street.incidents()
        assert {each.scope.id for each in found} == {each.id for each in ours}
        assert {each.scope.reach for each in found} == {Reach.DEVICE}
