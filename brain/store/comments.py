"""Comments on changes. They may hold a subscriber's data: encrypted, as messages are."""

from sqlalchemy import ForeignKeyConstraint, Index, Table, bindparam, insert, select

from brain.domain.comment import Comment
from brain.domain.identity import ChangeId, TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, row_number, sealed, words
from brain.store.repository import Repository

comments = Table(
    "comments",
    metadata,
    row_number(),
    words("tenant"),
    words("change"),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    Index(None, "tenant", "change"),
)
_codec = Codec(Comment, "comment")
_add = insert(comments)
_of_change = (
    select(comments.c.sealed)
    .where(comments.c.tenant == bindparam("tenant"), comments.c.change == bindparam("change"))
    .order_by(comments.c.row)
)


class Comments(Repository):
    """Added in the order they were made; never changed."""

    __slots__ = ()

    async def add(self, tenant: TenantId, comment: Comment) -> None:
        """Keep a comment. Conflict when the tenant has no such change."""
        document = self._seal(_codec, comment, "comments", tenant, comment.change)
        values = {"tenant": tenant, "change": comment.change, "sealed": document}
        await self._db.run(_add, values)

    async def of_change(self, tenant: TenantId, change: ChangeId) -> list[Comment]:
        """The comments on one change, in order."""
        rows = await self._db.rows(_of_change, {"tenant": tenant, "change": change})
        return [self._open(_codec, row.sealed, "comments", tenant, change) for row in rows]
