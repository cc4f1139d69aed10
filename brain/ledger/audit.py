"""The audit trail: each fact is chained to the one before it and signed, or it does not happen."""

from collections.abc import Mapping
from dataclasses import replace
from hmac import compare_digest

from brain.domain.audit import AuditHead, AuditRecord
from brain.domain.canonical import Json, canonical_bytes
from brain.domain.errors import InvalidInput, Unreadable
from brain.domain.identity import TenantId
from brain.domain.ports import Clock
from brain.ledger.audit_chain import BEGINNING, hash_of, head_bytes
from brain.ledger.audit_checkpoints import Checkpoints
from brain.ledger.audit_keys import Sign
from brain.ledger.audit_words import WORDS
from brain.store.transaction import Transaction

LONGEST_PAYLOAD = 65536
"""Bytes."""


class AuditTrail:
    """Appends to the trails of all tenants. ``sign`` makes Ed25519 signatures."""

    def __init__(self, sign: Sign, clock: Clock, *, checkpoints: Checkpoints | None = None) -> None:
        self._sign = sign
        self._clock = clock
        self._checkpoints = checkpoints

    async def append(
        self,
        tx: Transaction,
        *,
        tenant: TenantId,
        actor: str,
        kind: str,
        payload: Json,
        words: Mapping[str, str] | None = None,
    ) -> AuditRecord:
        """Add an entry in the transaction of the fact it records: both are kept or neither.

        The payload is kept for ever, in the clear, and leaves with every export: ids, digests,
        states and reasons of our own, never a secret or a subscriber's data. Of what a plan writes
        or a device holds there is only what the rule of a reason names, such as a radio's channel.
        What people typed goes into ``words``: it is sealed beside the trail, and the payload gets
        keyed digests of it, so that it can be shown later that nobody altered it. Raises
        InvalidInput for what cannot be kept, and Unreadable when the newest entry was not signed
        by this installation; nothing may then be added, for that would vouch for it.
        """
        head = await tx.audit.head(tenant)
        if head is not None:
            self._check(head)
        seq, said = head.seq + 1 if head else 1, _said(words)
        text = _payload(_with(payload, tx.audit_words.digests(tenant, seq, said)))
        unsealed = AuditRecord(
            tenant=tenant,
            seq=seq,
            at=self._clock(),
            actor=_name("actor", actor),
            kind=_name("kind", kind),
            payload=text,
            prev_hash=head.hash if head else BEGINNING,
            hash="",
        )
        record = replace(unsealed, hash=hash_of(unsealed))
        await tx.audit.append(record, self._sign(head_bytes(tenant, record.seq, record.hash)))
        if said:
            await tx.audit_words.add(tenant, seq, said)
        if self._checkpoints is not None:
            self._checkpoints.noted(tenant, record.seq)
        return record

    def _check(self, head: AuditHead) -> None:
        # The same key signs the same bytes alike (Ed25519: RFC 8032, section 5.1.6).
        if not compare_digest(
            self._sign(head_bytes(head.tenant, head.seq, head.hash)), head.signature
        ):
            raise Unreadable(
                f"entry {head.seq} of the audit trail is not signed by this installation",
                field="audit",
                remedy="Run `gatewright audit verify`, and restore the database or its key. "
                "`gatewright audit rotate-key` ends a rotation that was cut short.",
            )


def _said(words: Mapping[str, str] | None) -> dict[str, str]:
    return {name: text for name, text in (words or {}).items() if text}


def _with(payload: Json, digests: Mapping[str, str]) -> Json:
    if not digests:
        return payload
    if not isinstance(payload, dict):
        raise InvalidInput("is no object", field="payload", remedy="Pass one, for the words.")
    return {**payload, WORDS: {**digests}}


def _payload(payload: Json) -> str:
    try:
        content = canonical_bytes(payload)
        text = content.decode()
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            "cannot be written down", field="payload", remedy="Pass plain JSON in Unicode text."
        ) from error
    if len(content) > LONGEST_PAYLOAD:
        raise InvalidInput(
            f"longer than {LONGEST_PAYLOAD} bytes", field="payload", remedy="Refer to it by id."
        )
    return text


def _name(field: str, text: str) -> str:
    if not text or not text.isprintable():
        raise InvalidInput("empty or not printable", field=field, remedy="Pass a short name.")
    return text
