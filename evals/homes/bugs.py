"""Software with known bugs: which versions have them, what sets them off and what they do.

Versions are those of the invented makes. A bug is mended by other software only; a start or another
setting may hide it for a while.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """``speed`` is what is left of forwarding, ``loss`` a share of packets."""

    about: str
    versions: frozenset[str]
    trigger: tuple[str, str] = ("", "")
    """A parameter and the value it needs; empty: always."""
    after_hours: float = 0.0
    """How long after a start it shows."""
    speed: float = 1.0
    latency_ms: float = 0.0
    loss: float = 0.0
    names: bool = True


BUGS = {
    "nat_table": Bug(
        about="Entries of the address translation are never freed, so that new sessions fail.",
        versions=frozenset({"4.2.11", "7.10.2"}),
        after_hours=72.0,
        speed=0.5,
        loss=0.06,
        latency_ms=90.0,
    ),
    "power_save": Bug(
        about="Stations that sleep by U-APSD are forgotten for a second at a time.",
        versions=frozenset({"21.3.0-r7", "21.4.1"}),
        trigger=("Device.WiFi.AccessPoint.1.UAPSDEnable", "true"),
        loss=0.08,
        latency_ms=150.0,
    ),
    "dns_relay": Bug(
        about="The relay for names stops answering after a day.",
        versions=frozenset({"3.8.2", "21.3.0-r7"}),
        after_hours=24.0,
        names=False,
    ),
}
"""Bugs by name."""
