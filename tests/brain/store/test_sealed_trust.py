"""Nobody gets a role, a group, a tenant, a scope or a session from whoever writes with SQL."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, delete, insert, update

from brain.domain.entrance import Session, TokenRecord, User, Way
from brain.domain.errors import Altered
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.store.principals import principals
from brain.store.sessions import sessions
from brain.store.store import Store
from brain.store.tokens import tokens
from brain.store.transaction import Transaction
from brain.store.users import users

NORTH, SOUTH = TenantId("north"), TenantId("south")
ANA, BEN = PrincipalId("ana"), PrincipalId("ben")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def person(who: PrincipalId, *roles: Role, tenant: TenantId = NORTH) -> Principal:
    return Principal(id=who, tenant=tenant, kind=PrincipalKind.PERSON, roles=frozenset(roles))


@pytest.fixture
async def lived_in(any_store: Store) -> Store:
    """Ana, who may little, and Ben, who may much; each with a token, a password and a browser."""
    async with any_store.begin() as tx:
        for who, role in ((ANA, Role.SUPPORT), (BEN, Role.ADMIN)):
            await tx.principals.put(person(who, role), who.title())
            await tx.users.add(
                User(name=who, tenant=NORTH, password_hash="h", must_change=False, changed_at=AT)
            )
            record = TokenRecord(
                tenant=NORTH,
                principal=who,
                name=who,
                scopes=frozenset({"read"}),
                created_at=AT,
                expires_at=AT + timedelta(days=1),
            )
            await tx.tokens.add(f"token {who}", record)
            await tx.sessions.begin(
                Session(
                    hash=f"session {who}",
                    tenant=NORTH,
                    principal=who,
                    way=Way.PASSWORD,
                    began_at=AT,
                    seen_at=AT,
                    ends_at=AT + timedelta(hours=1),
                )
            )
        await tx.principals.put(person(ANA, Role.ADMIN, tenant=SOUTH), "Ana")
    return any_store


async def write(store: Store, statement: Executable) -> None:
    async with store.begin() as tx:
        assert await tx.principals._db.run(statement) != 0


async def by_token(tx: Transaction) -> object:
    return await tx.tokens.by_hash("token ana", now=AT)


async def by_session(tx: Transaction) -> object:
    return await tx.sessions.live("session ana", now=AT, idle_since=AT - timedelta(hours=1))


async def by_name(tx: Transaction) -> object:
    return await tx.principals.get(NORTH, ANA)


OF_ANA = (principals.c.tenant == NORTH, principals.c.id == ANA)


async def test_as_it_was_written_everybody_is_who_they_are(lived_in: Store) -> None:
    async with lived_in.read() as tx:
        assert None not in [await by(tx) for by in (by_token, by_session, by_name)]
        assert [each.id for each in await tx.principals.people(NORTH)] == [ANA, BEN]


@pytest.mark.parametrize(
    "values",
    [
        {"roles": frozenset({Role.ADMIN})},
        {"groups": frozenset({"approvers"})},
        {"kind": PrincipalKind.MACHINE},
        {"owner": BEN},
        {"sealed": None},
        {"sealed": b"\x01 anything"},
    ],
)
async def test_a_principal_that_was_altered_is_nobody_by_any_way(
    lived_in: Store, values: dict[str, Any]
) -> None:
    await write(lived_in, update(principals).where(*OF_ANA).values(values))

    for by in (by_token, by_session, by_name):
        async with lived_in.read() as tx:
            with pytest.raises(Altered) as refused:
                await by(tx)
        assert (refused.value.tenant, refused.value.principal) == (NORTH, ANA)
    async with lived_in.read() as tx:
        assert [each.id for each in await tx.principals.people(NORTH)] == [BEN]


async def test_the_seal_of_somebody_else_is_none(lived_in: Store) -> None:
    async with lived_in.begin() as tx:
        row = await tx.principals._db.row(principals.select().where(principals.c.id == BEN))
    assert row is not None
    taken = {"roles": row.roles, "groups": row.groups, "sealed": row.sealed}
    await write(lived_in, update(principals).where(*OF_ANA).values(taken))

    async with lived_in.read() as tx:
        with pytest.raises(Altered):
            await by_token(tx)


async def test_who_was_shut_out_is_not_let_in_with_sql(lived_in: Store) -> None:
    async with lived_in.begin() as tx:
        await tx.principals.disable(NORTH, ANA, disabled=True)
    await write(lived_in, update(principals).where(*OF_ANA).values(disabled=False))

    async with lived_in.read() as tx:
        with pytest.raises(Altered):
            await by_token(tx)


@pytest.mark.parametrize(
    "values",
    [
        {"scopes": None},
        {"expires_at": AT + timedelta(days=999)},
        {"principal": BEN},
        {"tenant": SOUTH},
        {"sealed": None},
    ],
)
async def test_a_token_that_was_altered_stands_for_nobody(
    lived_in: Store, values: dict[str, Any]
) -> None:
    await write(lived_in, update(tokens).where(tokens.c.hash == "token ana").values(values))

    async with lived_in.read() as tx:
        with pytest.raises(Altered):
            await by_token(tx)
        assert [record.name for record, _ in await tx.tokens.list(NORTH)] == ["ben"]


async def test_a_token_under_another_hash_stands_for_nobody(lived_in: Store) -> None:
    await write(lived_in, delete(tokens).where(tokens.c.hash == "token ana"))
    moved = update(tokens).where(tokens.c.hash == "token ben").values(hash="token ana")
    await write(lived_in, moved)

    async with lived_in.read() as tx:
        with pytest.raises(Altered):
            await by_token(tx)


async def test_a_password_is_not_moved_to_another_name_or_tenant(lived_in: Store) -> None:
    await write(lived_in, update(users).where(users.c.name == ANA).values(tenant=SOUTH))

    async with lived_in.read() as tx:
        with pytest.raises(Altered):
            await tx.users.by_name("ana")
        assert await tx.users.by_name("ben") is not None


@pytest.mark.parametrize("values", [{"principal": BEN}, {"ends_at": AT + timedelta(days=9)}])
async def test_a_session_that_was_altered_is_none(lived_in: Store, values: dict[str, Any]) -> None:
    await write(lived_in, update(sessions).where(sessions.c.hash == "session ana").values(values))

    async with lived_in.read() as tx:
        with pytest.raises(Altered):
            await by_session(tx)


async def test_a_session_that_was_slipped_in_is_none(lived_in: Store) -> None:
    async with lived_in.begin() as tx:
        row = await tx.sessions._db.row(sessions.select().where(sessions.c.principal == BEN))
    assert row is not None
    slipped = {**row._mapping, "hash": "session of mine"}
    await write(lived_in, insert(sessions).values(slipped))

    async with lived_in.read() as tx:
        with pytest.raises(Altered):
            await tx.sessions.live("session of mine", now=AT, idle_since=AT - timedelta(hours=1))


async def test_what_is_changed_by_word_is_sealed_anew(
    lived_in: Store, clock: Callable[[], datetime]
) -> None:
    async with lived_in.begin() as tx:
        await tx.principals.put(person(ANA, Role.OPERATOR), "Ana")
        await tx.principals.disable(NORTH, ANA, disabled=True)
        await tx.principals.put(person(ANA, Role.APPROVER), "Ana")
        assert ANA in await tx.principals.disabled(NORTH)
        await tx.principals.disable(NORTH, ANA, disabled=False)
        await tx.tokens.retire(NORTH, "ana", "ana~1", AT + timedelta(hours=1))
        await tx.tokens.touch("token ana", clock())
        await tx.sessions.touch("session ana", AT + timedelta(minutes=1))

    async with lived_in.read() as tx:
        found = await tx.tokens.by_hash("token ana", now=AT)
        assert found is not None
        assert (found.roles, found.scopes) == ({Role.APPROVER}, {"read"})
        assert await tx.tokens.by_hash("token ana", now=AT + timedelta(hours=1)) is None
        assert await by_session(tx) is not None
