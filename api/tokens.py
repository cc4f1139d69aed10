"""API tokens: made once, shown once, kept only as a hash."""

from collections.abc import Callable
from hashlib import sha256
from secrets import token_urlsafe

PREFIX = "gwt_"
_BYTES = 32
_LONGEST = 128


def new_token(random: Callable[[int], str] = token_urlsafe) -> str:
    """A token of 256 random bits, with a prefix that secret scanners and redaction know."""
    return PREFIX + random(_BYTES)


def token_hash(token: str) -> str:
    """What the store keeps. The token has full entropy, so a plain digest cannot be reversed.

    The lookup by hash also leaks nothing through its timing: who asks cannot choose the hash.
    """
    return sha256(token.encode()).hexdigest()


def looks_like_token(text: str) -> bool:
    """Whether it is worth asking the store for."""
    return text.startswith(PREFIX) and len(text) <= _LONGEST
