"""How much is being changed around a device just now: what rates and blast radius are judged on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Changes within one scope, the one that is being judged left out."""

    under_way: int
    """Begun and not ended."""
    last_hour: int
    """Whose first write was within the last hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One count for each scope the device lies in; None where it is known to lie in none."""

    device: Count
    model: Count
    tenant: Count
    site: Count | None = None
    port: Count | None = None
    olt: Count | None = None
