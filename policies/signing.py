"""Signs permits. The private key stays here; executors check with the public one."""

from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.permit import Permit


@dataclass(frozen=True, slots=True)
class PermitSigner:
    """Ed25519 (RFC 8032) over every field of a permit but the signature."""

    key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_bytes(cls, seed: bytes) -> "PermitSigner":
        """From the 32 bytes of a private key."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that executors check permits with."""
        return self.key.public_key().public_bytes_raw()

    def sign(self, permit: Permit) -> Permit:
        """The same permit, signed."""
        return replace(permit, signature=self.key.sign(permit.signed_bytes))
