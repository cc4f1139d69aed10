"""Bindings: identities of the provider that are people known here, sealed against moving them."""

from typing import Any

from sqlalchemy import Index, Row, Table, bindparam, delete, insert, select

from brain.domain.entrance import Binding
from brain.domain.errors import Unreadable
from brain.domain.identity import PrincipalId, TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository

bindings = Table(
    "bindings",
    metadata,
    words("identity", key=True),
    words("tenant"),
    sealed("sealed"),
    Index(None, "tenant"),
)
_codec = Codec(Binding, "binding")
_add = insert(bindings)
_of = select(bindings).where(bindings.c.identity == bindparam("identity"))
_list = (
    select(bindings).where(bindings.c.tenant == bindparam("tenant")).order_by(bindings.c.identity)
)
_remove = delete(bindings).where(
    bindings.c.tenant == bindparam("tenant"), bindings.c.identity == bindparam("identity")
)


class Bindings(Repository):
    """Kept by identity, which is one in the whole installation. An altered row is Unreadable."""

    __slots__ = ()

    async def add(self, binding: Binding) -> None:
        """Keep it. Conflict when the identity is bound already, to whomever."""
        place = _place(binding.tenant, binding.identity)
        values = {
            "identity": binding.identity,
            "tenant": binding.tenant,
            "sealed": self._seal(_codec, binding, *place),
        }
        await self._db.run(_add, values)

    async def of_identity(self, identity: PrincipalId) -> Binding | None:
        """Whom it is bound to; None: to nobody."""
        row = await self._db.row(_of, {"identity": identity})
        return None if row is None else self._read(row)

    async def list(self, tenant: TenantId) -> list[Binding]:
        """All of a tenant."""
        return [self._read(row) for row in await self._db.rows(_list, {"tenant": tenant})]

    async def remove(self, tenant: TenantId, identity: PrincipalId) -> bool:
        """Forget it; whether the tenant had it."""
        return await self._db.run(_remove, {"tenant": tenant, "identity": identity}) > 0

    def _read(self, row: Row[Any]) -> Binding:
        binding = self._open(_codec, row.sealed, *_place(row.tenant, row.identity))
        if (binding.tenant, binding.identity) != (row.tenant, row.identity):
            raise Unreadable(f"binding {row.identity} does not agree with its columns")
        return binding


def _place(tenant: str, identity: str) -> tuple[str, ...]:
    return "bindings", tenant, identity
