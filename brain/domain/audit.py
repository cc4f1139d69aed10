"""One entry of the audit chain, and where the chain ends."""

from dataclasses import dataclass
from datetime import datetime

from brain.domain.identity import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """What happened, who did it, and the link to the entry before. Never altered, never removed."""

    tenant: TenantId
    seq: int
    """Counts from 1 in each tenant, without gaps."""
    at: datetime
    actor: str
    kind: str
    payload: str
    """Canonical JSON, byte for byte as it was hashed."""
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """The newest entry of a tenant's chain, signed, so that a cut-off end is noticed."""

    tenant: TenantId
    seq: int
    hash: str
    signature: bytes
