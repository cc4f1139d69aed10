"""Turns a tenant's kill switch, and leaves a record of who did and why."""

from api.needs import Gatewright
from brain.domain.identity import Principal


async def set_halt(gatewright: Gatewright, who: Principal, *, halted: bool, reason: str) -> None:
    """Put switch and audit entry down in one transaction; the reason is kept beside the trail."""
    async with gatewright.store.begin() as tx:
        await tx.halts.set(who.tenant, halted=halted, by=who.id, at=gatewright.clock())
        await gatewright.audit.append(
            tx,
            tenant=who.tenant,
            actor=str(who.id),
            kind="halt.on" if halted else "halt.off",
            payload={},
            words={"reason": reason},
        )
