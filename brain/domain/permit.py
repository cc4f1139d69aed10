"""Leave to carry out exactly one plan on one device, once, for minutes."""

from dataclasses import dataclass
from datetime import datetime

from brain.domain.canonical import canonical_bytes
from brain.domain.identity import ChangeId, DeviceId, PermitId, PlanDigest, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Only ``policies.gate`` mints one, and only executors check one."""

    id: PermitId
    tenant: TenantId
    change: ChangeId
    device: DeviceId
    plan_digest: PlanDigest
    policy_revision: str
    fence: int
    """The number of the lease it was minted under; a lower one than the newest is stale."""
    minted_at: datetime
    expires_at: datetime
    signature: bytes = b""
    """Ed25519 over ``signed_bytes``."""

    @property
    def signed_bytes(self) -> bytes:
        """What the signature covers: every field but itself."""
        return canonical_bytes(
            {
                "id": self.id,
                "tenant": self.tenant,
                "change": self.change,
                "device": self.device,
                "plan_digest": self.plan_digest,
                "policy_revision": self.policy_revision,
                "fence": self.fence,
                "minted_at": self.minted_at,
                "expires_at": self.expires_at,
            }
        )
