"""Principals: who may call, and what they are trusted with, sealed, so that SQL gives no role."""

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import (
    Boolean,
    Column,
    LargeBinary,
    Row,
    Select,
    Table,
    Text,
    bindparam,
    false,
    select,
)

from brain.domain.entrance import Account
from brain.domain.errors import Altered, Unreadable
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.store.codec import Codec
from brain.store.columns import WordSet, metadata, one_of, words
from brain.store.connection import Connection
from brain.store.repository import Repository, columns_of, context

principals = Table(
    "principals",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    one_of("kind", PrincipalKind),
    Column("roles", WordSet(Role), nullable=False),
    Column("groups", WordSet, nullable=False),
    words("name"),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("sealed", LargeBinary),
    Column("owner", Text),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What is sealed of a principal, in its place. Nothing of it is believed from the columns."""

    kind: PrincipalKind
    roles: frozenset[Role]
    groups: frozenset[str]
    disabled: bool
    owner: PrincipalId | None = None
    names: frozenset[str] = frozenset()
    """Kept nowhere else: they may be addresses."""


_codec = Codec(Trust, "trust")
_log = structlog.get_logger(__name__)
_KEPT = ("tenant", "id", "kind", "roles", "groups", "disabled", "owner", "sealed")
COLUMNS = tuple(principals.c[name].label(f"principal_{name}") for name in _KEPT)
_of_tenant = principals.c.tenant == bindparam("tenant")
_get = select(*COLUMNS).where(_of_tenant, principals.c.id == bindparam("id"))
_hold = (
    select(*COLUMNS, principals.c.name)
    .where(_of_tenant, principals.c.id == bindparam("id"))
    .with_for_update()
)
_everywhere = select(*COLUMNS).where(principals.c.id == bindparam("id"))
_name = select(principals.c.name).where(_of_tenant, principals.c.id == bindparam("id"))
_accounts = select(*COLUMNS, principals.c.name).where(_of_tenant).order_by(principals.c.id)
_people = (
    select(*COLUMNS, principals.c.name)
    .where(
        _of_tenant,
        principals.c.kind == PrincipalKind.PERSON,
        principals.c.disabled.is_(False),
    )
    .order_by(principals.c.id)
)


class Principals(Repository):
    """Kept by id."""

    __slots__ = ()

    async def put(
        self, principal: Principal, name: str, *, names: frozenset[str] | None = None
    ) -> None:
        """Add them, or replace the one of the same id. ``name`` is how people know them.

        ``names`` are what an identity of the provider calls itself; None: those that are kept.
        Whoever is disabled stays so.
        """
        row = await self._db.row(_hold, {"tenant": principal.tenant, "id": principal.id})
        before = trust_of(self._db, row) if row is not None else None
        disabled = before is not None and before.disabled
        kept = before.names if before is not None else frozenset[str]()
        names = kept if names is None else names
        await self._write(principal, name, disabled=disabled, names=names)

    async def _write(
        self, principal: Principal, name: str, *, disabled: bool, names: frozenset[str]
    ) -> None:
        trust = Trust(
            kind=principal.kind,
            roles=principal.roles,
            groups=principal.groups,
            disabled=disabled,
            owner=principal.owner,
            names=names,
        )
        place = _place(principal.tenant, principal.id)
        values = {
            "tenant": principal.tenant,
            "id": principal.id,
            "name": name,
            **_columns_of(trust),
            "sealed": self._seal(_codec, trust, *place),
        }
        await self._upsert(principals, values)

    async def get(self, tenant: TenantId, principal: PrincipalId) -> Principal | None:
        """The principal, or None when the tenant has none of that id. Raises Altered."""
        row = await self._db.row(_get, {"tenant": tenant, "id": principal})
        return None if row is None else principal_of(self._db, row)

    async def held(self, tenant: TenantId, principal: PrincipalId) -> Account | None:
        """As ``get``, with the row locked until the transaction ends, for who writes it back: what
        another transaction writes meanwhile is not lost. Raises Altered.
        """
        row = await self._db.row(_hold, {"tenant": tenant, "id": principal})
        if row is None:
            return None
        return _account(row, trust_of(self._db, row))

    async def name(self, tenant: TenantId, principal: PrincipalId) -> str | None:
        """How people know them; None when the tenant has none of that id."""
        row = await self._db.row(_name, {"tenant": tenant, "id": principal})
        return None if row is None else str(row.name)

    async def people(self, tenant: TenantId) -> list[Principal]:
        """Every person of the tenant whom nobody shut out, by id; machines are not among them.

        One whose row was altered is not among them either; the log says so.
        """
        return [each.principal for each in await self._accounts(_people, tenant)]

    async def accounts(self, tenant: TenantId) -> list[Account]:
        """Everybody and everything that may call, or was shut out, by id; none that was altered."""
        return await self._accounts(_accounts, tenant)

    async def _accounts(self, statement: Select[Any], tenant: TenantId) -> list[Account]:
        found = []
        for row in await self._db.rows(statement, {"tenant": tenant}):
            try:
                trust = trust_of(self._db, row)
            except Altered as altered:
                _log.error("principal_altered", principal=altered.principal)
                continue
            found.append(_account(row, trust))
        return found

    async def disable(self, tenant: TenantId, principal: PrincipalId, *, disabled: bool) -> bool:
        """Make every token and session of theirs stand for nobody, or take that back.

        Whether the tenant has such a principal.
        """
        row = await self._db.row(_hold, {"tenant": tenant, "id": principal})
        if row is None:
            return False
        names = trust_of(self._db, row).names
        await self._write(principal_of(self._db, row), row.name, disabled=disabled, names=names)
        return True

    async def disabled(self, tenant: TenantId) -> frozenset[PrincipalId]:
        """Everybody whom ``disable`` shut out."""
        accounts = await self._accounts(_accounts, tenant)
        return frozenset(each.principal.id for each in accounts if each.disabled)

    async def shut_out(self, principal: PrincipalId) -> bool:
        """Whether any tenant at all disabled the one of this id. Raises Altered.

        For whoever has one id in all of them: an identity of the provider.
        """
        rows = await self._db.rows(_everywhere, {"id": principal})
        return any([trust_of(self._db, row).disabled for row in rows])


def principal_of(db: Connection, row: Row[Any], scopes: frozenset[str] | None = None) -> Principal:
    """The principal in a row that has ``COLUMNS`` among its columns. Raises Altered."""
    return _principal(row, trust_of(db, row), scopes)


def trust_of(db: Connection, row: Row[Any]) -> Trust:
    """What was sealed, if the columns say the same. Raises Altered."""
    said = {name: row._mapping[f"principal_{name}"] for name in _KEPT}
    tenant, who, document = said.pop("tenant"), said.pop("id"), said.pop("sealed")
    try:
        trust = _codec.decode(db.cipher.decrypt(document or b"", context(*_place(tenant, who))))
    except Unreadable:
        trust = None
    if trust is None or _columns_of(trust) != said:
        raise Altered("trust", tenant=tenant, principal=who)
    return trust


def _account(row: Row[Any], trust: Trust) -> Account:
    who = _principal(row, trust)
    return Account(principal=who, name=row.name, disabled=trust.disabled, names=trust.names)


def _columns_of(trust: Trust) -> dict[str, Any]:
    return {name: value for name, value in columns_of(trust).items() if name != "names"}


def _principal(row: Row[Any], trust: Trust, scopes: frozenset[str] | None = None) -> Principal:
    return Principal(
        id=PrincipalId(row.principal_id),
        tenant=TenantId(row.principal_tenant),
        kind=trust.kind,
        roles=trust.roles,
        groups=trust.groups,
        owner=trust.owner,
        scopes=scopes,
    )


def _place(tenant: str, principal: str) -> tuple[str, ...]:
    return "principals", tenant, principal
