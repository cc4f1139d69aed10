"""Proposals: what the planner claimed would help. Their values may be secrets: encrypted."""

from typing import Any

from sqlalchemy import Index, Row, Table, bindparam, insert, select

from brain.domain.identity import CaseId, ProposalId, TenantId
from brain.domain.proposal import Proposal
from brain.store.codec import Codec
from brain.store.columns import metadata, moment, sealed, words
from brain.store.repository import Repository

proposals = Table(
    "proposals",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    words("case"),
    words("device"),
    moment("made_at"),
    sealed("sealed"),
    Index(None, "tenant", "case"),
    Index(None, "tenant", "made_at"),
)
_codec = Codec(Proposal, "proposal")
_add = insert(proposals)
_of_tenant = proposals.c.tenant == bindparam("tenant")
_get = select(proposals).where(_of_tenant, proposals.c.id == bindparam("id"))
_of_case = (
    select(proposals)
    .where(_of_tenant, proposals.c.case == bindparam("case"))
    .order_by(proposals.c.made_at, proposals.c.id)
)
_list = (
    select(proposals)
    .where(_of_tenant)
    .order_by(proposals.c.made_at.desc(), proposals.c.id.desc())
    .limit(bindparam("count"))
)


class Proposals(Repository):
    """Kept as they were made; never changed."""

    __slots__ = ()

    async def add(self, proposal: Proposal) -> None:
        """Keep a new proposal. Conflict when there is one of its id."""
        values = {
            "tenant": proposal.tenant,
            "id": proposal.id,
            "case": proposal.case,
            "device": proposal.device,
            "made_at": proposal.made_at,
            "sealed": self._seal(_codec, proposal, "proposals", proposal.tenant, proposal.id),
        }
        await self._db.run(_add, values)

    async def get(self, tenant: TenantId, proposal: ProposalId) -> Proposal | None:
        """The proposal, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": proposal})
        return None if row is None else self._opened(row)

    async def of_case(self, tenant: TenantId, case: CaseId) -> list[Proposal]:
        """Every proposal of one case, oldest first."""
        rows = await self._db.rows(_of_case, {"tenant": tenant, "case": case})
        return [self._opened(row) for row in rows]

    async def list(self, tenant: TenantId, limit: int = 100) -> list[Proposal]:
        """Newest first."""
        rows = await self._db.rows(_list, {"tenant": tenant, "count": limit})
        return [self._opened(row) for row in rows]

    def _opened(self, row: Row[Any]) -> Proposal:
        return self._open(_codec, row.sealed, "proposals", row.tenant, row.id)
