"""Who is away, and who stands in for whom: for a time, and for one group at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from brain.domain.errors import InvalidInput
from brain.domain.identity import PrincipalId, TenantId

LONGEST = timedelta(days=92)
"""How long anybody stands in, or is away, before it has to be said again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one moment up to, and without, another."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, now: datetime) -> bool:
        """Whether this moment is in it."""
        return self.starts_at <= now < self.ends_at

    def meets(self, other: "Span") -> bool:
        """Whether there is a moment in both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """Somebody lends their membership of a group to a colleague, who may not lend it on."""

    id: str
    tenant: TenantId
    group: str
    by: PrincipalId
    to: PrincipalId
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Somebody is away: they are not expected to answer, though they may."""

    id: str
    tenant: TenantId
    who: PrincipalId
    span: Span


def span_of(starts_at: datetime, ends_at: datetime, *, now: datetime) -> Span:
    """A span that is not over and not too long, or InvalidInput that names what is wrong."""
    if ends_at <= max(starts_at, now):
        raise InvalidInput(
            "it would be over before it begins", field="until", remedy="Name a later time."
        )
    if ends_at - starts_at > LONGEST or starts_at - now > LONGEST:
        raise InvalidInput(
            f"longer than {LONGEST.days} days", field="until", remedy="Say it again when it ends."
        )
    return Span(starts_at=starts_at, ends_at=ends_at)
