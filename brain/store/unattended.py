"""What bounds unattended work: how many changes each failure domain had, and the switch."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Boolean, Column, Index, Table, bindparam, delete, func, insert, select

from brain.domain.identity import PrincipalId, TenantId
from brain.domain.remediation import IncidentId, Switch
from brain.store.among import among
from brain.store.columns import Moment, metadata, moment, words
from brain.store.repository import Repository

spendings = Table(
    "unattended_spendings",
    metadata,
    words("tenant", key=True),
    words("incident", key=True),
    words("domain", key=True),
    moment("at"),
    Column("written_at", Moment),  # null until a change of it was written
    Index(None, "tenant", "domain", "at"),
)
switches = Table(
    "remediation_switches",
    metadata,
    words("tenant", key=True),
    Column("stopped", Boolean, nullable=False),
    words("by"),
    moment("at"),
)
_JUDGING, _SPENDING = 0x7265_6D64, 0x7265_6D65  # of all that may lock by this tenant's name
_queue = select(
    func.pg_advisory_xact_lock(func.hashtextextended(bindparam("tenant"), bindparam("purpose")))
)
_spent = (
    select(spendings.c.domain, func.count().label("taken"), func.min(spendings.c.at).label("first"))
    .where(
        spendings.c.tenant == bindparam("tenant"),
        among(spendings.c.domain, "domains"),
        spendings.c.at > bindparam("since"),
        spendings.c.incident != bindparam("but"),
    )
    .group_by(spendings.c.domain)
)
_written = (
    select(
        spendings.c.domain,
        func.count().label("taken"),
        func.min(spendings.c.written_at).label("first"),
    )
    .where(
        spendings.c.tenant == bindparam("tenant"),
        among(spendings.c.domain, "domains"),
        spendings.c.at > bindparam("since"),
        spendings.c.written_at > bindparam("since"),
        spendings.c.incident != bindparam("but"),
    )
    .group_by(spendings.c.domain)
)
_spend = insert(spendings)
_give_back = delete(spendings).where(
    spendings.c.tenant == bindparam("tenant"), spendings.c.incident == bindparam("incident")
)
_prune = delete(spendings).where(spendings.c.at < bindparam("before", type_=Moment))
_switch = select(switches).where(switches.c.tenant == bindparam("tenant"))


class Unattended(Repository):
    """Spendings are counted within an hour; the switch stands until somebody turns it back."""

    __slots__ = ()

    async def queue_to_judge(self, tenant: TenantId) -> None:
        """Wait until nobody else judges in this tenant, and hold them up until the end.

        On SQLite writers take turns anyhow.
        """
        await self._queue(tenant, _JUDGING)

    async def queue_to_spend(self, tenant: TenantId) -> None:
        """The same for who counts what was spent, and spends."""
        await self._queue(tenant, _SPENDING)

    async def _queue(self, tenant: TenantId, purpose: int) -> None:
        if self._db.dialect == "postgresql":
            await self._db.row(_queue, {"tenant": tenant, "purpose": purpose})

    async def spent(
        self,
        tenant: TenantId,
        domains: Collection[str],
        *,
        since: datetime,
        but: IncidentId,
        written: bool = False,
    ) -> dict[str, tuple[int, datetime]]:
        """How many in each domain since then, and when the first of them; ``but`` is left out.

        Begun and written ones alike, or only those that were written.
        """
        values = {"tenant": tenant, "domains": sorted(domains), "since": since, "but": but}
        rows = await self._db.rows(_written if written else _spent, values)
        return {row.domain: (int(row.taken), row.first) for row in rows}

    async def spend(
        self,
        tenant: TenantId,
        incident: IncidentId,
        domains: Collection[str],
        at: datetime,
        *,
        written: bool = False,
    ) -> None:
        """Count one in each domain; what this incident had spent before is spent anew."""
        await self.give_back(tenant, incident)
        row = {"tenant": tenant, "incident": incident, "at": at}
        row["written_at"] = at if written else None
        rows = [row | {"domain": each} for each in sorted(domains)]
        await self._db.run(_spend, rows)

    async def give_back(self, tenant: TenantId, incident: IncidentId) -> None:
        """It came to nothing, so it does not count."""
        await self._db.run(_give_back, {"tenant": tenant, "incident": incident})

    async def prune(self, before: datetime) -> int:
        """Forget what was spent before then."""
        return await self._db.run(_prune, {"before": before})

    async def switch(self, tenant: TenantId) -> Switch | None:
        """How the switch stands; None when nobody ever touched it, which is on."""
        row = await self._db.row(_switch, {"tenant": tenant})
        return None if row is None else Switch(**row._mapping)

    async def turn(self, tenant: TenantId, *, stopped: bool, by: PrincipalId, at: datetime) -> None:
        """Stop remediation in a tenant, or have it go on."""
        row = {"tenant": tenant, "stopped": stopped, "by": by, "at": at}
        await self._upsert(switches, row)
