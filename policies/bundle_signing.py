"""Signs bundles, so that an OPA server takes rules from nobody else.

The format is OPA's (Bundles, "Signing"): ``.signatures.json`` holds a JWT that lists the SHA-256 of
every file. OPA does not take Ed25519, so the key is one on P-256.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc.jwk import ECKey
from joserfc.jws import serialize_compact

from brain.domain.canonical import Json, canonical_bytes
from policies.bundle import Bundle
from policies.packed import SIGNATURES, members, pack

ALGORITHM = "ES256"
KEY_ID = "gatewright"
BUNDLES = "policy bundles"
"""The purpose that the installation derives the secret for."""
_STRUCTURED = (".json", ".manifest")
"""OPA hashes what these hold, not how it is written: keys in order and no spaces."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the base point of P-256 (FIPS 186-5); private keys are below it."""


@dataclass(frozen=True, slots=True)
class BundleSigner:
    """Signs with one key."""

    key: EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "BundleSigner":
        """With the key that follows from this secret, the same at every start."""
        number = int.from_bytes(sha256(b"1" + secret).digest() + sha256(b"2" + secret).digest())
        return cls(derive_private_key(number % (_ORDER - 1) + 1, SECP256R1()))

    @property
    def public_pem(self) -> str:
        """What an OPA server verifies with."""
        key = self.key.public_key()
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def signed(self, bundle: Bundle) -> bytes:
        """The packed bundle with its signature in it."""
        files = members(bundle.modules, bundle.data, bundle.revision)
        listed: list[Json] = [
            {"name": name, "hash": _hash(name, content), "algorithm": "SHA-256"}
            for name, content in files.items()
        ]
        token = serialize_compact(
            {"alg": ALGORITHM, "typ": "JWT", "kid": KEY_ID},
            canonical_bytes({"files": listed, "keyid": KEY_ID}),
            ECKey.import_key(
                self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            ),
        )
        return pack({SIGNATURES: json.dumps({"signatures": [token]}).encode(), **files})


def _hash(name: str, content: bytes) -> str:
    if name.endswith(_STRUCTURED):
        content = canonical_bytes(json.loads(content))
    return sha256(content).hexdigest()
