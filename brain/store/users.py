"""Users: the names and passwords that people sign in with."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from brain.domain.entrance import User
from brain.domain.errors import Altered, Conflict, Unreadable
from brain.domain.identity import PrincipalId, TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, moment, sealed, words
from brain.store.principals import principals
from brain.store.repository import Repository

users = Table(
    "users",
    metadata,
    words("name", key=True),
    words("tenant"),
    sealed("password_hash"),
    Column("must_change", Boolean, nullable=False),
    moment("changed_at"),
    ForeignKeyConstraint(["tenant", "name"], [principals.c.tenant, principals.c.id]),
)
_add = insert(users)
_put = update(users).where(users.c.name == bindparam("named"), users.c.tenant == bindparam("of"))
_by_name = select(users).where(users.c.name == bindparam("name"))
_list = select(users.c.name).where(users.c.tenant == bindparam("tenant")).order_by(users.c.name)
_codec = Codec(str, "password hash")


class Users(Repository):
    """Kept by name, which is one in the whole installation: at the door nobody says their tenant.

    The hashes are sealed, too: who steals the database without its key has nothing to guess at.
    """

    __slots__ = ()

    async def add(self, user: User) -> None:
        """Keep a new one. Conflict when the name is anybody's, and unless a principal is kept.

        That nobody had the name a moment ago says nothing: another tenant may take it just now.
        """
        await self._db.run(_add, {"name": user.name, "tenant": user.tenant, **self._columns(user)})

    async def put(self, user: User) -> None:
        """Replace the one of that name and tenant. Conflict when there is none."""
        values = {"named": user.name, "of": user.tenant, **self._columns(user)}
        if await self._db.run(_put, values) != 1:
            raise Conflict("there is no such user in this tenant")

    def _columns(self, user: User) -> dict[str, Any]:
        place = ("users", user.tenant, user.name)
        return {
            "password_hash": self._seal(_codec, user.password_hash, *place),
            "must_change": user.must_change,
            "changed_at": user.changed_at,
        }

    async def by_name(self, name: str) -> User | None:
        """Whoever signs in with that name, of whatever tenant. Raises Altered."""
        row = await self._db.row(_by_name, {"name": name})
        if row is None:
            return None
        found = dict(row._mapping)
        try:
            found["password_hash"] = self._open(
                _codec, row.password_hash, "users", row.tenant, row.name
            )
        except Unreadable:
            raise Altered("password", tenant=row.tenant, principal=row.name) from None
        return User(**found)

    async def names(self, tenant: TenantId) -> list[PrincipalId]:
        """Everybody of the tenant who has a password here."""
        return [PrincipalId(row.name) for row in await self._db.rows(_list, {"tenant": tenant})]
