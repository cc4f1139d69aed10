"""Calls to language models, a case at a time. What was shown may be in them: encrypted."""

from sqlalchemy import ForeignKeyConstraint, Index, Table, bindparam, insert, select

from brain.domain.identity import CaseId, TenantId
from brain.domain.model_call import ModelCall
from brain.store.codec import Codec
from brain.store.columns import metadata, row_number, sealed, words
from brain.store.repository import Repository

model_calls = Table(
    "model_calls",
    metadata,
    row_number(),
    words("tenant"),
    words("case"),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "case"], ["cases.tenant", "cases.id"]),
    Index(None, "tenant", "case"),
)
_codec = Codec(ModelCall, "model call")
_add = insert(model_calls)
_of_case = (
    select(model_calls.c.sealed)
    .where(model_calls.c.tenant == bindparam("tenant"), model_calls.c.case == bindparam("case"))
    .order_by(model_calls.c.row)
)


class ModelCalls(Repository):
    """Added in the order they were made; never changed."""

    __slots__ = ()

    async def add(self, call: ModelCall) -> None:
        """Keep a call. Conflict when the tenant has no such case."""
        document = self._seal(_codec, call, "model_calls", call.tenant, call.case)
        values = {"tenant": call.tenant, "case": call.case, "sealed": document}
        await self._db.run(_add, values)

    async def of_case(self, tenant: TenantId, case: CaseId) -> list[ModelCall]:
        """The calls of one case, in order."""
        rows = await self._db.rows(_of_case, {"tenant": tenant, "case": case})
        return [self._open(_codec, row.sealed, "model_calls", tenant, case) for row in rows]
