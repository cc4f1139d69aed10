"""Changes of the rules, with the rules themselves: sealed, so that none becomes active with SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Index, Integer, Row, Table, bindparam, insert, select, update

from brain.domain.errors import Conflict, NotFound, Unreadable
from brain.domain.identity import TenantId
from brain.domain.policy_change import PolicyChange, RulesState
from brain.store.codec import Codec
from brain.store.columns import metadata, moment, one_of, sealed, words
from brain.store.repository import Repository, context

policy_changes = Table(
    "policy_changes",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    one_of("state", RulesState),
    moment("proposed_at"),
    Column("version", Integer, nullable=False),
    sealed("sealed"),
    sealed("content"),
    Index(None, "tenant", "state"),
)
_codec = Codec(PolicyChange, "policy change")
_of_tenant = policy_changes.c.tenant == bindparam("tenant")
_light = select(*(each for each in policy_changes.c if each.name != "content"))
_order = (policy_changes.c.proposed_at.desc(), policy_changes.c.id.desc())
_get = _light.where(_of_tenant, policy_changes.c.id == bindparam("id"))
_list = _light.where(_of_tenant).order_by(*_order).limit(bindparam("count"))
_active = _light.where(_of_tenant, policy_changes.c.state == RulesState.ACTIVE)
_any = select(policy_changes.c.id).where(_of_tenant).limit(1)
_content = select(policy_changes.c.content).where(
    _of_tenant, policy_changes.c.id == bindparam("id")
)
_add = insert(policy_changes)
_swap = (
    update(policy_changes)
    .where(
        policy_changes.c.tenant == bindparam("of"),
        policy_changes.c.id == bindparam("named"),
        policy_changes.c.version == bindparam("seen"),
    )
    .values(state=bindparam("now"), version=bindparam("next"), sealed=bindparam("document"))
)


class PolicyChanges(Repository):
    """One row a proposal; its answers are in it."""

    __slots__ = ()

    async def add(self, change: PolicyChange, content: bytes) -> None:
        """Keep a new one, with its packed bundle."""
        values = {
            "tenant": change.tenant,
            "id": change.id,
            "state": change.state,
            "proposed_at": change.proposed_at,
            "version": 1,
            "sealed": self._document(change, 1),
            "content": self._db.cipher.encrypt(content, _place(change, "content")),
        }
        await self._db.run(_add, values)

    async def get(self, tenant: TenantId, id: str) -> PolicyChange | None:
        """One, or None."""
        row = await self._db.row(_get, {"tenant": tenant, "id": id})
        return None if row is None else self._read(row)

    async def active(self, tenant: TenantId) -> PolicyChange | None:
        """The active one; None before the first start. Unreadable when there are several."""
        rows = await self._db.rows(_active, {"tenant": tenant})
        if len(rows) > 1:
            raise Unreadable("several changes of the rules are active at once")
        return self._read(rows[0]) if rows else None

    async def any(self, tenant: TenantId) -> bool:
        """Whether there ever was one, readable or not."""
        return await self._db.row(_any, {"tenant": tenant}) is not None

    async def content(self, change: PolicyChange) -> bytes:
        """The packed bundle of one."""
        row = await self._db.row(_content, {"tenant": change.tenant, "id": change.id})
        if row is None:
            raise NotFound(f"there is no policy change {change.id}")
        return self._db.cipher.decrypt(row.content, _place(change, "content"))

    async def swap(self, before: PolicyChange, after: PolicyChange) -> None:
        """Replace exactly what was read. Raises Conflict when it is another by now."""
        row = await self._db.row(_get, {"tenant": before.tenant, "id": before.id})
        if row is None or self._read(row) != before:
            raise Conflict("this change of the rules is no longer as it was", remedy="Look again.")
        values = {
            "of": before.tenant,
            "named": before.id,
            "seen": row.version,
            "now": after.state,
            "next": row.version + 1,
            "document": self._document(after, row.version + 1),
        }
        if not await self._db.run(_swap, values):
            raise Conflict("this change of the rules is no longer as it was", remedy="Look again.")

    async def list(self, tenant: TenantId, limit: int = 100) -> Sequence[PolicyChange]:
        """Newest first."""
        rows = await self._db.rows(_list, {"tenant": tenant, "count": limit})
        return [self._read(row) for row in rows]

    def _document(self, change: PolicyChange, version: int) -> bytes:
        return self._seal(_codec, change, "policy_changes", change.tenant, change.id, str(version))

    def _read(self, row: Row[Any]) -> PolicyChange:
        place = ("policy_changes", row.tenant, row.id, str(row.version))
        change = self._open(_codec, row.sealed, *place)
        if change.state is not row.state:
            raise Unreadable(f"policy change {row.id} does not agree with its columns")
        return change


def _place(change: PolicyChange, what: str) -> bytes:
    return context("policy_changes", change.tenant, change.id, what)
