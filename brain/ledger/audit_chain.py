"""How audit entries are linked and signed, and the check that walks along the links.

The hash of an entry is the SHA-256 of the hash before it (64 hexadecimal characters; 64 zeros
before the first) followed by the canonical JSON of ``actor, at, kind, payload, seq, tenant``.
Anybody can check it again with a JSON library and a SHA-256.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import JSONEncoder
from typing import Final, NamedTuple

from brain.domain.audit import AuditRecord
from brain.domain.canonical import canonical_bytes, jsonable
from brain.domain.identity import TenantId
from brain.ledger.audit_keys import ROTATED, KeyRing

BEGINNING: Final = "0" * 64
PROBLEMS_KEPT: Final = 100
"""After so many problems a walk ends: one is enough not to trust the trail."""

_quoted = JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProblem:
    """One thing that is wrong with a trail, and at which entry."""

    code: str
    """altered, link, gap, repeated, unreadable, head, tail, checkpoint or key."""
    seq: int
    message: str
    line: int = 0
    """Of the exported file, where it was found; 0 in a store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What a verification saw. No problem in no record is a trail that nobody wrote to yet."""

    tenant: TenantId
    records: int
    checkpoints: int
    """How many signed checkpoints the trail was held against."""
    problems: tuple[AuditProblem, ...]
    signed_by: str = ""
    """The fingerprint of the key that signed the newest entry; empty when none of those given."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def hash_of(record: AuditRecord) -> str:
    """The hash this entry must carry. The payload goes in as it is stored, byte for byte.

    Written out because a million entries are checked in one go: the bytes are those of
    ``canonical_bytes`` over the same fields.
    """
    text = (
        f'{record.prev_hash}{{"actor":{_quoted(record.actor)},"at":{_quoted(jsonable(record.at))},'
        f'"kind":{_quoted(record.kind)},"payload":{record.payload},'
        f'"seq":{record.seq:d},"tenant":{_quoted(record.tenant)}}}'
    )
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def head_bytes(tenant: TenantId, seq: int, entry_hash: str) -> bytes:
    """What the signature of a head covers."""
    return canonical_bytes(
        {"what": "gatewright audit head", "tenant": tenant, "seq": seq, "hash": entry_hash}
    )


class Link(NamedTuple):
    """What a walk along the chain needs to know of one entry."""

    seq: int
    prev_hash: str
    hash: str
    holds: bool
    """Whether the hash is that of the entry, and the entry of the right tenant."""
    handover: str | None = None
    """The payload of an entry by which a key hands over."""


class ChainCheck:
    """Takes the entries of one tenant in order and remembers what is wrong with them."""

    def __init__(self, tenant: TenantId, checkpoints: Mapping[int, str], keys: KeyRing) -> None:
        self.tenant = tenant
        self.records = 0
        self.seq = 0
        self.line = 0
        """Of the file that is being read; 0 where there is none."""
        self.hash: str | None = BEGINNING
        """Of the entry before; None when that one could not be read."""
        self.problems: list[AuditProblem] = []
        self._checkpoints = checkpoints
        self._keys = keys

    @property
    def full(self) -> bool:
        """Whether enough is wrong to stop looking."""
        return len(self.problems) >= PROBLEMS_KEPT

    def problem(self, code: str, seq: int, message: str) -> None:
        """Remember one more."""
        if not self.full:
            self.problems.append(AuditProblem(code=code, seq=seq, message=message, line=self.line))

    def feed(self, record: AuditRecord) -> None:
        """Hold the next entry against the one before it, against itself and its checkpoint."""
        if type(record.seq) is not int:
            return self.skip(self.seq + 1, "its number is none")
        handover = record.payload if record.kind == ROTATED else None
        holds = _holds(record, self.tenant)
        return self.follow(Link(record.seq, record.prev_hash, record.hash, holds, handover))

    def follow(self, link: Link) -> None:
        """The same, of an entry whose hash was made again already."""
        seq = link.seq
        if seq != self.seq + 1:
            self._out_of_step(seq)
        elif self.hash is not None and link.prev_hash != self.hash:
            self.problem("link", seq, "does not follow from the entry before it")
        if not link.holds:
            self.problem("altered", seq, "is not as it was written")
        if self._checkpoints.get(seq, link.hash) != link.hash:
            self.problem("checkpoint", seq, "is another entry than its checkpoint saw")
        if link.handover is not None:
            wrong = self._keys.hand_over(self.tenant, seq, link.handover)
            if wrong:
                self.problem("key", seq, wrong)
        self.records += 1
        self.seq, self.hash = seq, link.hash

    def skip(self, seq: int, reason: str) -> None:
        """Go on after an entry that cannot be read."""
        self.problem("unreadable", seq, f"cannot be read: {reason}")
        self.records += 1
        self.seq, self.hash = seq, None

    def _out_of_step(self, seq: int) -> None:
        expected = self.seq + 1
        if seq < expected:
            self.problem("repeated", seq, f"comes again where entry {expected} should be")
        else:
            self.problem("gap", expected, f"is missing, up to entry {seq - 1}")


def _holds(record: AuditRecord, tenant: TenantId) -> bool:
    try:
        return record.tenant == tenant and hash_of(record) == record.hash
    except (TypeError, ValueError, AttributeError):
        return False  # again a value of another type
