"""Hands the audit trails over from one signing key to the next, all of them at one moment."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.audit import AuditHead
from brain.domain.ports import Clock
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_chain import head_bytes
from brain.ledger.audit_keys import ROTATED, handover, signature_check
from brain.store.store import Store


async def rotate(
    store: Store, old: Ed25519PrivateKey, new: Ed25519PrivateKey, *, actor: str, clock: Clock
) -> int:
    """Add the entry that says so to every trail, and have the new key sign it; how many trails.

    All trails or none. Nobody else may write meanwhile: they would sign with the old key. Done
    again after a crash, it leaves alone what the new key signed already.
    """
    trail = AuditTrail(old.sign, clock)
    done = 0
    async with store.begin() as tx:
        for tenant in await tx.audit.tenants():
            head = await tx.audit.head(tenant)
            if head is None or _signed_by(new, head):
                continue
            said = handover(tenant, _public(old), _public(new), old.sign)
            entry = await trail.append(tx, tenant=tenant, actor=actor, kind=ROTATED, payload=said)
            newest = AuditHead(tenant=tenant, seq=entry.seq, hash=entry.hash, signature=b"")
            await tx.audit.sign_head(newest, new.sign(head_bytes(tenant, entry.seq, entry.hash)))
            done += 1
    return done


def _signed_by(key: Ed25519PrivateKey, head: AuditHead) -> bool:
    signed = signature_check(_public(key))
    return signed(head_bytes(head.tenant, head.seq, head.hash), head.signature)


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()
