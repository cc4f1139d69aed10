"""Nonces of HTTP digest: signed with their time, so that any process of ours knows its own.

A nonce count is taken once and only upwards (RFC 7616 section 3.3 "nc"), so what was overheard
cannot be sent again. What is remembered is bounded: forgetting makes older nonces stale, never
fresh again.
"""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from hmac import compare_digest
from itertools import count
from secrets import randbits

_SIGNED = 16
"""Bytes of a signature."""


def numbered() -> Callable[[], str]:
    """Gives 16 hexadecimal digits at a time, which no other process gives: from a random number on.

    What signs them is what cannot be guessed, and chance takes a system call each time.
    """
    numbers = count(randbits(64))
    return lambda: f"{next(numbers) % 2**64:016x}"


class Nonces:
    """Makes nonces and takes them back, each count once."""

    def __init__(
        self,
        *,
        secret: bytes,
        seconds: Callable[[], float],
        unique: Callable[[], str],
        life: int,
        remembered: int = 262_144,
    ) -> None:
        self._mac = blake2b(key=secret, digest_size=_SIGNED)
        self._seconds = seconds
        self._unique = unique
        self._life = life
        self._remembered = remembered
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._floor = 0

    def new(self) -> str:
        """A nonce of now."""
        head = f"{int(self._seconds()):012x}{self._unique()}"
        return head + self._sign(head)

    def take(self, nonce: str, count: int) -> bool:
        """Whether this nonce is ours and live, and this count higher than any it came with."""
        head, signature = nonce[: -2 * _SIGNED], nonce[-2 * _SIGNED :]
        if not compare_digest(self._sign(head).encode(), signature.encode()):
            return False
        made = int(head[:12], 16)
        if made <= self._floor or made + self._life < self._seconds():
            return False
        if count <= self._counts.get(nonce, 0):
            return False
        self._counts[nonce] = count
        self._forget()
        return True

    def _sign(self, head: str) -> str:
        mac = self._mac.copy()
        mac.update(head.encode())
        return mac.hexdigest()

    def _forget(self) -> None:
        while self._counts:
            oldest = next(iter(self._counts))
            made = int(oldest[:12], 16)
            expired = made + self._life < self._seconds()
            if not expired and len(self._counts) <= self._remembered:
                return
            del self._counts[oldest]
            if not expired:
                self._floor = max(self._floor, made)
