"""Moves levels of autonomy, in the transaction of why, with an entry in the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass

from brain.domain.autonomy import SELF, Level, Standing, Subject
from brain.domain.canonical import Json
from brain.domain.identity import TenantId
from brain.history.standing import Rules, first
from brain.ledger.audit import AuditTrail
from brain.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Whoever holds one moves it alone, and holds it before the audit trail."""

    audit: AuditTrail
    rules: Rules

    async def hold(self, tx: Transaction, tenant: TenantId, subject: Subject) -> Standing:
        """Where it was left, with nobody else moving it until the transaction ends."""
        kept = await tx.autonomy.get(tenant, subject)
        return await tx.autonomy.hold(kept or await first(tx, tenant, subject))

    async def keep(
        self,
        tx: Transaction,
        before: Standing,
        after: Standing,
        *,
        about: Mapping[str, Json] | None = None,
        words: Mapping[str, str] | None = None,
    ) -> None:
        """Write down where it stands now; the audit trail hears of it where the level moved.

        It hears once, too, when the evidence begins to carry the last level, which a person gives.
        """
        await tx.autonomy.put(after)
        if before.level is not after.level or before.ceiling is not after.ceiling:
            up = (after.level.rank, after.ceiling.rank) > (before.level.rank, before.ceiling.rank)
            payload = {**_told(before, after), **(about or {})}
            kind = "autonomy.raised" if up else "autonomy.lowered"
            await self._append(tx, after, kind, payload, words)
        rules = self.rules()
        earned = before.carried(rules) is not Level.ALONE and after.carried(rules) is Level.ALONE
        if earned and after.level is not Level.ALONE:
            payload = {**_told(before, after), "to": Level.ALONE.value}
            await self._append(tx, after, "autonomy.raise_proposed", payload, None)

    async def _append(
        self,
        tx: Transaction,
        after: Standing,
        kind: str,
        payload: Mapping[str, Json],
        words: Mapping[str, str] | None,
    ) -> None:
        actor = SELF if kind == "autonomy.raise_proposed" else after.by
        await self.audit.append(
            tx, tenant=after.tenant, actor=actor, kind=kind, payload=dict(payload), words=words
        )


def _told(before: Standing, after: Standing) -> dict[str, Json]:
    subject, evidence = after.subject, after.evidence
    return {
        "cause": subject.cause.value,
        "manufacturer": subject.manufacturer,
        "model": subject.model,
        "from": before.level.value,
        "to": after.level.value,
        "tried": evidence.tried,
        "succeeded": evidence.succeeded,
        "in_a_row": evidence.in_a_row,
    }
