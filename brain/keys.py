"""The installation's own secrets, made once at the first start and kept in the data directory.

They appear all together or not at all, so a key that is missing later was lost, and is an error: a
new one in its place would make the store unreadable, or old audit heads look forged.
"""

import os
import stat
from base64 import urlsafe_b64encode
from binascii import Error as NotHex
from binascii import unhexlify
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex
from shutil import rmtree
from tempfile import mkdtemp
from typing import TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from brain.domain.errors import InvalidInput

FOLDER = "keys"
AUDIT_KEY = "audit-signing.pem"
_NEXT, _RETIRED, _MAKING = "audit-signing.next.pem", "audit-retired.keys", ".making"
_T = TypeVar("_T")
_RESTORE = "Restore the keys folder from a backup; a new key cannot stand in for a lost one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What this installation signs, encrypts and authenticates with. It never prints itself."""

    permit_signing: Ed25519PrivateKey = field(repr=False)
    audit_signing: Ed25519PrivateKey = field(repr=False)
    audit_retired: tuple[bytes, ...] = field(default=(), repr=False)
    """The public keys that audit heads and checkpoints were signed with before, oldest first."""
    store_encryption: bytes = field(repr=False)
    """32 bytes."""
    session_secret: str = field(repr=False)
    """64 hexadecimal characters."""
    acs_password: str = field(repr=False)
    """What devices authenticate with when the operator set nothing: 32 URL-safe characters."""

    @classmethod
    def open(cls, directory: Path, *, create: bool = True) -> "Keys":
        """Read the secrets below ``directory``, making them first where there is no folder of them.

        Any number of processes may start at once: one makes the set, all read it. Raises
        InvalidInput, naming the file and the remedy, for a file that is missing, malformed or
        readable by others, and, unless ``create``, for a folder that is not there.
        """
        folder = directory / FOLDER
        if not folder.exists():
            if not create:
                raise InvalidInput("there are no keys here", field=str(folder), remedy=_RESTORE)
            _make(folder)
        _check_mode(folder, stat.S_IWGRP | stat.S_IWOTH, "go-w")
        return cls(
            permit_signing=_read(folder / "permit-signing.pem", _signing_key),
            audit_signing=_read(folder / AUDIT_KEY, _signing_key),
            audit_retired=_retired(folder),
            store_encryption=_read(folder / "store-encryption.key", _store_key),
            session_secret=_read(folder / "session.secret", _session_secret),
            acs_password=_read(folder / "acs.password", _password),
        )

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same at every start."""
        return sha256(f"{purpose}:{self.session_secret}".encode()).digest()

    @property
    def audit_public(self) -> bytes:
        """The 32 bytes that audit heads and checkpoints are checked with, by anybody."""
        return self.audit_signing.public_key().public_bytes_raw()

    @property
    def audit_publics(self) -> tuple[bytes, ...]:
        """Every public key that an audit trail of this installation may need, oldest first."""
        return (*self.audit_retired, self.audit_public)


def next_audit_key(directory: Path) -> Ed25519PrivateKey:
    """The key that is to sign audit trails next: made now, or by a rotation that was cut short."""
    folder = directory / FOLDER
    if not (folder / _NEXT).exists():
        (folder / _MAKING).unlink(missing_ok=True)
        _write(folder / _MAKING, _new_pem())
        (folder / _MAKING).rename(folder / _NEXT)
        _sync(folder)
    return _read(folder / _NEXT, _signing_key)


def retire_audit_key(directory: Path, old: bytes) -> None:
    """Put the next key in the place of the old one, whose public half (32 bytes) is kept.

    Cut short it can be done again.
    """
    folder = directory / FOLDER
    kept = [*_retired(folder)]
    if old not in kept:
        (folder / _MAKING).unlink(missing_ok=True)
        _write(folder / _MAKING, b"".join(each.hex().encode() + b"\n" for each in [*kept, old]))
        (folder / _MAKING).rename(folder / _RETIRED)
    (folder / _NEXT).rename(folder / AUDIT_KEY)
    _sync(folder)


def _make(folder: Path) -> None:
    """Write a whole set beside its place and move it in at once; the first to do so wins."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = Path(mkdtemp(prefix=".keys-", dir=folder.parent))  # mkdtemp makes it 0700
    try:
        for name, content in _new_set().items():
            _write(making / name, content)
        _sync(making)
        _move(making, folder)
        _sync(folder.parent)
    finally:
        rmtree(making, ignore_errors=True)


def _move(making: Path, folder: Path) -> None:
    try:
        making.rename(folder)
    except OSError:
        # POSIX rename() refuses a folder with files in it: another process was first.
        if not folder.is_dir():
            raise


def _new_set() -> dict[str, bytes]:
    return {
        "permit-signing.pem": _new_pem(),
        AUDIT_KEY: _new_pem(),
        "store-encryption.key": token_hex(32).encode() + b"\n",
        "session.secret": token_hex(32).encode() + b"\n",
        "acs.password": urlsafe_b64encode(token_bytes(24)) + b"\n",
    }


def _new_pem() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path, parse: Callable[[bytes], _T]) -> _T:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InvalidInput("this key is missing", field=str(path), remedy=_RESTORE) from None
    except OSError as error:
        raise InvalidInput(
            f"cannot be read ({error.strerror})",
            field=str(path),
            remedy="Make it a file owned by the user that runs gatewright.",
        ) from None
    _check_mode(path, stat.S_IRWXG | stat.S_IRWXO, "600")
    try:
        return parse(content)
    except (ValueError, TypeError, NotHex, UnsupportedAlgorithm):
        # Not chained: what the parser says may quote the secret.
        raise InvalidInput("is not what was written", field=str(path), remedy=_RESTORE) from None


def _check_mode(path: Path, forbidden: int, remedy: str) -> None:
    if path.stat().st_mode & forbidden:
        raise InvalidInput(
            "others on this machine can reach it",
            field=str(path),
            remedy=f"Run: chmod {remedy} {path}; and replace what others may have read.",
        )


def _retired(folder: Path) -> tuple[bytes, ...]:
    """None where no key was ever rotated."""
    if not (folder / _RETIRED).exists():
        return ()
    return _read(folder / _RETIRED, _public_keys)


def _public_keys(content: bytes) -> tuple[bytes, ...]:
    return tuple(_store_key(line) for line in content.splitlines())


def _signing_key(content: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(content, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("another kind of key")
    return key


def _store_key(content: bytes) -> bytes:
    key = unhexlify(content.strip())
    if len(key) != 32:
        raise ValueError("not 32 bytes")
    return key


def _session_secret(content: bytes) -> str:
    _store_key(content)
    return content.decode("ascii").strip()


def _password(content: bytes) -> str:
    text = content.decode("ascii").strip()
    if len(text) < 16 or not text.isprintable():
        raise ValueError("too short, or not text")
    return text
