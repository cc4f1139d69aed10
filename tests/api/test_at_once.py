"""Two administrators at the same moment: what one of them took away does not come back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.books import Books
from api.owning import set_owner
from api.people import NewUser, add_user, set_roles
from brain.domain.errors import Conflict
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from tests.api.waiting import until_it_waits

NORTH, SOUTH = TenantId("north"), TenantId("south")
SUPPORT, APPROVER = frozenset({Role.SUPPORT}), frozenset({Role.APPROVER})
Work = Callable[[Books], Awaitable[object]]


def principal(
    name: str, *groups: str, kind: PrincipalKind = PrincipalKind.PERSON, owner: str = ""
) -> Principal:
    return Principal(
        id=PrincipalId(name),
        tenant=NORTH,
        kind=kind,
        roles=SUPPORT,
        groups=frozenset(groups),
        owner=PrincipalId(owner) if owner else None,
    )


@pytest.fixture
async def peopled(postgres_store: Store) -> Store:
    """Ann of the group that lets rules decide, a service of hers, and a trail that began."""
    async with postgres_store.begin() as tx:
        await tx.principals.put(principal("ann", "policy"), "Ann A")
        await tx.principals.put(principal("ben"), "Ben")
        await tx.principals.put(principal("job", kind=PrincipalKind.MACHINE, owner="ann"), "job")
        await TRAIL.append(tx, tenant=NORTH, actor="test", kind="began", payload={})
    return postgres_store


TRAIL = AuditTrail(Ed25519PrivateKey.generate().sign, lambda: datetime.now(UTC))


async def at_once(store: Store, first: Work, second: Work) -> None:
    """``second`` begins when ``first`` has written and is not through yet."""

    async def after() -> None:
        async with store.begin() as tx:
            await second(Books(tx=tx, audit=TRAIL, by="cleo", at=datetime.now(UTC)))

    async with store.begin() as tx:
        await first(Books(tx=tx, audit=TRAIL, by="boss", at=datetime.now(UTC)))
        other = asyncio.create_task(after())
        await until_it_waits(store, other)
    await other


async def now_is(store: Store, name: str) -> Principal | None:
    async with store.read() as tx:
        return await tx.principals.get(NORTH, PrincipalId(name))


@pytest.mark.postgres
async def test_a_group_that_was_taken_away_stays_away(peopled: Store) -> None:
    await at_once(
        peopled,
        lambda books: set_roles(books, NORTH, "ann", roles=SUPPORT, groups=frozenset()),
        lambda books: set_roles(books, NORTH, "ann", roles=APPROVER, groups=None),
    )

    ann = await now_is(peopled, "ann")
    assert ann is not None
    assert (ann.roles, ann.groups) == (APPROVER, frozenset())


@pytest.mark.postgres
async def test_a_role_that_was_taken_from_a_service_stays_away_when_its_owner_changes(
    peopled: Store,
) -> None:
    fewer = frozenset({Role.AUTOMATION})
    await at_once(
        peopled,
        lambda books: set_roles(books, NORTH, "job", roles=fewer, groups=None),
        lambda books: set_owner(books, NORTH, "job", "ben"),
    )

    job = await now_is(peopled, "job")
    assert job is not None
    assert (job.roles, job.owner) == (fewer, "ben")


@pytest.mark.postgres
async def test_an_owner_stays_when_the_roles_of_the_service_change(peopled: Store) -> None:
    await at_once(
        peopled,
        lambda books: set_owner(books, NORTH, "job", "ben"),
        lambda books: set_roles(books, NORTH, "job", roles=APPROVER, groups=None),
    )

    job = await now_is(peopled, "job")
    assert job is not None
    assert (job.roles, job.owner) == (APPROVER, "ben")


@pytest.mark.postgres
async def test_other_roles_leave_what_people_are_called(peopled: Store) -> None:
    async with peopled.begin() as tx:
        books = Books(tx=tx, audit=TRAIL, by="boss", at=datetime.now(UTC))
        await set_roles(books, NORTH, "ann", roles=APPROVER, groups=None)

    async with peopled.read() as tx:
        assert await tx.principals.name(NORTH, PrincipalId("ann")) == "Ann A"


def new(tenant: TenantId) -> NewUser:
    return NewUser(name="cara", tenant=tenant, roles=SUPPORT, groups=frozenset())


@pytest.mark.postgres
@pytest.mark.parametrize("other", [NORTH, SOUTH])
async def test_a_name_that_two_take_at_once_is_whose_came_first_in_whatever_tenant(
    peopled: Store, other: TenantId
) -> None:
    with pytest.raises(Conflict) as refused:
        await at_once(
            peopled,
            lambda books: add_user(books, new(NORTH), "the first hash"),
            lambda books: add_user(books, new(other), "the second hash"),
        )

    assert refused.value.field == "name"
    assert str(NORTH) not in str(refused.value)
    async with peopled.read() as tx:
        cara = await tx.users.by_name("cara")
        there = await tx.principals.get(SOUTH, PrincipalId("cara"))
    assert cara is not None
    assert (cara.tenant, cara.password_hash) == (NORTH, "the first hash")
    assert there is None, "nothing is left of who came second"


@pytest.mark.postgres
async def test_a_new_password_is_never_written_over_another_tenants(peopled: Store) -> None:
    async with peopled.begin() as tx:
        books = Books(tx=tx, audit=TRAIL, by="boss", at=datetime.now(UTC))
        await add_user(books, new(NORTH), "the first hash")
        user = await tx.users.by_name("cara")
        await tx.principals.put(replace(principal("cara"), tenant=SOUTH), "Cara")
        assert user is not None

    with pytest.raises(Conflict):
        async with peopled.begin() as tx:
            await tx.users.put(replace(user, tenant=SOUTH, password_hash="the second hash"))

    async with peopled.read() as tx:
        assert await tx.users.by_name("cara") == user
