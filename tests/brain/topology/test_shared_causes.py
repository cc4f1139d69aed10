"""One cause that many share is told of once and by its name; a healthy fleet is left in peace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.device import Device, Site
from brain.domain.history import Event, EventKind
from brain.domain.identity import SiteId, TenantId
from brain.domain.topology import (
    AccessNode,
    Census,
    NodeKind,
    Scope,
    ScopeKind,
    SharedCause,
    Tally,
    software_id,
)
from brain.store.store import Store
from brain.topology.chance import binomial_tail
from brain.topology.shared_causes import plainest, shared_by, shared_causes
from tests.brain.topology.conftest import NORTH, NOW

A = Callable[..., Device]


def tally(
    suffering: int, known: int, *, kind: ScopeKind = ScopeKind.SPLITTER, id: str = "s", of: int = 1
) -> Tally:
    scope = Scope(kind=kind, id=id)
    return Tally(scope=scope, suffering=suffering, known=known, looked_at=of)


def found(*tallies: Tally, suffering: int, known: int, kinds: int = 1) -> SharedCause | None:
    census = Census(suffering=suffering, known=known, tallies=tallies, kinds=kinds)
    return plainest(census)


def test_the_chance_is_that_of_the_tail_times_all_that_was_looked_at() -> None:
    cause = found(tally(8, 32, of=10), suffering=28, known=1032, kinds=2)

    assert cause is not None
    rate = (20 + 1) / (1000 + 20)
    assert cause.expected == pytest.approx(32 * rate)
    assert cause.chance == pytest.approx(binomial_tail(8, 32, rate) * 10 * 2)


def test_the_same_among_more_scopes_is_chance() -> None:
    assert found(tally(6, 32, of=10), suffering=26, known=1032) is not None
    assert found(tally(6, 32, of=1000), suffering=26, known=1032) is None
    assert found(tally(6, 32, of=10), suffering=26, known=1032, kinds=90) is None


def test_where_everybody_suffers_nobody_is_singled_out() -> None:
    assert found(tally(32, 32), suffering=1000, known=1000) is None
    assert found(tally(20, 32), suffering=520, known=1032) is None


def test_the_least_difference_among_many_is_no_cause() -> None:
    assert found(tally(1500, 50_000), suffering=10_500, known=500_000) is None
    assert found(tally(5000, 50_000), suffering=14_000, known=500_000) is not None


def test_when_all_there_is_suffers_it_is_weighed_against_what_is_usual() -> None:
    assert found(tally(8, 8), suffering=8, known=8) is not None
    assert found(tally(2, 8), suffering=2, known=8) is None


def test_of_two_that_explain_it_equally_well_the_nearer_is_named() -> None:
    olt = tally(8, 8, kind=ScopeKind.OLT, id="o")
    software = tally(8, 8, kind=ScopeKind.SOFTWARE, id="v")

    cause = found(software, olt, tally(8, 8), suffering=9, known=500, kinds=3)

    assert cause is not None
    assert cause.scope.kind is ScopeKind.SPLITTER


def test_the_scope_that_explains_it_best_is_named() -> None:
    port = tally(10, 32, kind=ScopeKind.PORT, id="p")

    cause = found(port, tally(8, 8), suffering=15, known=1032, kinds=2)

    assert cause is not None
    assert cause.scope.id == "s"


def dropped(device: Device) -> Event:
    return Event(
        tenant=NORTH,
        device=device.id,
        kind=EventKind.VALUE_CHANGE,
        at=NOW - timedelta(minutes=5),
        path="Device.PPP.Interface.1.Status",
        value="Down",
    )


@pytest.fixture
async def town(store: Store, a_node: Callable[..., AccessNode], a_device: A) -> Store:
    """Two ports of five splitters, eight homes on each, with two versions and two areas."""
    async with store.begin() as tx:
        for area in ("North end", "South end"):
            await tx.sites.put(Site(id=SiteId(area), tenant=NORTH, name="", area=area))
        await tx.nodes.put(a_node("olt", NodeKind.OLT))
        for port in "pq":
            await tx.nodes.put(a_node(port, NodeKind.PORT, "olt"))
            for splitter in (f"{port}{number}" for number in range(5)):
                await tx.nodes.put(a_node(splitter, NodeKind.SPLITTER, port))
                await tx.devices.put(
                    *(
                        a_device(
                            f"{splitter}-{number}",
                            splitter,
                            firmware=str(number % 2),
                            manufacturer="Acme",
                            model="Hub",
                            site=SiteId(("North end", "South end")[number // 4]),
                        )
                        for number in range(8)
                    )
                )
    return store


async def causes_of(store: Store, hurts: Callable[[Device], bool]) -> list[SharedCause]:
    async with store.begin() as tx:
        every = await tx.devices.list(NORTH, limit=1000)
        await tx.events.add(*(dropped(each) for each in every if hurts(each)))
    async with store.read() as tx:
        return [*await shared_causes(tx, NORTH, NOW)]


def at(*splitters: str) -> Callable[[Device], bool]:
    return lambda device: device.access_node in splitters


@pytest.mark.parametrize(
    ("hurts", "named"),
    [
        (at("p1"), [("splitter", "the p1")]),
        (at(*(f"q{n}" for n in range(5))), [("port", "the q")]),
        (lambda device: device.firmware == "1", [("software", "Acme Hub 1")]),
        (lambda device: device.site == "North end", [("area", "North end")]),
        (at("p1", "q3"), [("splitter", "the p1"), ("splitter", "the q3")]),
        (lambda device: device.id in {"p1-0", "p1-1", "q2-0", "q3-5"}, []),
        (at(), []),
    ],
)
async def test_each_cause_is_told_of_once_and_where_it_is(
    town: Store, hurts: Callable[[Device], bool], named: list[tuple[str, str]]
) -> None:
    found = await causes_of(town, hurts)

    assert sorted((each.scope.kind.value, each.name) for each in found) == named
    assert all(each.chance <= 0.001 for each in found)


async def test_a_device_is_told_which_cause_it_shares(town: Store, a_device: A) -> None:
    (cause,) = await causes_of(town, at("p1"))
    version = replace(cause, scope=Scope(kind=ScopeKind.SOFTWARE, id=software_id("", "", "9")))

    async with town.read() as tx:
        assert await shared_by(tx, a_device("x", "p1"), [version, cause]) == cause
        assert await shared_by(tx, a_device("x", "p2", firmware="9"), [cause, version]) == version
        assert await shared_by(tx, a_device("x", "p2"), [cause, version]) is None


async def test_another_tenants_trouble_is_not_told_of(town: Store) -> None:
    assert await causes_of(town, at("p1"))

    async with town.read() as tx:
        assert await shared_causes(tx, TenantId("south"), NOW) == ()
