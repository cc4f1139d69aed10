"""Who may come in: what was registered before it shipped, and who came without that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from brain.domain.identity import DeviceId, PrincipalId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the operator said of a device before it shipped. Who has it is said by ``Device``: a
    subscriber, or nobody while it is in stock."""

    tenant: TenantId
    device: DeviceId
    mac: str
    """As ``AA:BB:CC:DD:EE:FF``; empty when nobody said."""
    firmware: str
    """What it ships with; empty when nobody said."""
    at: datetime
    by: PrincipalId


class Why(StrEnum):
    """Why a device is not let in."""

    UNKNOWN = "unknown"
    """Nobody registered it."""
    UNPROVEN = "unproven"
    """It claims a serial without the credentials of that device."""


class Answer(StrEnum):
    """What a person said of it."""

    WAITING = "waiting"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A device that came and was given nothing. All of it is what it said itself."""

    tenant: TenantId
    device: DeviceId
    oui: str
    product_class: str
    serial: str
    manufacturer: str
    firmware: str
    root: str
    why: Why
    answer: Answer = Answer.WAITING
    first_at: datetime
    last_at: datetime
    times: int = 1
