"""Who may talk to us: HTTP digest (RFC 7616, RFC 2617), and basic where TLS hides it.

TR-069 3.4.5. All devices of one installation share one name and password for now, so a device
that has them could claim to be another one; per-device passwords belong in ``Doorkeeper`` alone.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from enum import Enum, auto
from hashlib import md5, sha256
from hmac import compare_digest
from urllib.parse import urlsplit

from executors.acs.nonces import Nonces

_MAX_HEADER = 4096
_FIELD = re.compile(r'([a-z]{1,20})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', re.IGNORECASE)
_COUNT = re.compile(r"[0-9a-fA-F]{8}")


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


HASHES: dict[str, Callable[[str], str]] = {"MD5": _md5, "SHA-256": _sha256}


class Admission(Enum):
    """What came of it."""

    GRANTED = auto()
    REFUSED = auto()
    STALE = auto()
    """Name and password are right and the nonce is used up: try again with the new one."""


class Doorkeeper:
    """Checks the Authorization header of one request."""

    def __init__(
        self,
        *,
        username: str,
        password: str,
        nonces: Nonces,
        realm: str = "gatewright",
        basic: bool = False,
        algorithms: tuple[str, ...] = ("MD5", "SHA-256"),
    ) -> None:
        """``basic`` only where TLS hides it. Many devices take the first algorithm or none."""
        self._username = username.encode()
        self._password = password.encode()
        self._realm = realm
        self._nonces = nonces
        self._basic = basic
        self._first_hash = {
            name: HASHES[name](f"{username}:{realm}:{password}") for name in algorithms
        }

    def check(self, method: str, path: str, authorization: str) -> Admission:
        """Whether this header is good for this request. An empty or unreadable one is not."""
        scheme, _, rest = authorization[:_MAX_HEADER].partition(" ")
        if scheme.lower() == "digest":
            return self._digest(method, path, rest)
        if scheme.lower() == "basic" and self._basic:
            return self._plain(rest)
        return Admission.REFUSED

    def challenges(self, *, stale: bool) -> list[str]:
        """The WWW-Authenticate headers that ask for it, best liked by devices first."""
        again = ", stale=true" if stale else ""
        nonce = self._nonces.new()
        asked = [
            f'Digest realm="{self._realm}", qop="auth", algorithm={name}, nonce="{nonce}"{again}'
            for name in self._first_hash
        ]
        return [*asked, f'Basic realm="{self._realm}"'] if self._basic else asked

    def _digest(self, method: str, path: str, rest: str) -> Admission:
        said = {
            found.group(1).lower(): found.group(2) or found.group(3) or ""
            for found in _FIELD.finditer(rest)
        }
        name = said.get("algorithm", "MD5").upper()
        first = self._first_hash.get(name)
        if first is None or not self._meant_for_us(said, path):
            return Admission.REFUSED
        expected = _response(HASHES[name], first, method, said)
        if not compare_digest(expected.encode(), said.get("response", "").lower().encode()):
            return Admission.REFUSED
        fresh = self._nonces.take(said["nonce"], int(said["nc"], 16))
        return Admission.GRANTED if fresh else Admission.STALE

    def _meant_for_us(self, said: dict[str, str], path: str) -> bool:
        # Without a quality of protection (RFC 2069) nothing would stop a replay.
        return (
            said.get("qop", "").lower() == "auth"
            and bool(_COUNT.fullmatch(said.get("nc", "")))
            and _path(said.get("uri", "")) == _path(path)
            and said.get("realm", "") == self._realm
            and compare_digest(said.get("username", "").encode(), self._username)
        )

    def _plain(self, rest: str) -> Admission:
        try:
            username, colon, password = b64decode(rest.strip(), validate=True).partition(b":")
        except ValueError:
            return Admission.REFUSED
        right_name = compare_digest(username, self._username)
        right = compare_digest(password, self._password) and right_name and bool(colon)
        return Admission.GRANTED if right else Admission.REFUSED


def _path(uri: str) -> str:
    try:
        return urlsplit(uri).path or "/"
    except ValueError:
        return ""


def _response(hashed: Callable[[str], str], first: str, method: str, said: dict[str, str]) -> str:
    second = hashed(f"{method}:{said.get('uri', '')}")
    parts = (first, said.get("nonce", ""), said["nc"], said.get("cnonce", ""), said["qop"], second)
    return hashed(":".join(parts))
