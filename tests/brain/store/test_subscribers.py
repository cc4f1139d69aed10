"""Subscribers are found by how their names begin, and their names are not in the database."""

from dataclasses import replace

import pytest

from brain.domain.device import Site, Subscriber
from brain.domain.identity import SiteId, SubscriberId, TenantId
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")


def subscriber(number: int, name: str, tenant: TenantId = NORTH) -> Subscriber:
    return Subscriber(
        id=SubscriberId(f"sub_{number}"), tenant=tenant, name=name, site=SiteId("home"), plan="100M"
    )


ZOFIE = subscriber(1, "Žofie Nováková")
JAN = subscriber(2, "Jan Novák")
ANNA = subscriber(3, "Anna-Marie O'Neill")


@pytest.fixture
async def people(any_store: Store) -> Store:
    async with any_store.begin() as tx:
        for each in (ZOFIE, JAN, ANNA, subscriber(1, "Jan Novák", SOUTH)):
            await tx.subscribers.put(each)
    return any_store


async def test_a_subscriber_comes_back_as_they_were(people: Store) -> None:
    async with people.read() as tx:
        assert await tx.subscribers.get(NORTH, ZOFIE.id) == ZOFIE
        assert await tx.subscribers.get(SOUTH, JAN.id) is None
        assert await tx.subscribers.list(NORTH) == [ZOFIE, JAN, ANNA]
        assert await tx.subscribers.list(NORTH, limit=1) == [ZOFIE]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("nov", [ZOFIE, JAN]),
        ("NOVAK j", [JAN]),
        ("zofie", [ZOFIE]),
        ("marie neill", [ANNA]),
        ("sub_2", [JAN]),
        ("sub", [ZOFIE, JAN, ANNA]),
        ("ovak", []),
        ("novak anna", []),
        ("%", []),
        ("x", []),
    ],
)
async def test_search_begins_at_words_or_the_id(
    people: Store, search: str, found: list[Subscriber]
) -> None:
    async with people.read() as tx:
        assert await tx.subscribers.list(NORTH, search) == found


async def test_a_new_name_is_found_and_the_old_one_no_longer(people: Store) -> None:
    married = replace(JAN, name="Jan Svoboda")

    async with people.begin() as tx:
        await tx.subscribers.put(married)

    async with people.read() as tx:
        assert await tx.subscribers.list(NORTH, "svoboda") == [married]
        assert await tx.subscribers.list(NORTH, "novak") == [ZOFIE]


async def test_a_long_word_is_found_by_all_of_it(people: Store) -> None:
    long = subscriber(4, "Wolfeschlegelsteinhausen")

    async with people.begin() as tx:
        await tx.subscribers.put(long)

    async with people.read() as tx:
        assert await tx.subscribers.list(NORTH, "wolfeschlegelsteinhausen") == [long]


async def test_sites_are_kept_by_tenant(any_store: Store) -> None:
    site = Site(id=SiteId("home"), tenant=NORTH, name="Long Lane 4", area="A1", country="CZ")

    async with any_store.begin() as tx:
        await tx.sites.put(replace(site, name="Short Lane"))
        await tx.sites.put(site)

    async with any_store.read() as tx:
        assert await tx.sites.get(NORTH, site.id) == site
        assert await tx.sites.get(SOUTH, site.id) is None
