"""What the whole fleet shares is one incident, and those of single homes become part of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.device import Device, Site
from brain.domain.errors import Unreadable
from brain.domain.history import Event, EventKind
from brain.domain.identity import PrincipalId, SiteId
from brain.domain.proposal import Cause
from brain.domain.remediation import (
    Ending,
    IncidentId,
    IncidentState,
    Reach,
    Scope,
)
from brain.remediation.fleet import Fleet
from brain.remediation.rules import Rulebook
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import Street, a_street, rules

TOWN = {"splitter": 4, "port": 8, "olt": 12}
AREA = "Quitzow Heath"


def drops(*shared: str) -> Rulebook:
    """The one rule on lines that drop, and what may explain it."""
    wan = rules().get("wan-drops")
    assert wan is not None
    return rules(rules=(wan.model_copy(update={"shared": shared}),))


async def stop(street: Street, *, stopped: bool = True) -> None:
    async with street.store.begin() as tx:
        now = street.road.world.clock()
        await tx.unattended.turn(TENANT, stopped=stopped, by=PrincipalId("olga"), at=now)


async def lost_their_lines(street: Street, homes: Sequence[Device]) -> None:
    """As their history tells: nothing that a rule has seen yet."""
    at = street.road.world.clock() - timedelta(minutes=5)
    lost = [
        Event(
            tenant=TENANT,
            device=each.id,
            kind=EventKind.VALUE_CHANGE,
            at=at,
            path="Device.PPP.Interface.1.Status",
            value="Down",
        )
        for each in homes
    ]
    async with street.store.begin() as tx:
        await tx.events.add(*lost)


async def an_area(street: Street, homes: Sequence[Device]) -> None:
    """These homes, from all over the access network, lie in one area."""
    async with street.store.begin() as tx:
        for number, each in enumerate(homes):
            site = SiteId(f"heath-{number}")
            await tx.sites.put(Site(id=site, tenant=TENANT, name="", area=AREA))
            await tx.devices.put(replace(each, site=site))


async def drop_alone(street: Street, homes: Sequence[Device]) -> None:
    for each in homes:
        await street.happens(each, times=4)
    await street.pass_time(minutes=5)


async def test_what_an_area_shares_is_one_incident_whose_name_only_the_proposal_keeps(
    store: Store,
) -> None:
    async with a_street(store, around=TOWN) as street:
        there = street.homes[::3]
        await an_area(street, there)
        await lost_their_lines(street, there)

        await drop_alone(street, there[:3])

        (incident,) = await street.incidents()
        assert (incident.scope.reach, incident.ending) == (Reach.AREA, Ending.HANDED_OVER)
        told = await street.told(incident)
        assert f"{len(there)} of {len(there)} devices of one area are silent" in " ".join(told)
        assert AREA not in f"{told} {incident}"
        async with store.read() as tx:
            assert await tx.changes.list(TENANT) == []
            (proposal,) = await tx.proposals.list(TENANT)
            assert await tx.incidents.how_many(TENANT, incident.id) == 3
        assert f"Look at area {AREA} and what feeds it" in proposal.hand_over
        assert proposal.finding.cause is Cause.SHARED_UPSTREAM
        assert street.plans.runs == []


async def test_a_rule_that_nothing_of_it_explains_goes_on_home_by_home(store: Store) -> None:
    async with a_street(store, around=TOWN, rulebook=drops("access", "firmware")) as street:
        there = street.homes[::3]
        await an_area(street, there)
        await lost_their_lines(street, there)

        await drop_alone(street, there[:2])

        assert {each.scope.reach for each in await street.incidents()} == {Reach.DEVICE}


async def test_homes_that_wait_alone_join_what_turns_out_to_be_shared(store: Store) -> None:
    async with a_street(store, around=TOWN) as street:
        there, elsewhere = street.homes[::3], street.homes[1]
        await an_area(street, there)
        await stop(street)
        await drop_alone(street, [*there[:2], elsewhere])
        assert {each.scope.reach for each in await street.incidents()} == {Reach.DEVICE}
        await lost_their_lines(street, there)

        await drop_alone(street, there[2:3])

        found = {each.device: each for each in await street.incidents()}
        shared = found[there[2].id]
        assert shared.scope.reach is Reach.AREA
        for home in there[:2]:
            assert found[home.id].ending is Ending.JOINED
            assert found[home.id].reason.startswith(f"{shared.id} is about all of")
        assert found[elsewhere.id].state is IncidentState.OPEN
        async with store.read() as tx:
            part = await tx.incidents.affected(TENANT, shared.id)
        assert {each.device for each in part} == {each.id for each in there[:3]}


async def test_only_homes_with_the_version_join_the_incident_of_a_version(store: Store) -> None:
    async with a_street(store, around=TOWN, rulebook=drops("firmware")) as street:
        new, other = street.homes[::3], street.homes[1]
        async with store.begin() as tx:
            await tx.devices.put(*(replace(each, firmware="9.9") for each in new))
        await stop(street)
        await drop_alone(street, [*new[:4], other])
        assert {each.scope.reach for each in await street.incidents()} == {Reach.DEVICE}

        await drop_alone(street, new[4:6])

        found = await street.incidents()
        (shared,) = [each for each in found if each.scope.reach is Reach.FIRMWARE]
        joined = {each.device for each in found if each.ending is Ending.JOINED}
        assert joined == {each.id for each in new[:4]}
        async with store.read() as tx:
            assert await tx.incidents.how_many(TENANT, shared.id) == 6
        await stop(street, stopped=False)
        await street.pass_time(minutes=1)
        async with store.read() as tx:
            proposals = [each for each in await tx.proposals.list(TENANT) if each.hand_over]
        causes = {each.finding.cause for each in proposals if each.id == shared.proposal}
        assert causes == {Cause.KNOWN_BUG}


async def test_one_that_is_about_to_be_claimed_joins_what_is_shared_meanwhile(
    store: Store,
) -> None:
    async with a_street(store, around=TOWN) as street:
        home = street.homes[0]
        await stop(street)
        await drop_alone(street, [home])
        (alone,) = await street.incidents()
        assert home.access_node is not None
        scope = Scope(reach=Reach.SPLITTER, id=home.access_node, name="Elm Road")
        shared = replace(
            alone,
            id=IncidentId("inc_shared"),
            scope=scope,
            proposal=type(alone.proposal)("prp_shared"),
            opened_at=street.road.world.clock(),
        )
        async with store.begin() as tx:
            await tx.incidents.add(shared)
        await stop(street, stopped=False)

        await street.pass_time(minutes=1)

        found = {each.id: each for each in await street.incidents()}
        assert found[alone.id].ending is Ending.JOINED
        assert street.plans.runs == []
        async with store.read() as tx:
            assert await tx.incidents.affects(TENANT, shared.id, home.id)


async def test_of_those_who_join_the_road_tells_of_the_first_and_all_are_counted(
    store: Store,
) -> None:
    async with a_street(store, around={"splitter": 29, "port": 6}) as street:
        below = [each for each in street.homes if each.access_node == "splitter-e1"]
        await drop_alone(street, below)

        (incident,) = await street.incidents()
        told = [each for each in await street.told(incident) if each.startswith("joined")]
        async with store.read() as tx:
            assert await tx.incidents.how_many(TENANT, incident.id) == len(below) == 30
        assert len(told) == 19  # the first opened it


async def test_the_fleet_is_looked_at_once_a_minute_at_most(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_street(store) as street:
        looks, clock = [], street.road.world.clock

        async def look(*about: object) -> tuple[()]:
            looks.append(about)
            return ()

        monkeypatch.setattr("brain.remediation.fleet.shared_causes", look)
        fleet = Fleet(store, clock)
        for _ in range(3):
            await fleet.causes(TENANT)
        clock.advance(60)
        await fleet.causes(TENANT)

        assert len(looks) == 2


async def test_a_fleet_that_cannot_be_read_is_told_of_and_homes_are_judged_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def damaged(*_about: object) -> None:
        raise Unreadable("a stored site is damaged")

    async with a_street(store) as street:
        monkeypatch.setattr("brain.remediation.fleet.shared_causes", damaged)
        await drop_alone(street, street.homes[:1])

        assert len(await street.incidents()) == 1
        async with store.read() as tx:
            (told,) = await tx.set_aside.newest(TENANT)
        assert told.reason == "a stored site is damaged"
