"""New Wi-Fi passphrases that can be read out over a telephone."""

from collections.abc import Callable, Sequence
from secrets import choice

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks or sounds like another


def new_passphrase(pick: Callable[[Sequence[str]], str] = choice) -> str:
    """Four groups of four: 79 bits, 19 characters (IEEE 802.11 allows 8 to 63)."""
    return "-".join("".join(pick(_LETTERS) for _ in range(4)) for _ in range(4))
