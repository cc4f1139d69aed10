"""Chance that can be played again: everything random in a home comes from its seed."""

from hashlib import blake2b
from random import Random


def dice(seed: int, *labels: object) -> Random:
    """A generator of its own for this seed and purpose, whatever else drew numbers before."""
    return Random("/".join(str(part) for part in (seed, *labels)))  # noqa: S311 - not for secrets


def jitter(seed: int, label: str, bucket: int) -> float:
    """A number in [-1, 1] for this stretch of time: the same whenever and however often asked."""
    digest = blake2b(f"{seed}/{label}/{bucket}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**63 - 1
