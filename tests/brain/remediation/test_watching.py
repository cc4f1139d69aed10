"""What many share is found by the clock, too: what went dark tells of nothing itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from brain.domain.device import Device
from brain.domain.identity import NodeId, PrincipalId
from brain.domain.proposal import Cause
from brain.domain.remediation import Ending, Reach, Scope
from brain.remediation.rules import FLEET
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import Street, a_street, rules

TOWN = {"splitter": 4, "port": 8, "olt": 12}


async def call(street: Street, homes: Sequence[Device]) -> None:
    now = street.road.world.clock()
    async with street.store.begin() as tx:
        await tx.devices.put(*(replace(each, last_seen=now) for each in homes))


async def went_dark(street: Street, dark: Sequence[Device]) -> None:
    """They do not call for longer than any does, and told of nothing; all others called."""
    await call(street, street.homes)
    street.road.world.clock.advance(timedelta(hours=27).total_seconds())
    await call(street, [each for each in street.homes if each not in dark])


async def stop(street: Street) -> None:
    """What is opened waits."""
    async with street.store.begin() as tx:
        now = street.road.world.clock()
        await tx.unattended.turn(TENANT, stopped=True, by=PrincipalId("olga"), at=now)


async def looks(street: Street, times: int = 1) -> None:
    """So many looks, as far apart as the rules say; what follows is done."""
    watch = street.remediation.watch
    assert watch is not None
    for _ in range(times):
        await watch.now()
        await street.pass_time(seconds=watch.look.every.total_seconds())


def below(street: Street, node: str) -> list[Device]:
    return [each for each in street.homes if each.access_node == node]


async def test_a_splitter_that_goes_dark_is_handed_over_and_no_home_is_touched(
    store: Store,
) -> None:
    async with a_street(store, around=TOWN) as street:
        dark = below(street, "splitter-e1")
        await went_dark(street, dark)

        await looks(street, 2)

        (incident,) = await street.incidents()
        assert (incident.rule, incident.ending) == (FLEET, Ending.HANDED_OVER)
        assert (incident.scope.reach, incident.scope.id) == (Reach.SPLITTER, "splitter-e1")
        told = " ".join(await street.told(incident))
        assert f"{len(dark)} of {len(dark)} devices of splitter" in told
        async with store.read() as tx:
            known = await tx.incidents.affected(TENANT, incident.id)
            assert {each.device for each in known} == {each.id for each in dark}
            assert await tx.changes.list(TENANT) == []
            (proposal,) = await tx.proposals.list(TENANT)
        assert proposal.finding.cause is Cause.SHARED_UPSTREAM
        assert street.plans.runs == []


async def test_one_look_alone_opens_nothing(store: Store) -> None:
    async with a_street(store, around=TOWN) as street:
        dark = below(street, "splitter-e1")
        await went_dark(street, dark)
        await looks(street)
        await call(street, dark)

        await looks(street, 2)

        assert await street.incidents() == []


async def test_it_is_opened_once_while_it_lasts(store: Store) -> None:
    async with a_street(store, around=TOWN) as street:
        await went_dark(street, below(street, "splitter-e1"))

        await looks(street, 5)

        assert len(await street.incidents()) == 1


async def test_what_is_known_of_what_is_above_it_is_not_opened_again_for_a_part(
    store: Store,
) -> None:
    async with a_street(store, around=TOWN) as street:
        await went_dark(street, below(street, "splitter-e1"))
        await looks(street, 2)
        (incident,) = await street.incidents()
        async with store.begin() as tx:
            above = (await tx.nodes.ancestors(TENANT, NodeId("splitter-e1")))[-1]
            higher = Scope(reach=Reach(above.kind.value), id=above.id, name=above.name)
            await tx.incidents.swap(replace(incident, scope=higher))

        await looks(street, 2)

        assert [each.id for each in await street.incidents()] == [incident.id]


async def test_a_home_that_waits_alone_becomes_part_of_it(store: Store) -> None:
    async with a_street(store, around=TOWN, rulebook=rules()) as street:
        dark = below(street, "splitter-e1")
        await stop(street)
        await street.happens(dark[0], times=4)
        await street.pass_time(minutes=5)
        await went_dark(street, dark)

        await looks(street, 2)

        found = {each.rule: each for each in await street.incidents()}
        assert found["wan-drops"].ending is Ending.JOINED
        assert found["wan-drops"].reason.startswith(f"{found[FLEET].id} is about all of")


async def test_an_operator_may_do_without(store: Store) -> None:
    async with a_street(store, around=TOWN, rulebook=rules(fleet=None)) as street:
        assert street.remediation.watch is None
