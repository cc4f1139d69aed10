"""Deliveries: events on their way to webhooks, written in the transaction of the fact."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from brain.domain.identity import TenantId
from brain.domain.webhook import Delivery, EventId, EventType, WebhookId
from brain.store.columns import Moment, metadata, moment, one_of, words
from brain.store.repository import Repository, columns_of

deliveries = Table(
    "deliveries",
    metadata,
    words("tenant", key=True),
    words("webhook", key=True),
    words("event", key=True),
    one_of("type", EventType),
    words("data"),
    moment("at"),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("delivered_at", Moment),
    words("detail"),
    ForeignKeyConstraint(["tenant", "webhook"], ["webhooks.tenant", "webhooks.id"]),
    Index(None, "next_at"),
)
_columns = [deliveries.c[field.name] for field in fields(Delivery)]
_of_webhook = (
    deliveries.c.tenant == bindparam("tenant"),
    deliveries.c.webhook == bindparam("webhook"),
)
_this_one = (
    deliveries.c.tenant == bindparam("of"),
    deliveries.c.webhook == bindparam("to"),
    deliveries.c.event == bindparam("named"),
)
_add = insert(deliveries)
_due = (
    select(*_columns)
    .where(deliveries.c.next_at <= bindparam("now"))
    .order_by(deliveries.c.next_at, deliveries.c.event)
    .limit(bindparam("count"))
)
_newest = (
    select(*_columns)
    .where(*_of_webhook)
    .order_by(deliveries.c.at.desc(), deliveries.c.event.desc())
    .limit(bindparam("count"))
)
_claim = (
    update(deliveries)
    .where(
        *_this_one, deliveries.c.attempts == bindparam("seen"), deliveries.c.next_at.is_not(None)
    )
    .values(attempts=bindparam("attempts"), next_at=bindparam("next_at"))
)
_settle = (
    update(deliveries)
    .where(*_this_one)
    .values(
        next_at=bindparam("next_at"),
        delivered_at=bindparam("delivered_at"),
        detail=bindparam("detail"),
    )
)
_get = select(*_columns).where(*_this_one)
_delivered = (
    select(deliveries.c.event)
    .where(*_of_webhook, deliveries.c.delivered_at >= bindparam("since"))
    .limit(1)
)
_again = (
    update(deliveries)
    .where(*_this_one)
    .values(attempts=0, next_at=bindparam("then"), delivered_at=None, detail="to be sent again")
)
_prune = delete(deliveries).where(
    deliveries.c.next_at.is_(None),
    func.coalesce(deliveries.c.delivered_at, deliveries.c.at) < bindparam("before"),
)
_forget = delete(deliveries).where(*_of_webhook)


class Deliveries(Repository):
    """Added with the fact, tried until they arrive or nobody tries any more."""

    __slots__ = ()

    async def add(self, delivery: Delivery) -> None:
        """Put it in the queue. Conflict when this event is on its way to this webhook already."""
        await self._db.run(_add, columns_of(delivery))

    async def due(self, now: datetime, *, limit: int = 50) -> Sequence[Delivery]:
        """What is to be sent now, of all tenants, the longest waiting first."""
        rows = await self._db.rows(_due, {"now": now, "count": limit})
        return [Delivery(**row._mapping) for row in rows]

    async def claim(self, delivery: Delivery, *, next_at: datetime) -> bool:
        """Take one attempt, for one of all who try at once; nobody else tries before ``next_at``.

        Whoever dies on the way leaves it to be tried again then.
        """
        values = {
            **_key(delivery),
            "seen": delivery.attempts,
            "attempts": delivery.attempts + 1,
            "next_at": next_at,
        }
        return await self._db.run(_claim, values) == 1

    async def settle(self, delivery: Delivery) -> None:
        """Keep what came of an attempt: when to try again, or when it arrived."""
        values = {
            **_key(delivery),
            "next_at": delivery.next_at,
            "delivered_at": delivery.delivered_at,
            "detail": delivery.detail,
        }
        await self._db.run(_settle, values)

    async def of_webhook(
        self, tenant: TenantId, webhook: WebhookId, *, limit: int = 100
    ) -> Sequence[Delivery]:
        """What was sent to one webhook, newest first, with what came of it."""
        values = {"tenant": tenant, "webhook": webhook, "count": limit}
        return [Delivery(**row._mapping) for row in await self._db.rows(_newest, values)]

    async def get(self, tenant: TenantId, webhook: WebhookId, event: EventId) -> Delivery | None:
        """One event on its way to one webhook, or None."""
        row = await self._db.row(_get, {"of": tenant, "to": webhook, "named": event})
        return None if row is None else Delivery(**row._mapping)

    async def delivered_since(self, tenant: TenantId, webhook: WebhookId, since: datetime) -> bool:
        """Whether anything has arrived at one webhook since then."""
        values = {"tenant": tenant, "webhook": webhook, "since": since}
        return await self._db.row(_delivered, values) is not None

    async def again(self, delivery: Delivery) -> None:
        """Have it sent anew at its ``next_at``, whatever came of it before."""
        await self._db.run(_again, {**_key(delivery), "then": delivery.next_at})

    async def prune(self, before: datetime) -> int:
        """Drop what was delivered before then, or given up for a fact of before then."""
        return await self._db.run(_prune, {"before": before})

    async def forget(self, tenant: TenantId, webhook: WebhookId) -> None:
        """Drop all that was sent to one webhook, or still would be."""
        await self._db.run(_forget, {"tenant": tenant, "webhook": webhook})


def _key(delivery: Delivery) -> dict[str, str]:
    return {"of": delivery.tenant, "to": delivery.webhook, "named": delivery.event}
