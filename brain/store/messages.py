"""Messages: what was said in a case. People write down what they should not: encrypted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, Table, bindparam, insert, select

from brain.domain.canonical import Json
from brain.domain.identity import CaseId, TenantId
from brain.domain.incident import Message
from brain.store.codec import Codec, json_text, json_value
from brain.store.columns import metadata, row_number, sealed, words
from brain.store.repository import Repository

messages = Table(
    "messages",
    metadata,
    row_number(),
    words("tenant"),
    words("case"),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "case"], ["cases.tenant", "cases.id"]),
    Index(None, "tenant", "case"),
)


@dataclass(frozen=True, slots=True)
class _Said:
    role: str
    text: str
    at: datetime
    payload: str


_codec = Codec(_Said, "message")
_add = insert(messages)
_of_case = (
    select(messages.c.sealed)
    .where(messages.c.tenant == bindparam("tenant"), messages.c.case == bindparam("case"))
    .order_by(messages.c.row)
)


class Messages(Repository):
    """Added in the order they were said."""

    __slots__ = ()

    async def add(
        self,
        tenant: TenantId,
        case: CaseId,
        role: str,
        text: str,
        at: datetime,
        payload: Json = None,
    ) -> None:
        """Keep what was said. Conflict when the tenant has no such case."""
        said = _Said(role, text, at, json_text(payload))
        document = self._seal(_codec, said, "messages", tenant, case)
        await self._db.run(_add, {"tenant": tenant, "case": case, "sealed": document})

    async def of_case(self, tenant: TenantId, case: CaseId) -> list[Message]:
        """The conversation, in order."""
        rows = await self._db.rows(_of_case, {"tenant": tenant, "case": case})
        said = (self._open(_codec, row.sealed, "messages", tenant, case) for row in rows)
        return [
            Message(
                case=case,
                role=each.role,
                text=each.text,
                at=each.at,
                payload=json_value(each.payload),
            )
            for each in said
        ]
