"""How a device can be reached: that a way works is evidence with an age."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from brain.domain.identity import DeviceId, TenantId


class Way(StrEnum):
    """A way to ask a device to call in (TR-069 3.2.2, annexes G and K), best first."""

    HTTP = "http"
    UDP = "udp"
    XMPP = "xmpp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one way to one device."""

    worked_at: datetime | None = None
    failed_at: datetime | None = None
    failures: int = 0
    """In a row, since it last worked."""
    reason: str = ""
    """Why it last failed, in words of ours."""

    def worked(self, at: datetime) -> Self:
        """The device came."""
        return replace(self, worked_at=at, failures=0, reason="")

    def failed(self, at: datetime, reason: str) -> Self:
        """It did not."""
        return replace(self, failed_at=at, failures=self.failures + 1, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """What is known of the ways to one device; void when it is reset."""

    tenant: TenantId
    device: DeviceId
    ways: Mapping[Way, Tried] = field(default_factory=dict)

    def order(self, open_ways: Iterable[Way]) -> list[Way]:
        """What to try, first to last: what worked last, what nobody tried, what failed least.

        A way that failed is never left out: a subscriber may have moved the router that blocked it.
        """
        return sorted(open_ways, key=self._rank)

    def told(self) -> list[tuple[Way, Tried]]:
        """What came of each way that was ever tried, in the order of the next time."""
        return [(way, self.ways[way]) for way in self.order(self.ways)]

    def noted(self, way: Way, tried: Tried) -> Self:
        """With what came of this way."""
        return replace(self, ways={**self.ways, way: tried})

    def tried(self, way: Way) -> Tried:
        """What came of it so far."""
        return self.ways.get(way, Tried())

    def _rank(self, way: Way) -> tuple[int, float, int]:
        tried = self.tried(way)
        if tried.worked_at is not None and not tried.failures:
            return 0, -tried.worked_at.timestamp(), 0
        return 1 + tried.failures, 0.0, list(Way).index(way)
