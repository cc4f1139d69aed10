"""Webhooks: signed notifications to addresses of your choice (Standard Webhooks)."""

from typing import Annotated

from fastapi import APIRouter, Response

from api import hooks
from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import Id, Limit, responses
from api.shapes.base import Page
from api.shapes.webhooks import DeliveryShape, NewWebhookShape, WebhookRequest, WebhookShape
from brain.domain.identity import Principal
from brain.domain.webhook import EventType

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])
Manager = Annotated[Principal, may(Action.MANAGE_WEBHOOKS)]


@router.get("", responses=responses())
async def list_webhooks(gatewright: Wired, who: Manager) -> Page[WebhookShape]:
    """The webhooks of your tenant, without their secrets."""
    async with gatewright.store.read() as tx:
        found = await tx.webhooks.list(who.tenant)
    return Page(items=[WebhookShape.model_validate(each) for each in found])


@router.post("", responses=responses(422))
async def create_webhook(
    gatewright: Wired, who: Manager, wanted: WebhookRequest, response: Response
) -> NewWebhookShape:
    """Tell this address of these events from now on. The secret is shown this once."""
    made = await hooks.add_webhook(
        gatewright, who, wanted.url, frozenset(map(EventType, wanted.events))
    )
    response.headers["Cache-Control"] = "no-store"
    return NewWebhookShape.model_validate(made)


@router.delete("/{webhook}", responses=responses(404))
async def delete_webhook(gatewright: Wired, who: Manager, webhook: Id) -> WebhookShape:
    """Tell it nothing more, not even what is on its way."""
    return WebhookShape.model_validate(await hooks.remove_webhook(gatewright, who, webhook))


@router.post("/{webhook}/rotate", responses=responses(404))
async def rotate_webhook(
    gatewright: Wired, who: Manager, webhook: Id, response: Response
) -> NewWebhookShape:
    """Give it a new secret, shown this once. For a day the old one signs, too."""
    response.headers["Cache-Control"] = "no-store"
    return NewWebhookShape.model_validate(await hooks.rotate_secret(gatewright, who, webhook))


@router.post("/{webhook}/disable", responses=responses(404))
async def disable_webhook(gatewright: Wired, who: Manager, webhook: Id) -> WebhookShape:
    """Tell it nothing until it is enabled again. What happens meanwhile it never hears of."""
    switched = await hooks.switch_webhook(gatewright, who, webhook, enabled=False)
    return WebhookShape.model_validate(switched)


@router.post("/{webhook}/enable", responses=responses(404))
async def enable_webhook(gatewright: Wired, who: Manager, webhook: Id) -> WebhookShape:
    """Tell it of its events again, from now on."""
    switched = await hooks.switch_webhook(gatewright, who, webhook, enabled=True)
    return WebhookShape.model_validate(switched)


@router.post("/{webhook}/test", responses=responses(404))
async def try_webhook(gatewright: Wired, who: Manager, webhook: Id) -> WebhookShape:
    """Send it a `webhook.test`; its deliveries say what came of it."""
    return WebhookShape.model_validate(await hooks.try_webhook(gatewright, who, webhook))


@router.post("/{webhook}/deliveries/{event}/redeliver", responses=responses(404, 409))
async def redeliver_event(gatewright: Wired, who: Manager, webhook: Id, event: Id) -> DeliveryShape:
    """Send one event once more, under its own id, whatever came of it before."""
    return DeliveryShape.model_validate(await hooks.send_again(gatewright, who, webhook, event))


@router.get("/{webhook}/deliveries", responses=responses(404))
async def list_deliveries(
    gatewright: Wired, who: Manager, webhook: Id, limit: Limit = 100
) -> Page[DeliveryShape]:
    """What was sent to it, newest first; `given_up` is what nobody tries any more."""
    async with gatewright.store.read() as tx:
        found = await hooks.webhook_of(tx, who.tenant, webhook)
        sent = await tx.deliveries.of_webhook(who.tenant, found.id, limit=limit)
    return Page(items=[DeliveryShape.model_validate(each) for each in sent])
