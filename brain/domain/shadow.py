"""A proposal that was made and not applied, and what people did meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from brain.domain.autonomy import Subject
from brain.domain.identity import DeviceId, ProposalId, TenantId
from brain.domain.proposal import Author


class Agreement(StrEnum):
    """What people did, held against a shadow."""

    OPEN = "open"
    """Its time is not up."""
    AGREED = "agreed"
    """They did something for the same cause, or to the same parameters."""
    OTHERWISE = "otherwise"
    """They changed something else on the device."""
    NOTHING = "nothing"
    """Nobody changed anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """What Gatewright would have done. The proposal is kept among the proposals, by its id."""

    tenant: TenantId
    proposal: ProposalId
    device: DeviceId
    subject: Subject
    author: Author
    """Which planner would have done it."""
    templates: str
    """What it would have touched: see ``brain.domain.fared.templates_of``."""
    made_at: datetime
    until: datetime
    end: Agreement = Agreement.OPEN
    ended_at: datetime | None = None
    seen: str = ""
    """What it was held against: a change by its id, or ``at the box``."""

    def touches(self, templates: str) -> bool:
        """Whether it would have touched any of these."""
        return not set(self.templates.split()).isdisjoint(templates.split())
