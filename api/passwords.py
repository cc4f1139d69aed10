"""Passwords: which are good enough, how they are hashed, and how one is checked."""

import asyncio
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from brain.domain.errors import InvalidInput

LEAST = 15
"""Characters: what NIST SP 800-63B asks of a password that is the only proof."""
_MOST = 256
_AT_ONCE = 2
"""Each takes 64 MiB while it is made: more at once could take the memory from everything else."""
_LISTED = Path(__file__).with_name("commonest_passwords.txt")


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password is the one, and its hash anew where that is out of date."""

    right: bool
    rehashed: str = ""


class Passwords:
    """Hashes with argon2id, in threads, so that nobody else waits."""

    def __init__(self, hasher: PasswordHasher | None = None, *, least: int = LEAST) -> None:
        self._hasher = hasher or PasswordHasher()
        self._least = least
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str, *, name: str) -> str:
        """What is kept of it. Raises InvalidInput for one that is not good enough."""
        plain = _plain(password)
        _check(plain, name=name, least=self._least)
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, plain)

    async def check(self, kept: str | None, password: str) -> Checked:
        """Compare; with nothing kept, work as long and say no."""
        if len(password) > _MOST:
            return Checked(right=False)  # says nothing of anybody: no kept one is so long
        async with self._free:
            return await asyncio.to_thread(self._check, kept, _plain(password))

    def _check(self, kept: str | None, plain: str) -> Checked:
        try:
            self._hasher.verify(kept or self._nobodys, plain)
        except (VerificationError, InvalidHashError):
            return Checked(right=False)
        if kept is None:
            return Checked(right=False)
        stale = self._hasher.check_needs_rehash(kept)
        return Checked(right=True, rehashed=self._hasher.hash(plain) if stale else "")

    @cached_property
    def _nobodys(self) -> str:
        """Of no password that can be typed, with the parameters of all others."""
        return self._hasher.hash("\0")


def _plain(password: str) -> str:
    """One form for what different keyboards make of the same characters."""
    return unicodedata.normalize("NFKC", password)


def _check(plain: str, *, name: str, least: int) -> None:
    """Length and commonness, no rules of composition: those make passwords worse."""
    if not least <= len(plain) <= _MOST:
        raise _refused(
            f"the password has {len(plain)} characters", f"Use {least} to {_MOST}: some words do."
        )
    if "\0" in plain:
        raise _refused(
            "the password has a character that cannot be typed", "Use letters, digits and signs."
        )
    said = plain.casefold()
    if _is_common(said):
        raise _refused(
            "the password is one of the first that are guessed", "Use some words of your own."
        )
    for word in (name.casefold(), "gatewright"):
        if len(word) > 2 and word in said and len(said.replace(word, "")) < least // 2:
            raise _refused(
                f"the password is little more than {word!r}", "Use some words of your own."
            )


def _is_common(said: str) -> bool:
    """On the list, or one piece of it (or one or two characters) again and again."""
    letters = "".join(each for each in said if each.isalnum())
    unit = _unit(letters or said)
    return said in _commonest() or unit in _commonest() or len(unit) < 4 or _in_order(letters)


def _unit(text: str) -> str:
    """The shortest piece that gives the text when it is repeated; the text itself at the most."""
    return text[: (text + text).find(text, 1)]


def _in_order(letters: str) -> bool:
    """``abcdefg...`` or ``9876543...``: every step the same."""
    if len(letters) < 2:
        return False
    steps = {ord(b) - ord(a) for a, b in pairwise(letters)}
    return steps <= {1, -9} or steps <= {-1, 9}


@cache
def _commonest() -> frozenset[str]:
    lines = _LISTED.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _refused(what: str, remedy: str) -> InvalidInput:
    return InvalidInput(what, field="password", remedy=remedy)
