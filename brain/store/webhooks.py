"""Webhooks: addresses that are told of events. Address and secrets are encrypted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Row, Table, bindparam, delete, insert, select, update

from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.domain.webhook import EventType, Webhook, WebhookId
from brain.store.codec import Codec
from brain.store.columns import WordSet, metadata, sealed, words
from brain.store.repository import Repository

webhooks = Table(
    "webhooks",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    Column("events", WordSet(EventType), nullable=False),
    Column("enabled", Boolean, nullable=False),
    sealed("sealed"),
)
_codec = Codec(Webhook, "webhook")
_of_tenant = webhooks.c.tenant == bindparam("tenant")
_this_one = (webhooks.c.tenant == bindparam("of"), webhooks.c.id == bindparam("named"))
_add = insert(webhooks)
_get = select(webhooks).where(_of_tenant, webhooks.c.id == bindparam("id"))
_hold = _get.with_for_update(key_share=True)  # events go on being queued for it
_list = select(webhooks).where(_of_tenant).order_by(webhooks.c.id)
_listening = (
    select(webhooks.c.id, webhooks.c.events)
    .where(_of_tenant, webhooks.c.enabled)
    .order_by(webhooks.c.id)
)
_put = (
    update(webhooks)
    .where(*_this_one)
    .values({name: bindparam(name) for name in ("events", "enabled", "sealed")})
)
_remove = delete(webhooks).where(*_this_one)


class Webhooks(Repository):
    """Kept by id within a tenant."""

    __slots__ = ()

    async def add(self, webhook: Webhook) -> None:
        """Keep a new one. Conflict when there is one of its id."""
        values = {"tenant": webhook.tenant, "id": webhook.id, **self._columns(webhook)}
        await self._db.run(_add, values)

    async def put(self, webhook: Webhook) -> bool:
        """Replace it; False when it is gone."""
        values = {"of": webhook.tenant, "named": webhook.id, **self._columns(webhook)}
        return await self._db.run(_put, values) == 1

    async def get(self, tenant: TenantId, webhook: WebhookId) -> Webhook | None:
        """One of them, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": webhook})
        return None if row is None else self._webhook(row)

    async def held(self, tenant: TenantId, webhook: WebhookId) -> Webhook | None:
        """As ``get``, with the row locked until the transaction ends, for who puts it back: what
        another transaction writes meanwhile is not lost.
        """
        row = await self._db.row(_hold, {"tenant": tenant, "id": webhook})
        return None if row is None else self._webhook(row)

    async def list(self, tenant: TenantId) -> Sequence[Webhook]:
        """All of a tenant, the oldest first."""
        return [self._webhook(row) for row in await self._db.rows(_list, {"tenant": tenant})]

    async def listening(self, tenant: TenantId, event: EventType) -> Sequence[WebhookId]:
        """Which want to be told of such an event."""
        rows = await self._db.rows(_listening, {"tenant": tenant})
        return [WebhookId(row.id) for row in rows if event in row.events]

    async def remove(self, tenant: TenantId, webhook: WebhookId) -> bool:
        """Forget it. Its deliveries have to be gone before."""
        return await self._db.run(_remove, {"of": tenant, "named": webhook}) == 1

    def _columns(self, webhook: Webhook) -> dict[str, Any]:
        document = self._seal(_codec, webhook, "webhooks", webhook.tenant, webhook.id)
        return {"events": webhook.events, "enabled": webhook.enabled, "sealed": document}

    def _webhook(self, row: Row[Any]) -> Webhook:
        webhook = self._open(_codec, row.sealed, "webhooks", row.tenant, row.id)
        kept = (webhook.id, webhook.events, webhook.enabled)
        if kept != (row.id, row.events, row.enabled):
            raise Unreadable(f"webhook {row.id} does not agree with its columns")
        return webhook
