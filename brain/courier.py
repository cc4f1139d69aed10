"""Delivers what is queued for webhooks: signed, at least once, and never where it could do harm.

An address is looked up, checked and connected to by the very number that was checked, so that a
name that changes its mind in between leads nowhere else. Redirects are not followed.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import structlog

from brain.addresses import Addresses
from brain.domain.cancelling import cancelled
from brain.domain.canonical import Json, canonical_bytes, jsonable
from brain.domain.errors import GatewrightError, InvalidInput
from brain.domain.ports import Clock
from brain.domain.webhook import Delivery, Progress, Webhook, signatures
from brain.ledger.audit import AuditTrail
from brain.ledger.steps import GATEWRIGHT
from brain.store.store import Store
from brain.store.transaction import Transaction

PAUSES = tuple(
    timedelta(seconds=each) for each in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
"""Between attempts, as the specification suggests; after the last nobody tries any more."""
KEPT = timedelta(days=30)
"""How long what was delivered, or given up, can still be looked up and sent again."""
_PRUNE_EVERY = timedelta(hours=1)
_TIMEOUT = timedelta(seconds=15)
_AT_ONCE = 20
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Takes what is due, pass after pass."""

    store: Store
    clock: Clock
    addresses: Addresses
    audit: AuditTrail
    public_url: str = ""
    """Where people reach the console; with it each event has a link."""
    every: float = 2.0
    """Seconds between passes."""
    timeout: timedelta = _TIMEOUT
    client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(follow_redirects=False)
    )

    async def run(self) -> None:
        """Pass after pass, until cancelled, even where that was taken for an error."""
        prune_at = self.clock()
        while not cancelled():
            try:
                await self.deliver()
                if self.clock() >= prune_at:
                    await self.prune()
                    prune_at = self.clock() + _PRUNE_EVERY
            except Exception:  # noqa: BLE001 - a failed pass is followed by another
                _log.exception("courier_failed")
            if not cancelled():
                await asyncio.sleep(self.every)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    async def prune(self) -> int:
        """Forget what came of deliveries of long ago; returns how many."""
        async with self.store.begin() as tx:
            return await tx.deliveries.prune(self.clock() - KEPT)

    async def deliver(self) -> int:
        """One pass over what is due; returns how many attempts were made."""
        async with self.store.read() as tx:
            due = await tx.deliveries.due(self.clock(), limit=_AT_ONCE)
        made = await asyncio.gather(*(self._attempt(each) for each in due), return_exceptions=True)
        for delivery, end in zip(due, made, strict=True):
            if isinstance(end, BaseException):  # the others are not held up by it
                _log.error("webhook_broken", webhook=delivery.webhook, exc_info=end)
        return sum(end is True for end in made)

    async def _attempt(self, delivery: Delivery) -> bool:
        """One attempt. What dies in the middle of it is tried again after the pause."""
        claimed = await self._claim(delivery)
        if claimed is None:
            return False
        async with self.store.read() as tx:
            webhook = await tx.webhooks.get(delivery.tenant, delivery.webhook)
        if webhook is None:
            return False  # it was removed, and its deliveries with it
        settled = await self._send(webhook, claimed)
        if settled.delivered_at is None:
            _log.warning("webhook_failed", webhook=webhook.id, delivery=delivery.event)
        await self._settle(settled)
        return True

    async def _settle(self, settled: Delivery) -> None:
        """Keep what came of it. The webhook is read anew: people change it while we wait for it."""
        async with self.store.begin() as tx:
            webhook = await tx.webhooks.held(settled.tenant, settled.webhook)
            await tx.deliveries.settle(settled)
            if webhook is None or not webhook.enabled:
                return
            why = await _hopeless(tx, settled)
            if why:
                await self._switch_off(tx, webhook, why)

    async def _switch_off(self, tx: Transaction, webhook: Webhook, why: str) -> None:
        await tx.webhooks.put(replace(webhook, enabled=False, off_because=why))
        about: dict[str, Json] = {
            "webhook": webhook.id,
            "host": urlsplit(webhook.url).hostname,
            "why": why,
        }
        await self.audit.append(
            tx, tenant=webhook.tenant, actor=GATEWRIGHT, kind="webhook.disabled", payload=about
        )
        _log.error("webhook_disabled", webhook=webhook.id, reason=why)

    async def _claim(self, delivery: Delivery) -> Delivery | None:
        later = self.clock() + _pause(delivery)
        async with self.store.begin() as tx:
            if not await tx.deliveries.claim(delivery, next_at=later):
                return None
        return replace(delivery, attempts=delivery.attempts + 1, next_at=later)

    async def _send(self, webhook: Webhook, delivery: Delivery) -> Delivery:
        """The delivery with what came of it."""
        last = delivery.attempts > len(PAUSES)
        failed = replace(delivery, next_at=None if last else delivery.next_at)
        if not webhook.enabled:
            return replace(failed, next_at=None, detail="the webhook is switched off")
        try:
            async with asyncio.timeout(self.timeout.total_seconds()):
                response = await self._post(webhook, delivery)
        except TimeoutError:
            return replace(failed, detail=f"no answer within {self.timeout.total_seconds():g} s")
        except InvalidInput as refused:
            return replace(failed, detail=refused.message)
        except (httpx.HTTPError, GatewrightError, OSError) as error:
            return replace(failed, detail=f"it cannot be reached ({type(error).__name__})")
        status = response.status_code
        detail = f"{status} {httpx.codes.get_reason_phrase(status)}".strip()
        if not 200 <= status < 300:
            then = failed.next_at and max(
                failed.next_at, _retry_after(response, self.clock()) or failed.next_at
            )
            gone = status == httpx.codes.GONE
            return replace(failed, detail=detail, next_at=None if gone else then)
        return replace(delivery, next_at=None, delivered_at=self.clock(), detail=detail)

    async def _post(self, webhook: Webhook, delivery: Delivery) -> httpx.Response:
        url = httpx.URL(webhook.url)
        number = await self.addresses.checked(webhook.url)
        now, body = self.clock(), self._body(delivery)
        stamp = int(now.timestamp())
        headers = {
            "Host": url.netloc.decode(),
            "Content-Type": "application/json",
            "User-Agent": "gatewright",
            "webhook-id": delivery.event,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signatures(webhook.secrets(now), delivery.event, stamp, body),
        }
        request = self.client.build_request(
            "POST",
            url.copy_with(host=number),
            content=body,
            headers=headers,
            # The certificate is still held against the name.
            extensions={"sni_hostname": url.host},
        )
        response = await self.client.send(request, stream=True)
        await response.aclose()  # what they say is of no interest, however long it is
        return response

    def _body(self, delivery: Delivery) -> bytes:
        data: dict[str, Json] = json.loads(delivery.data)
        path = data.pop("path", None)
        if self.public_url and isinstance(path, str):
            data["link"] = self.public_url.rstrip("/") + path
        return canonical_bytes(
            {"type": delivery.type.value, "timestamp": jsonable(delivery.at), "data": data}
        )


async def _hopeless(tx: Transaction, settled: Delivery) -> str:
    """Why nothing more should be sent to a webhook, after what came of this; or nothing."""
    if settled.detail.startswith("410"):
        return "it answered that it wants no more (410)"
    if settled.progress is not Progress.GIVEN_UP:
        return ""
    if await tx.deliveries.delivered_since(settled.tenant, settled.webhook, settled.at):
        return ""  # it is this one message that it does not take
    return f"nothing has arrived there for days; the last attempt: {settled.detail}"


def _retry_after(response: httpx.Response, now: datetime) -> datetime | None:
    """When they want to be asked again (RFC 9110, section 10.2.3): not later than our own
    longest pause, and what is not readable says nothing.
    """
    said = response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return now + min(timedelta(seconds=int(said[:9])), PAUSES[-1])
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return min(at, now + PAUSES[-1]) if at.tzinfo else None


def _pause(delivery: Delivery) -> timedelta:
    """The pause after this attempt, up to a tenth longer, so that not all come back at once."""
    pause: Sequence[timedelta] = PAUSES[min(delivery.attempts, len(PAUSES) - 1) :]
    jitter = int.from_bytes(delivery.event.encode()[-2:], "big") % 100 / 1000
    return pause[0] * (1 + jitter)
