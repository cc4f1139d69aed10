"""How audit entries are linked and signed, and the check that walks along the links.

The hash of an entry is the SHA-256 of the hash before it (64 hexadecimal characters; 64 zeros
before the first) followed by the canonical JSON of ``actor, at, kind, payload, seq, tenant``.
Anybody can check it again with a JSON library and a SHA-256.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import JSONEncoder
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from brain.domain.audit import AuditRecord
from brain.domain.canonical import canonical_bytes, jsonable
from brain.domain.errors import InvalidInput
from brain.domain.identity import TenantId

Sign = Callable[[bytes], bytes]
"""Makes an Ed25519 signature."""

BEGINNING: Final = "0" * 64
PROBLEMS_KEPT: Final = 100
"""After so many problems a walk ends: one is enough not to trust the trail."""

_quoted = JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProblem:
    """One thing that is wrong with a trail, and at which entry."""

    code: str
    """altered, link, gap, repeated, unreadable, head, tail or checkpoint."""
    seq: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What a verification saw. No problem in no record is a trail that nobody wrote to yet."""

    tenant: TenantId
    records: int
    checkpoints: int
    """How many signed checkpoints the trail was held against."""
    problems: tuple[AuditProblem, ...]

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


def signature_check(public_key: bytes) -> Callable[[bytes, bytes], bool]:
    """Says of a message and a signature whether the key of these 32 bytes made it."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
    except ValueError as error:
        raise InvalidInput(
            "not an Ed25519 public key", field="public_key", remedy="Pass its 32 bytes."
        ) from error

    def signed(message: bytes, signature: bytes) -> bool:
        try:
            key.verify(signature, message)
        except (InvalidSignature, TypeError):  # SQLite keeps a value of any type in any column
            return False
        return True

    return signed


class ChainCheck:
    """Takes the entries of one tenant in order and remembers what is wrong with them."""

    def __init__(self, tenant: TenantId, checkpoints: Mapping[int, str]) -> None:
        self.tenant = tenant
        self.records = 0
        self.seq = 0
        self.hash: str | None = BEGINNING
        """Of the entry before; None when that one could not be read."""
        self.problems: list[AuditProblem] = []
        self._checkpoints = checkpoints

    @property
    def full(self) -> bool:
        """Whether enough is wrong to stop looking."""
        return len(self.problems) >= PROBLEMS_KEPT

    def problem(self, code: str, seq: int, message: str) -> None:
        """Remember one more."""
        if not self.full:
            self.problems.append(AuditProblem(code=code, seq=seq, message=message))

    def feed(self, record: AuditRecord) -> None:
        """Hold the next entry against the one before it, against itself and its checkpoint."""
        seq = record.seq
        if type(seq) is not int:
            return self.skip(self.seq + 1, "its number is none")
        if seq != self.seq + 1:
            self._out_of_step(seq)
        elif self.hash is not None and record.prev_hash != self.hash:
            self.problem("link", seq, "does not follow from the entry before it")
        if not _holds(record, self.tenant):
            self.problem("altered", seq, "is not as it was written")
        if self._checkpoints.get(seq, record.hash) != record.hash:
            self.problem("checkpoint", seq, "is another entry than its checkpoint saw")
        self.records += 1
        self.seq, self.hash = seq, record.hash

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
