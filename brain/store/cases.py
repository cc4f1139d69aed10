"""Cases: one conversation or incident about one device."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Row, Table, bindparam, insert, select, update

from brain.domain.errors import NotFound
from brain.domain.identity import CaseId, DeviceId, TenantId
from brain.domain.incident import Case, Symptom
from brain.store.columns import metadata, moment, one_of, words
from brain.store.repository import Repository, columns_of

cases = Table(
    "cases",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    words("device"),
    words("opened_by"),
    moment("opened_at"),
    one_of("symptom", Symptom),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index(None, "tenant", "opened_at"),
)
_add = insert(cases)
_of_tenant = cases.c.tenant == bindparam("tenant")
_get = select(cases).where(_of_tenant, cases.c.id == bindparam("id"))
_list = (
    select(cases)
    .where(_of_tenant)
    .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
    .limit(bindparam("count"))
)
_set_device = (
    update(cases)
    .where(cases.c.tenant == bindparam("of"), cases.c.id == bindparam("case"))
    .values(device=bindparam("about"))
)


class Cases(Repository):
    """Opened once; which device it is may become clearer."""

    __slots__ = ()

    async def add(self, case: Case) -> None:
        """Keep a new case. Conflict when there is one of its id, or no such device."""
        await self._db.run(_add, columns_of(case))

    async def get(self, tenant: TenantId, case: CaseId) -> Case | None:
        """The case, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": case})
        return None if row is None else _case(row)

    async def set_device(self, tenant: TenantId, case: CaseId, device: DeviceId) -> None:
        """Write down which device it is about. NotFound for an unknown case.

        Conflict when the tenant has no such device.
        """
        values = {"of": tenant, "case": case, "about": device}
        if not await self._db.run(_set_device, values):
            raise NotFound(f"there is no case {case}", field="case")

    async def list(self, tenant: TenantId, limit: int = 100) -> list[Case]:
        """Newest first."""
        rows = await self._db.rows(_list, {"tenant": tenant, "count": limit})
        return [_case(row) for row in rows]


def _case(row: Row[Any]) -> Case:
    return Case(**row._mapping)
