"""Each shipped rule opens its incident from what a home says to our own ACS, and from nothing else.

Homes call over CWMP. Nothing is posted, and nobody but the ACS reads them.
"""

from typing import Any

import pytest

from brain.domain.remediation import Reach
from brain.store.store import Store
from brain.topology.health import neighbours_health
from brain.topology.neighbourhood import neighbourhood
from executors.acs.looking import Wants
from tests.brain.remediation.calling import Calling, calling

pytestmark = pytest.mark.slow

DAY = 24 * 60


def outage(*, begins: float, lasts: float = 4) -> dict[str, Any]:
    """The line is down for so many minutes."""
    ends = begins + lasts
    return {"kind": "access.outage", "at": "home", "begins_minutes": begins, "ends_minutes": ends}


CROWD = {"kind": "wifi.congested_channel", "neighbours": 12, "load": 0.9}
EVENINGS = {"kind": "wifi.congested_channel", "load": 0.45, "by_the_hour": True}
DIMMING = {
    "kind": "access.shared_upstream",
    "at": "home",
    "trouble": "dimming",
    "amount": 5,
    "begins_minutes": 2 * DAY,
}
LEAK = {"kind": "device.memory_leak", "kb_per_hour": 1_200}


async def test_a_line_that_drops_between_calls_opens_an_incident_though_nobody_heard_it_go(
    store: Store,
) -> None:
    drops = [outage(begins=60 * hour + 5) for hour in (1, 3, 5, 7)]
    async with calling(store, *drops) as homes:
        await homes.pass_time(hours=7, every=20)
        before = await homes.incidents()
        await homes.pass_time(hours=2, every=20)

        assert (before, await homes.incidents()) == (set(), {"wan-drops"})


async def test_packets_that_are_sent_again_more_and_more_open_an_incident(store: Store) -> None:
    async with calling(store, CROWD) as homes:
        await homes.pass_time(hours=2, every=10)

        assert "wifi-retries" in await homes.incidents()


async def test_light_that_falls_opens_an_incident(store: Store) -> None:
    async with calling(store, DIMMING) as homes:
        await homes.pass_time(days=2, every=DAY / 2)
        before = await homes.incidents()
        await homes.pass_time(days=5, every=DAY / 2)

        assert (before, await homes.incidents()) == (set(), {"optics-falling"})


async def test_memory_that_does_not_come_back_opens_an_incident(store: Store) -> None:
    async with calling(store, LEAK) as homes:
        await homes.pass_time(days=3, every=6 * 60)

        assert await homes.incidents() == {"memory-leak"}


@pytest.mark.slow
async def test_a_new_version_that_restarts_again_and_again_opens_one_incident_for_the_version(
    store: Store,
) -> None:
    crashes = {"kind": "device.memory_leak", "kb_per_hour": 24_000, "at": "version"}
    async with calling(store, crashes, around=5) as homes:
        await homes.pass_time(hours=20, every=60)

        (incident,) = [e for e in await homes.opened() if e.rule == "new-firmware-restarts"]
        assert incident.scope.reach is Reach.FIRMWARE


@pytest.mark.slow
async def test_a_channel_that_is_full_every_evening_opens_an_incident(store: Store) -> None:
    async with calling(store, EVENINGS) as homes:
        await homes.pass_time(days=2, every=60)
        before = await homes.incidents()
        await homes.pass_time(days=1, every=60)

        assert "evening-congestion" not in before
        assert "evening-congestion" in await homes.incidents()


@pytest.mark.parametrize(
    ("days", "every"),
    [
        pytest.param(7, DAY / 2, id="a week"),
        pytest.param(3, 60, id="three evenings", marks=pytest.mark.slow),
        pytest.param(0.375, 20, id="nine hours"),
        pytest.param(0.1, 10, id="two hours"),
    ],
)
async def test_a_healthy_home_opens_none_in_the_same_time(
    store: Store, days: float, every: float
) -> None:
    async with calling(store) as homes:
        await homes.pass_time(days=days, every=every)

        assert await homes.opened() == []
        async with store.read() as tx:
            assert await tx.trips.waiting() == 0


async def health(homes: Calling) -> list[bool]:
    """Whether each neighbour suffers, of those of whom anybody knows."""
    async with homes.store.read() as tx:
        device = await tx.devices.find(homes.world.home.id)
        assert device is not None
        graph = await neighbourhood(tx, device)
        found = await neighbours_health(tx, graph, now=homes.world.clock())
    return [each.suffering for each in found]


async def test_neighbours_lines_are_looked_at_again_days_after_they_were_discovered(
    store: Store,
) -> None:
    dying = DIMMING | {"at": "splitter", "amount": 7}
    async with calling(store, dying, around=2) as homes:
        await homes.pass_time(days=1.75, every=DAY / 4)
        well = await health(homes)
        await homes.pass_time(days=1, every=DAY / 4)

        assert (well, await health(homes)) == ([False, False], [True, True])


async def test_of_neighbours_at_whose_lines_nobody_looks_nobody_knows_after_a_day(
    store: Store,
) -> None:
    async with calling(store, around=2) as homes:
        homes.world.advance(minutes=30)
        known = await health(homes)
        homes.acs._sampling.wants = Wants()
        await homes.pass_time(days=2, every=DAY / 4)

        assert (known, await health(homes)) == ([False, False], [])
