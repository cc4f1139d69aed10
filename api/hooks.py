"""Sets webhooks up, changes their secrets and takes them away; each leaves an audit record."""

from dataclasses import replace
from datetime import timedelta
from secrets import token_bytes
from urllib.parse import urlsplit

from api.found import there
from api.needs import Gatewright
from brain.domain.canonical import Json
from brain.domain.errors import Conflict, InvalidInput, NotFound
from brain.domain.identity import Principal, TenantId
from brain.domain.webhook import Delivery, EventId, EventType, Webhook, WebhookId, new_secret
from brain.ledger.announcing import announce_to
from brain.store.transaction import Transaction

OVERLAP = timedelta(hours=24)
"""For how long a secret that was replaced still signs beside the new one."""
_MOST = 20


async def add_webhook(
    gatewright: Gatewright, who: Principal, url: str, events: frozenset[EventType]
) -> Webhook:
    """Set one up. Raises InvalidInput for an address that may not be called."""
    gatewright.addresses.check(url)
    webhook = Webhook(
        id=WebhookId(gatewright.new_id("hook")),
        tenant=who.tenant,
        url=url,
        secret=new_secret(token_bytes(32)),
        events=events,
        created_at=gatewright.clock(),
    )
    async with gatewright.store.begin() as tx:
        if len(await tx.webhooks.list(who.tenant)) >= _MOST:
            raise InvalidInput(
                f"there are {_MOST} webhooks already", field="url", remedy="Remove one first."
            )
        await tx.webhooks.add(webhook)
        wanted: dict[str, Json] = {"events": [*sorted(str(each) for each in events)]}
        await _note(gatewright, tx, who, webhook, "added", wanted)
    return webhook


async def remove_webhook(gatewright: Gatewright, who: Principal, webhook: str) -> Webhook:
    """Take it away, with all that is on its way to it."""
    async with gatewright.store.begin() as tx:
        found = await _held(tx, who.tenant, webhook)
        # From here on nobody else writes into the trail, and so nobody queues anything for it.
        await _note(gatewright, tx, who, found, "removed", {})
        await tx.deliveries.forget(who.tenant, found.id)
        await tx.webhooks.remove(who.tenant, found.id)
    return found


async def rotate_secret(gatewright: Gatewright, who: Principal, webhook: str) -> Webhook:
    """Give it a new secret; for a day everything is signed with the one before, too."""
    async with gatewright.store.begin() as tx:
        found = await _held(tx, who.tenant, webhook)
        rotated = replace(
            found,
            secret=new_secret(token_bytes(32)),
            old_secret=found.secret,
            old_until=gatewright.clock() + OVERLAP,
        )
        await tx.webhooks.put(rotated)
        await _note(gatewright, tx, who, found, "rotated", {})
    return rotated


async def switch_webhook(
    gatewright: Gatewright, who: Principal, webhook: str, *, enabled: bool
) -> Webhook:
    """Tell it nothing until it is switched on again; what happens meanwhile it never hears of."""
    async with gatewright.store.begin() as tx:
        found = await _held(tx, who.tenant, webhook)
        because = "" if enabled else f"{who.id} switched it off"
        switched = replace(found, enabled=enabled, off_because=because)
        await tx.webhooks.put(switched)
        await _note(gatewright, tx, who, switched, "enabled" if enabled else "disabled", {})
    return switched


async def try_webhook(gatewright: Gatewright, who: Principal, webhook: str) -> Webhook:
    """Send it something harmless, and switch it on again if it was switched off."""
    async with gatewright.store.begin() as tx:
        kept = await _held(tx, who.tenant, webhook)
        found = replace(kept, enabled=True, off_because="")
        await tx.webhooks.put(found)
        await _note(gatewright, tx, who, found, "tested", {})
    return found


async def send_again(gatewright: Gatewright, who: Principal, webhook: str, event: str) -> Delivery:
    """Send one event once more, with its own id, whatever came of it before.

    Raises NotFound, and Conflict for a webhook that is switched off.
    """
    now = gatewright.clock()
    async with gatewright.store.begin() as tx:
        found = await webhook_of(tx, who.tenant, webhook)
        if not found.enabled:
            raise Conflict("the webhook is switched off", remedy="Enable it first.")
        sent = await tx.deliveries.get(who.tenant, found.id, EventId(event))
        if sent is None:
            raise NotFound("no such event was sent to this webhook", field="event")
        again = replace(sent, attempts=0, next_at=now, delivered_at=None, detail="to be sent again")
        await tx.deliveries.again(again)
        await _note(gatewright, tx, who, found, "redelivered", {"event": event})
    return again


async def webhook_of(tx: Transaction, tenant: TenantId, webhook: str) -> Webhook:
    """The webhook, or NotFound: for another tenant's exactly as for one that is not."""
    return there(await tx.webhooks.get(tenant, WebhookId(webhook)), "webhook")


async def _held(tx: Transaction, tenant: TenantId, webhook: str) -> Webhook:
    """The same, for whoever changes it: nobody else does until the transaction ends."""
    return there(await tx.webhooks.held(tenant, WebhookId(webhook)), "webhook")


async def _note(
    gatewright: Gatewright,
    tx: Transaction,
    who: Principal,
    webhook: Webhook,
    kind: str,
    more: dict[str, Json],
) -> None:
    """The host alone: the rest of an address often is as good as a key."""
    about: dict[str, Json] = {"webhook": webhook.id, "host": urlsplit(webhook.url).hostname}
    entry = await gatewright.audit.append(
        tx, tenant=who.tenant, actor=str(who.id), kind=f"webhook.{kind}", payload=about | more
    )
    if kind == "tested":
        await announce_to(tx, entry, EventType.TEST, webhook.id, {"webhook": webhook.id})
