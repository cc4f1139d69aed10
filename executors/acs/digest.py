"""Who may talk to us: HTTP digest (RFC 7616, RFC 2617), and basic where TLS hides it.

TR-069 3.4.5. Which names and passwords there are is for the caller to say: one for all who come,
or those of the device whose name was given.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from hashlib import md5, sha256
from hmac import compare_digest
from urllib.parse import urlsplit

from executors.acs.nonces import Nonces

_MAX_HEADER = 4096
_FIELD = re.compile(r'([a-z]{1,20})\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s,"]+))', re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class Key:
    """A name and its password."""

    username: str
    password: str = field(repr=False)


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
        self._own = (Key(username, password),)
        self._realm = realm
        self._nonces = nonces
        self._basic = basic
        self._algorithms = algorithms

    @property
    def username(self) -> str:
        """The name of its own key."""
        return self._own[0].username

    def check(self, method: str, path: str, authorization: str) -> Admission:
        """Whether this header is good for this request. An empty or unreadable one is not."""
        found = self.which(method, path, shown_in(authorization))
        return found if isinstance(found, Admission) else Admission.GRANTED

    def which(
        self, method: str, path: str, shown: "Shown", keys: Sequence[Key] | None = None
    ) -> int | Admission:
        """The place of the key that a header was made with; REFUSED or STALE for none.

        Without ``keys`` its own one counts.
        """
        keys = self._own if keys is None else keys
        if shown.scheme == "digest":
            return self._digest(method, path, shown.fields, keys)
        if shown.scheme == "basic" and self._basic:
            return _plain(shown.rest, keys)
        return Admission.REFUSED

    def name_in(self, shown: "Shown") -> str:
        """The name that a header gives; empty where it gives none. Nothing is checked."""
        if shown.scheme == "digest":
            return shown.fields.get("username", "")
        if shown.scheme == "basic" and self._basic:
            return _pair(shown.rest)[0].decode(errors="replace")
        return ""

    def challenges(self, *, stale: bool) -> list[str]:
        """The WWW-Authenticate headers that ask for it, best liked by devices first."""
        again = ", stale=true" if stale else ""
        nonce = self._nonces.new()
        asked = [
            f'Digest realm="{self._realm}", qop="auth", algorithm={name}, nonce="{nonce}"{again}'
            for name in self._algorithms
        ]
        return [*asked, f'Basic realm="{self._realm}"'] if self._basic else asked

    def _digest(
        self, method: str, path: str, said: dict[str, str], keys: Sequence[Key]
    ) -> int | Admission:
        name = said.get("algorithm", "MD5").upper()
        if name not in self._algorithms or not self._meant_for_us(said, path):
            return Admission.REFUSED
        given = said.get("response", "").lower().encode()
        for place, key in enumerate(keys):
            expected = _response(name, key, method, said)
            if _is(said["username"].encode(), key.username) and compare_digest(
                expected.encode(), given
            ):
                fresh = self._nonces.take(said["nonce"], int(said["nc"], 16))
                return place if fresh else Admission.STALE
        return Admission.REFUSED

    def _meant_for_us(self, said: dict[str, str], path: str) -> bool:
        # Without a quality of protection (RFC 2069) nothing would stop a replay.
        return (
            said.get("qop", "").lower() == "auth"
            and bool(_COUNT.fullmatch(said.get("nc", "")))
            and _path(said.get("uri", "")) == _path(path)
            and said.get("realm", "") == self._realm
            and "username" in said
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """An Authorization header, read and not checked."""

    scheme: str
    rest: str = field(repr=False)
    fields: dict[str, str] = field(repr=False)
    """Of digest."""


def shown_in(authorization: str) -> Shown:
    """What this header shows."""
    name, _, rest = authorization[:_MAX_HEADER].partition(" ")
    scheme = name.lower()
    return Shown(scheme, rest, _fields(rest) if scheme == "digest" else {})


def _fields(rest: str) -> dict[str, str]:
    return {name.lower(): quoted or plain for name, quoted, plain in _FIELD.findall(rest)}


def _plain(rest: str, keys: Sequence[Key]) -> int | Admission:
    username, password = _pair(rest)
    for place, key in enumerate(keys):
        right_name = _is(username, key.username)
        if _is(password, key.password) and right_name:
            return place
    return Admission.REFUSED


def _pair(rest: str) -> tuple[bytes, bytes]:
    """Name and password of basic authentication (RFC 7617); both empty when it is none."""
    try:
        username, colon, password = b64decode(rest.strip(), validate=True).partition(b":")
    except ValueError:
        return b"", b""
    return (username, password) if colon else (b"", b"")


def _is(given: bytes, right: str) -> bool:
    return bool(right) and compare_digest(given, right.encode())


@lru_cache(maxsize=64)
def _path(uri: str) -> str:
    try:
        return urlsplit(uri).path or "/"
    except ValueError:
        return ""


def _response(name: str, key: Key, method: str, said: dict[str, str]) -> str:
    first = _first(name, key.username, said.get("realm", ""), key.password)
    second = _second(name, method, said.get("uri", ""))
    parts = (first, said.get("nonce", ""), said["nc"], said.get("cnonce", ""), said["qop"], second)
    return HASHES[name](":".join(parts))


@lru_cache(maxsize=4)  # the shared key, as a rule
def _first(name: str, username: str, realm: str, password: str) -> str:
    return HASHES[name](f"{username}:{realm}:{password}")


@lru_cache(maxsize=64)
def _second(name: str, method: str, uri: str) -> str:
    return HASHES[name](f"{method}:{uri}")
