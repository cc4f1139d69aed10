"""Users: the names and passwords that people sign in with."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Table, bindparam, select

from brain.domain.entrance import User
from brain.domain.errors import Altered, Unreadable
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
_by_name = select(users).where(users.c.name == bindparam("name"))
_list = select(users.c.name).where(users.c.tenant == bindparam("tenant")).order_by(users.c.name)
_codec = Codec(str, "password hash")


class Users(Repository):
    """Kept by name, which is one in the whole installation: at the door nobody says their tenant.

    The hashes are sealed, too: who steals the database without its key has nothing to guess at.
    """

    __slots__ = ()

    async def put(self, user: User) -> None:
        """Add them, or replace the one of that name. Conflict unless their principal is kept."""
        await self._upsert(
            users,
            {
                "name": user.name,
                "tenant": user.tenant,
                "password_hash": self._seal(
                    _codec, user.password_hash, "users", user.tenant, user.name
                ),
                "must_change": user.must_change,
                "changed_at": user.changed_at,
            },
        )

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
