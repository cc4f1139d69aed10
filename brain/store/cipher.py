"""Encryption at rest: AES-256-GCM, bound to the place where the bytes are kept."""

from hashlib import sha256
from hmac import digest as hmac_digest
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from brain.domain.errors import InvalidInput, Unreadable

_FORMAT = b"\x01"
_KEY_BYTES = 32
_ID_BYTES = 4
_NONCE_BYTES = 12
_HEADER_BYTES = len(_FORMAT) + _ID_BYTES


class Cipher:
    """Seals with the newest key and opens with any it was given.

    A sealed message is ``format (1) | key id (4) | nonce (12) | ciphertext and tag``. The format
    and key id are authenticated together with the caller's context, so bytes moved to another row
    do not open. Nonces are random: change keys well before 2**32 messages under one.
    """

    def __init__(self, key: bytes, *older: bytes) -> None:
        for each in (key, *older):
            if len(each) != _KEY_BYTES:
                raise InvalidInput(
                    f"the key has {len(each)} bytes",
                    field="key",
                    remedy=f"Use {_KEY_BYTES} random bytes.",
                )
        self._newest = _key_id(key)
        self._keys = {_key_id(each): AESGCM(each) for each in (*older, key)}
        self._index_key = hmac_digest((older or (key,))[-1], b"gatewright blind index", "sha256")

    def encrypt(self, message: bytes, context: bytes) -> bytes:
        """Seal the message; only this same context opens it."""
        header = _FORMAT + self._newest
        nonce = urandom(_NONCE_BYTES)
        sealed = self._keys[self._newest].encrypt(nonce, message, header + context)
        return header + nonce + sealed

    def decrypt(self, sealed: bytes, context: bytes) -> bytes:
        """Open it, or raise Unreadable: another key, another place, or altered bytes."""
        header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        key = self._keys.get(header[len(_FORMAT) :])
        if key is None or not header.startswith(_FORMAT):
            raise Unreadable(
                "a stored record is under a key that was not given",
                remedy="Start with the key that the data was written with.",
            )
        try:
            return key.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + context)
        except (InvalidTag, ValueError) as error:
            raise Unreadable(
                "a stored record was altered since it was written",
                remedy="Restore it from a backup of the database and find out who wrote there.",
            ) from error

    def blind(self, text: str, context: bytes) -> bytes:
        """A keyed digest to look text up by without keeping it; stable while keys are rotated.

        It is taken with the oldest key, so drop that one only after writing the indexes anew.
        """
        message = len(context).to_bytes(4, "big") + context + text.encode("utf-8", "surrogatepass")
        return hmac_digest(self._index_key, message, "sha256")[:16]


def _key_id(key: bytes) -> bytes:
    return sha256(b"gatewright key id" + key).digest()[:_ID_BYTES]
