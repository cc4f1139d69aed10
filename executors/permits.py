"""The lock on every executor's door: no live permit for exactly this plan, no write.

A permit is believed because of its signature alone; the store says whether it is still the newest
(the fence) and whether it was used. Every refusal is PermitRefused, and nothing was sent.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.errors import Halted, PermitRefused
from brain.domain.identity import TenantId
from brain.domain.permit import Permit
from brain.domain.ports import Clock
from brain.store.store import Store
from brain.store.transaction import Transaction

_ASK_AGAIN = "Have the change judged again; a new permit is minted for each execution."


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitDesk:
    """A ``PermitCheck``: takes a permit once."""

    public_key: Ed25519PublicKey
    """Of the gate, the only one who mints."""
    store: Store
    clock: Clock

    async def spend(self, permit: Permit, device: Device, plan: Plan) -> None:
        """Use the permit up for exactly this plan on this device, or raise PermitRefused.

        A halt that was kept before this returns refuses it, however late: whoever halts waits for
        this transaction, or this one finds the halt.
        """
        self._check_signature(permit)
        for holds, reason in _CHECKS:
            if not holds(permit, device, plan):
                raise PermitRefused(reason, remedy=_ASK_AGAIN)
        now = self.clock()
        if now >= permit.expires_at:
            raise PermitRefused("the permit has expired", remedy=_ASK_AGAIN)
        async with self.store.begin() as tx:
            await not_halted(tx, permit.tenant)
            if permit.fence != await tx.leases.hold(permit.device):
                raise PermitRefused("another writer took the device since", remedy=_ASK_AGAIN)
            if not await tx.permits.spend(permit.id, now):
                raise PermitRefused("the permit was used already", remedy=_ASK_AGAIN)

    async def still(self, permit: Permit) -> None:
        """Raise Halted when nothing more may be sent under a permit that was spent before."""
        async with self.store.read() as tx:
            await not_halted(tx, permit.tenant)

    def _check_signature(self, permit: Permit) -> None:
        try:
            self.public_key.verify(permit.signature, permit.signed_bytes)
        except (InvalidSignature, ValueError, TypeError):
            raise PermitRefused(
                "the permit was not signed by this installation's gate", remedy=_ASK_AGAIN
            ) from None


async def not_halted(tx: Transaction, tenant: TenantId) -> None:
    """Raise Halted while the tenant's changes are halted."""
    if await tx.halts.is_halted(tenant):
        raise Halted(
            "changes were halted, so it was not sent",
            remedy="When the halt is lifted, have the change planned anew.",
        )


_CHECKS: tuple[tuple[Callable[[Permit, Device, Plan], bool], str], ...] = (
    (lambda permit, device, plan: permit.device == device.id, "the permit is for another device"),
    (lambda permit, device, plan: plan.device == device.id, "the plan is for another device"),
    (
        lambda permit, device, plan: permit.tenant == device.tenant,
        "the permit is of another tenant",
    ),
    (
        lambda permit, device, plan: permit.plan_digest == plan.digest,
        "the plan is not the one the permit is for",
    ),
)
