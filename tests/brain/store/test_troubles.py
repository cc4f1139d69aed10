"""The database counts who is in trouble, by all that devices have in common."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.device import Device, Site
from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, NodeId, SiteId, TenantId
from brain.domain.topology import AccessNode, Look, NodeKind, Scope, ScopeKind, software_id
from brain.store.store import Store
from brain.store.transaction import Transaction

NORTH = TenantId("north")
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
LOOK = Look(now=NOW)
STATUS = "Device.Optical.Interface.1.Status"
SPLITTER = Scope(kind=ScopeKind.SPLITTER, id="s1")


def device(id: str, at: str | None = "s2", **but: object) -> Device:
    fields: dict[str, object] = {
        "id": DeviceId(id),
        "tenant": NORTH,
        "oui": "00D09E",
        "product_class": "Hub",
        "serial": id,
        "access_node": NodeId(at) if at else None,
        "last_seen": NOW - timedelta(minutes=5),
    }
    return Device(**{**fields, **but})  # type: ignore[arg-type]  # typed by what is asked for


def event(device: Device, kind: EventKind, *, minutes: int = 5, **but: str) -> Event:
    at = NOW - timedelta(minutes=minutes)
    return Event(tenant=NORTH, device=device.id, kind=kind, at=at, **but)


async def network(tx: Transaction) -> None:
    """One OLT with a port of two splitters, and five devices that are well on the second."""
    for id, kind, parent in (
        ("olt", NodeKind.OLT, None),
        ("port", NodeKind.PORT, "olt"),
        ("s1", NodeKind.SPLITTER, "port"),
        ("s2", NodeKind.SPLITTER, "port"),
    ):
        above = NodeId(parent) if parent else None
        await tx.nodes.put(
            AccessNode(id=NodeId(id), tenant=NORTH, kind=kind, name=id, parent=above)
        )
    await tx.devices.put(*(device(f"well-{number}") for number in range(5)))


@pytest.fixture
async def street(any_store: Store) -> Store:
    async with any_store.begin() as tx:
        await network(tx)
    return any_store


async def those(store: Store, scope: Scope = SPLITTER) -> list[str]:
    async with store.read() as tx:
        return [*await tx.troubles.suffering(NORTH, scope, LOOK)]


async def hung(store: Store, *devices: Device, happened: Callable[[Device], list[Event]]) -> None:
    async with store.begin() as tx:
        await tx.devices.put(*devices)
        await tx.events.add(*(each for device in devices for each in happened(device)))


async def test_each_scope_counts_its_own_however_deep(street: Store) -> None:
    four = [device(f"sick-{n}", "s1", inform_every=60) for n in range(4)]
    gone = [Device(**{**_fields(each), "last_seen": NOW - timedelta(hours=2)}) for each in four]
    await hung(street, *gone, happened=lambda _: [])

    async with street.read() as tx:
        census = await tx.troubles.census(NORTH, LOOK)

    assert (census.suffering, census.known, census.kinds) == (4, 9, 3)
    counted = {each.scope: (each.suffering, each.known, each.looked_at) for each in census.tallies}
    numbers = (census.suffering, census.known, *next(iter(counted.values())))
    assert {type(each) for each in numbers} == {int}
    assert counted == {SPLITTER: (4, 4, 2)}, "the port and the OLT hold everybody and stand out not"


def _fields(device: Device) -> dict[str, object]:
    return {name: getattr(device, name) for name in Device.__dataclass_fields__}


async def test_software_and_areas_are_counted_across_the_network(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await network(tx)
        for area in ("Elm Side", "elm side ", "Hill"):
            site = Site(id=SiteId(area), tenant=NORTH, name="1", area=area)
            await tx.sites.put(site)
        here, there = await tx.sites.area(NORTH, SiteId("Elm Side")), "Elm Side"
        old = [device(f"old-{n}", firmware="1", site=SiteId(there)) for n in range(2)]
        also = [device(f"also-{n}", None, firmware="1", site=SiteId("elm side ")) for n in range(2)]
        await tx.devices.put(*old, *also, *(device(f"n{n}", "s1", firmware="2") for n in range(4)))
        boots = [event(each, EventKind.BOOT, detail="1 BOOT") for each in (*old, *also)]
        await tx.events.add(*boots)

    async with any_store.read() as tx:
        census = await tx.troubles.census(NORTH, LOOK)

    found = {each.scope: (each.suffering, each.known) for each in census.tallies}
    assert here is not None
    version = Scope(kind=ScopeKind.SOFTWARE, id=software_id("", "", "1"))
    assert found == {version: (4, 4), Scope(kind=ScopeKind.AREA, id=here): (4, 4)}


@pytest.mark.parametrize(
    ("happened", "suffers"),
    [
        ([(EventKind.BOOT, {"detail": "1 BOOT"})], True),
        ([(EventKind.BOOT, {"detail": "1 BOOT, M Reboot chg_1"})], False),
        ([(EventKind.BOOT, {}), (EventKind.TRANSFER_COMPLETE, {})], False),
        ([(EventKind.VALUE_CHANGE, {"path": STATUS, "value": "Down"})], True),
        ([(EventKind.VALUE_CHANGE, {"path": STATUS, "value": "Up"})], False),
        (
            [(EventKind.VALUE_CHANGE, {"path": "Device.WiFi.Radio.1.Status", "value": "Down"})],
            False,
        ),
        ([(EventKind.INFORM, {}), (EventKind.FAULT, {})], False),
    ],
)
async def test_what_befell_a_device_a_little_ago(
    street: Store, happened: list[tuple[EventKind, dict[str, str]]], suffers: bool
) -> None:
    one = device("one", "s1")
    await hung(street, one, happened=lambda d: [event(d, kind, **but) for kind, but in happened])

    assert await those(street) == (["one"] if suffers else [])


async def test_what_befell_it_earlier_does_not_count(street: Store) -> None:
    await hung(
        street, device("one", "s1"), happened=lambda d: [event(d, EventKind.BOOT, minutes=61)]
    )

    assert await those(street) == []


@pytest.mark.parametrize(
    ("every", "hours", "suffers"),
    [
        (60, 1.1, True),
        (60, 0.9, False),
        (3600, 3.1, True),
        (3600, 2.9, False),
        (None, 25, False),
        (None, 27, True),
        (0, 25, False),
        (60, 24 * 15, False),
        (10_000_000, 24 * 13, False),
    ],
)
async def test_silence_is_three_informs_that_did_not_come(
    street: Store, every: int | None, hours: float, suffers: bool
) -> None:
    seen = NOW - timedelta(hours=hours)
    one = device("one", "s1", inform_every=every, last_seen=seen)
    await hung(street, one, happened=lambda _: [])

    assert await those(street) == (["one"] if suffers else [])


async def test_what_is_left_out_is_counted_nowhere(street: Store) -> None:
    sick = [device(f"sick-{n}", "s1", firmware="1") for n in range(4)]
    await hung(street, *sick, happened=lambda d: [event(d, EventKind.BOOT)])
    version = Scope(kind=ScopeKind.SOFTWARE, id=software_id("", "", "1"))

    async with street.read() as tx:
        for scope in (SPLITTER, version):
            census = await tx.troubles.census(NORTH, LOOK, without=[scope])
            assert (census.suffering, census.known, census.tallies) == (0, 5, ())
        port = await tx.troubles.census(
            NORTH, LOOK, without=[Scope(kind=ScopeKind.PORT, id="port")]
        )
        assert port.known == 0


async def test_never_more_scopes_come_back_than_were_asked_for(street: Store) -> None:
    sick = [device(f"{v}-{n}", "s1", firmware=str(v)) for v in range(6) for n in range(4)]
    await hung(street, *sick, happened=lambda d: [event(d, EventKind.BOOT)])

    async with street.read() as tx:
        census = await tx.troubles.census(NORTH, LOOK, most=2)

    kinds = [each.scope.kind for each in census.tallies]
    assert sorted(kinds) == [ScopeKind.SOFTWARE, ScopeKind.SOFTWARE, ScopeKind.SPLITTER]
    assert {each.looked_at for each in census.tallies if each.scope.kind == "software"} == {6}


async def test_the_members_of_a_scope_are_counted_no_further_than_asked(street: Store) -> None:
    async with street.begin() as tx:
        site = Site(id=SiteId("home"), tenant=NORTH, name="1", area="Elm Side")
        await tx.sites.put(site)
        await tx.devices.put(device("one", "s1", firmware="1", model="Hub", site=site.id))
        area = await tx.sites.area(NORTH, site.id)

    async with street.read() as tx:

        async def count(kind: ScopeKind, id: str, limit: int = 9) -> int:
            return await tx.troubles.members(NORTH, Scope(kind=kind, id=id), limit=limit)

        assert await count(ScopeKind.SPLITTER, "s2") == 5
        assert await count(ScopeKind.OLT, "olt") == 6
        assert await count(ScopeKind.OLT, "olt", limit=2) == 2
        assert await count(ScopeKind.OLT, "nowhere") == 0
        assert await count(ScopeKind.SOFTWARE, software_id("", "Hub", "1")) == 1
        assert await count(ScopeKind.SOFTWARE, software_id("Hub", "", "1")) == 0
        assert await count(ScopeKind.AREA, area or "") == 1


async def test_those_suffering_come_page_by_page(street: Store) -> None:
    sick = [device(f"sick-{n}", "s1") for n in range(5)]
    await hung(street, *sick, happened=lambda d: [event(d, EventKind.BOOT)])

    async with street.read() as tx:
        first = await tx.troubles.suffering(NORTH, SPLITTER, LOOK, limit=3)
        rest = await tx.troubles.suffering(NORTH, SPLITTER, LOOK, limit=3, after=first[-1])

    assert [*first, *rest] == [f"sick-{n}" for n in range(5)]


async def test_nodes_that_hang_in_a_circle_are_counted_once(street: Store) -> None:
    async with street.begin() as tx:
        ring = AccessNode(
            id=NodeId("olt"), tenant=NORTH, kind=NodeKind.OLT, name="", parent=NodeId("port")
        )
        await tx.nodes.put(ring)
        sick = [device(f"sick-{n}", "s1") for n in range(4)]
        await tx.devices.put(*sick)
        await tx.events.add(*(event(each, EventKind.BOOT) for each in sick))

    async with street.read() as tx:
        census = await tx.troubles.census(NORTH, LOOK)

    assert [(each.scope.id, each.suffering, each.known) for each in census.tallies] == [
        ("s1", 4, 4)
    ]
