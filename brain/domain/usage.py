"""How much is being changed around a device just now: what rates and blast radius are judged on."""

from collections.abc import Sequence
from dataclasses import dataclass

from brain.domain.identity import DeviceId, NodeId, SiteId, TenantId
from brain.domain.verdict import RateLimit

SCOPES = frozenset({"device", "model", "olt", "port", "site", "tenant", "unplaced"})
"""All that changes are counted within."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """Where a device lies; None where it lies in none that anybody entered."""

    tenant: TenantId
    device: DeviceId
    model: str
    """Manufacturer and model, as one: two manufacturers may call theirs the same."""
    site: SiteId | None = None
    port: NodeId | None = None
    """The PON port, or the cell."""
    olt: NodeId | None = None
    """The OLT, or the CMTS."""

    @property
    def unplaced(self) -> bool:
        """Whether nobody entered anything of where it lies.

        A device with a site and no port is one that was entered as hanging on none. Of one with
        neither it may be that it shares a port with all others of which nobody knows.
        """
        return self.site is None and self.port is None and self.olt is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Changes within one scope, the one that is being judged left out."""

    under_way: int
    """With a permit, and nobody has settled yet what came of it."""
    last_hour: int
    """Whose first permit was minted within the last hour."""

    def leaves_room(self, limit: RateLimit) -> bool:
        """Whether one more is still within the limit."""
        return self.under_way < limit.under_way and self.last_hour < limit.last_hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One count for each scope the device lies in; None where it lies in none."""

    device: Count
    model: Count
    tenant: Count
    site: Count | None = None
    port: Count | None = None
    olt: Count | None = None
    unplaced: Count | None = None
    """All devices of which nobody entered where they lie, when this is one of them."""

    def full(self, limits: Sequence[RateLimit]) -> str:
        """The first scope that has no room for one more, or no limit; empty when all have room."""
        known = {limit.scope: limit for limit in limits}
        for scope in sorted(SCOPES):
            count: Count | None = getattr(self, scope)
            limit = known.get(scope)
            if count is not None and (limit is None or not count.leaves_room(limit)):
                return scope
        return ""
