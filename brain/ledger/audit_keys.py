"""Which key signs which part of a trail, and the entry by which one key hands over to the next."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from json import loads
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from brain.domain.canonical import Json, canonical_bytes
from brain.domain.errors import InvalidInput
from brain.domain.identity import TenantId

Sign = Callable[[bytes], bytes]
"""Makes an Ed25519 signature."""
PublicKeys = bytes | Sequence[bytes]
"""The 32 bytes of one public key, or of several, oldest first."""
ROTATED: Final = "audit.key_rotated"
"""The kind of the entry from which on another key signs."""


class Handover(NamedTuple):
    """The entry of this number says so."""

    seq: int
    old: bytes
    new: bytes


def fingerprint(public_key: bytes) -> str:
    """A short name for a key: people compare these."""
    return "SHA256:" + sha256(public_key).hexdigest()[:32]


def handover(tenant: TenantId, old: bytes, new: bytes, sign: Sign) -> dict[str, Json]:
    """The payload of the entry: signed with the old key, so that only its holder can hand over."""
    return {
        "from": old.hex(),
        "to": new.hex(),
        "signature": sign(_handover_bytes(tenant, old, new)).hex(),
    }


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


class KeyRing:
    """The keys that an auditor trusts, oldest first, and what the trail says of when each signs."""

    def __init__(self, public_keys: PublicKeys) -> None:
        self.keys = (public_keys,) if isinstance(public_keys, bytes) else tuple(public_keys)
        if not self.keys:
            raise InvalidInput("no public key", field="public_key", remedy="Pass at least one.")
        self._checks = {key: signature_check(key) for key in reversed(self.keys)}
        self.handovers: list[Handover] = []

    def signer(self, message: bytes, signature: bytes) -> bytes | None:
        """Which of the keys signed this, if any."""
        for key, signed in self._checks.items():
            if signed(message, signature):
                return key
        return None

    def hand_over(self, tenant: TenantId, seq: int, payload: str) -> str:
        """Take in an entry by which a key handed over; what is wrong with it, or nothing."""
        try:
            said = loads(payload)
            old, new = bytes.fromhex(said["from"]), bytes.fromhex(said["to"])
            genuine = signature_check(old)(
                _handover_bytes(tenant, old, new), bytes.fromhex(said["signature"])
            )
        except (ValueError, TypeError, KeyError, InvalidInput):
            return "is no handover of a key"
        if not genuine:
            return "hands over a key without the signature of the old one"
        if self.handovers and self.handovers[-1].new != old:
            return "hands over another key than the one that signs there"
        self.handovers.append(Handover(seq, old, new))
        return ""

    def at(self, seq: int) -> bytes:
        """The key that signs this entry when it is the newest."""
        key = self.handovers[0].old if self.handovers else self.keys[-1]
        for each in self.handovers:
            key = each.new if seq >= each.seq else key
        return key

    def may_sign(self, key: bytes, seq: int) -> bool:
        """Whether a checkpoint of this entry may be by this key; where keys change, by either."""
        return key == self.at(seq) or any(
            (each.seq, each.old) == (seq, key) for each in self.handovers
        )

    def missing(self) -> list[str]:
        """What has to be said of the keys that were given, once the whole trail was walked."""
        wrong = [
            f"was signed with {fingerprint(each.old)} up to entry {each.seq}, which was not given"
            for each in self.handovers
            if each.old not in self.keys
        ]
        last = self.handovers[-1].new if self.handovers else self.keys[-1]
        if last not in self.keys:
            wrong.append(f"is signed with {fingerprint(last)} by now, which was not given")
        elif last != self.keys[-1]:
            newest = fingerprint(self.keys[-1])
            wrong.append(f"never says that {newest} took over, which was given as the newest key")
        return wrong


def _handover_bytes(tenant: TenantId, old: bytes, new: bytes) -> bytes:
    return canonical_bytes(
        {
            "what": "gatewright audit key handover",
            "tenant": tenant,
            "from": old.hex(),
            "to": new.hex(),
        }
    )
