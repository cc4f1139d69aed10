"""Principals, their tokens and the kill switch: unknown, expired and revoked mean nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from brain.domain.entrance import TokenRecord
from brain.domain.errors import Conflict, Unreadable
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.domain.ports import Clock
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")
ANA = Principal(
    id=PrincipalId("ana"),
    tenant=NORTH,
    kind=PrincipalKind.PERSON,
    roles=frozenset({Role.APPROVER, Role.SUPPORT}),
    groups=frozenset({"noc"}),
)


def token(who: Principal, name: str, expires_at: datetime | None) -> TokenRecord:
    return TokenRecord(
        tenant=who.tenant,
        principal=who.id,
        name=name,
        scopes=None,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        expires_at=expires_at,
    )


@pytest.fixture
async def known(any_store: Store) -> Store:
    async with any_store.begin() as tx:
        await tx.principals.put(ANA, "Ana")
    return any_store


async def test_a_principal_comes_back_and_can_be_replaced(known: Store) -> None:
    less = replace(ANA, roles=frozenset({Role.SUPPORT}), groups=frozenset())

    async with known.begin() as tx:
        assert await tx.principals.get(NORTH, ANA.id) == ANA
        await tx.principals.put(less, "Ana")

    async with known.read() as tx:
        assert await tx.principals.get(NORTH, ANA.id) == less
        assert await tx.principals.get(SOUTH, ANA.id) is None


@pytest.mark.parametrize("roles", ['["owner"]', "[1]", "{}x", "1"])
async def test_a_damaged_set_of_roles_is_an_error(known: Store, roles: str) -> None:
    async with known.begin() as tx:
        await tx.principals._db.run(text("UPDATE principals SET roles = :r"), {"r": roles})

    with pytest.raises(Unreadable):
        async with known.read() as tx:
            await tx.principals.get(NORTH, ANA.id)


async def test_a_token_stands_for_its_principal_until_it_expires(
    known: Store, clock: Clock
) -> None:
    async with known.begin() as tx:
        await tx.tokens.add("h1", token(ANA, "laptop", clock() + timedelta(days=1)))
        await tx.tokens.add("h2", token(ANA, "forever", None))

    async with known.read() as tx:
        assert await tx.tokens.by_hash("h1", now=clock()) == ANA
        assert await tx.tokens.by_hash("h1", now=clock() + timedelta(days=1)) is None
        assert await tx.tokens.by_hash("h2", now=clock() + timedelta(days=9999)) == ANA
        assert await tx.tokens.by_hash("h3", now=clock()) is None
        assert await tx.tokens.by_hash("", now=clock()) is None


async def test_a_revoked_token_stands_for_nobody(known: Store, clock: Clock) -> None:
    async with known.begin() as tx:
        await tx.tokens.add("h1", token(ANA, "laptop", None))

    async with known.begin() as tx:
        assert not await tx.tokens.revoke(SOUTH, "laptop")
        assert await tx.tokens.by_hash("h1", now=clock()) == ANA
        assert await tx.tokens.revoke(NORTH, "laptop")
        assert not await tx.tokens.revoke(NORTH, "laptop")

    async with known.read() as tx:
        assert await tx.tokens.by_hash("h1", now=clock()) is None


async def test_a_token_has_a_name_of_its_own_and_a_known_principal(known: Store) -> None:
    async with known.begin() as tx:
        await tx.tokens.add("h1", token(ANA, "laptop", None))

    for kept, who, name in (
        ("h1", ANA, "phone"),
        ("h2", ANA, "laptop"),
        ("h2", replace(ANA, id=PrincipalId("eve")), "phone"),
        ("h2", replace(ANA, tenant=SOUTH), "phone"),
    ):
        with pytest.raises(Conflict):
            async with known.begin() as tx:
                await tx.tokens.add(kept, token(who, name, None))


async def test_the_switch_is_off_until_it_is_thrown_and_on_until_it_is_taken_back(
    any_store: Store, clock: Clock
) -> None:
    seen = []
    async with any_store.begin() as tx:
        seen.append(await tx.halts.is_halted(NORTH))
        await tx.halts.set(NORTH, halted=True, by=ANA.id, at=clock())
        seen.append(await tx.halts.is_halted(NORTH))
        seen.append(await tx.halts.is_halted(SOUTH))
        await tx.halts.set(NORTH, halted=False, by=ANA.id, at=clock())
        seen.append(await tx.halts.is_halted(NORTH))

    assert seen == [False, True, False, False]
