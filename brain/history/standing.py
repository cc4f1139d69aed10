"""How far Gatewright may go by itself: where a playbook stands on a device's model, now."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol

from brain.domain.autonomy import AutonomyRules, Evidence, Standing, Subject
from brain.domain.identity import TenantId
from brain.domain.proposal import Cause

Rules = Callable[[], AutonomyRules]
"""The numbers of the active policy, as they are now."""
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Autonomy(Protocol):
    """The levels that are kept."""

    async def get(self, tenant: TenantId, subject: Subject) -> Standing | None:
        """None when nothing was heard of it yet."""


class FaredChanges(Protocol):
    """What was learned."""

    async def evidence(self, tenant: TenantId, subject: Subject) -> Evidence:
        """All that was carried out for a cause on a model."""


class Reads(Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def autonomy(self) -> Autonomy:
        """The levels that are kept."""

    @property
    def fared(self) -> FaredChanges:
        """What was learned."""


def subject_for(cause: Cause, manufacturer: str, model: str) -> Subject | None:
    """Whose autonomy it is; None on a box of which nobody knows what it is."""
    if not manufacturer or not model:
        return None
    return Subject(cause=cause, manufacturer=manufacturer, model=model)


async def first(tx: Reads, tenant: TenantId, subject: Subject) -> Standing:
    """Where a playbook begins: it observes, with what was carried out before as evidence."""
    evidence = await tx.fared.evidence(tenant, subject)
    return Standing(tenant=tenant, subject=subject, evidence=evidence)


async def standing(tx: Reads, tenant: TenantId, subject: Subject, rules: Rules) -> Standing:
    """Where it stands, and no higher than the rules of now let its evidence carry it."""
    kept = await tx.autonomy.get(tenant, subject) or await first(tx, tenant, subject)
    return kept.held_to(rules(), at=kept.since or _LONG_AGO)
