"""The decision log as a replay reads it: from the store, newest first, or from an exported file."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from brain.domain.errors import InvalidInput
from brain.domain.identity import ChangeId, TenantId
from brain.store.store import Store
from brain.store.verdicts import Before, KeptVerdict

PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of a tenant's log: the newest ``most`` decisions of this time."""

    tenant: TenantId
    since: datetime
    until: datetime
    most: int


async def pages_of_all(
    store: Store, tenants: Sequence[TenantId], window: Window
) -> AsyncIterator[Sequence[KeptVerdict]]:
    """The logs of these tenants, one after another; only those of the window's own are named."""
    for tenant in tenants:
        async for page in pages_of_store(store, replace(window, tenant=tenant)):
            own = tenant == window.tenant
            yield page if own else [replace(each, decision_id="", change=None) for each in page]


async def pages_of_store(store: Store, window: Window) -> AsyncIterator[Sequence[KeptVerdict]]:
    """Pages, newest first, each in a transaction of its own: writers are not held up."""
    before, left = Before(window.until), window.most
    while left > 0:
        async with store.read() as tx:
            page = await tx.verdicts.page(
                window.tenant, since=window.since, before=before, limit=min(PAGE, left)
            )
        if not page:
            return
        yield page
        before, left = Before(page[-1].decided_at, page[-1].decision_id), left - len(page)


async def pages_of_lines(
    lines: Iterable[str], since: datetime, most: int
) -> AsyncIterator[Sequence[KeptVerdict]]:
    """Pages of the first ``most`` decisions that are not older, of JSON lines in OPA's shape.

    Raises InvalidInput with the number of the line for one that cannot be read.
    """
    page: list[KeptVerdict] = []
    for number, line in enumerate(lines, start=1):
        kept = _kept(line, number)
        if kept.decided_at < since:
            continue
        page.append(kept)
        most -= 1
        if len(page) == PAGE or not most:
            yield page
            page = []
        if not most:
            return
    if page:
        yield page


def _kept(line: str, number: int) -> KeptVerdict:
    try:
        entry = json.loads(line)
        decided_at = datetime.fromisoformat(entry["timestamp"])
        if decided_at.tzinfo is None:
            raise ValueError("no zone")
        return KeptVerdict(
            decision_id=str(entry["decision_id"]),
            change=ChangeId(entry["labels"]["change"]) if entry["labels"].get("change") else None,
            decided_at=decided_at,
            verdict=json.dumps(entry["result"] | {"decision": entry["result"]["outcome"]}),
            question=_question(entry),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput(
            f"line {number} is not a decision in the shape that OPA logs in",
            field="--from",
            remedy="Write the file with `gatewright policy export`.",
        ) from None


def _question(entry: dict[str, Any]) -> bytes | None:  # JSON that is looked at here
    asked = entry.get("input")
    return None if asked is None else json.dumps(asked).encode()
