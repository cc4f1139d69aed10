"""What a device was and did, and how past changes turned out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import sqrt

from brain.domain.identity import DeviceId, TenantId


class EventKind(StrEnum):
    """What kind of thing happened to a device."""

    INFORM = "inform"
    BOOT = "boot"
    BOOTSTRAP = "bootstrap"
    VALUE_CHANGE = "value_change"
    TRANSFER_COMPLETE = "transfer_complete"
    FAULT = "fault"
    CHANGE_APPLIED = "change_applied"
    CHANGE_ROLLED_BACK = "change_rolled_back"
    CHANGE_FAILED = "change_failed"
    CHANGE_UNKNOWN = "change_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a device's timeline. ``detail`` holds no secret and no subscriber's data."""

    tenant: TenantId
    device: DeviceId
    kind: EventKind
    at: datetime
    path: str = ""
    value: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """How often the same kind of change held on the same model and firmware."""

    tried: int
    succeeded: int

    @property
    def lower_bound(self) -> float:
        """Lower end of the Wilson score interval at 95 %; 0 when it was never tried."""
        if not self.tried:
            return 0.0
        z, n = 1.959964, self.tried
        share = self.succeeded / n
        centre = share + z * z / (2 * n)
        margin = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return (centre - margin) / (1 + z * z / n)
