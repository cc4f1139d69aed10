"""Misbehaviour to inject into one home: how real devices let a controller down."""

from dataclasses import dataclass
from enum import StrEnum


class Loss(StrEnum):
    """When the line drops while values are being set."""

    BEFORE = "before"
    """Nothing was applied, and nobody is told."""
    AFTER = "after"
    """Everything was applied, and nobody is told."""


@dataclass(slots=True)
class Faults:
    """What is wrong with a home's manners. All off, it is a model citizen."""

    deaf: bool = False
    """No connection request is answered, and no session opened."""
    busy: bool = False
    """Connection requests are answered 503 (TR-069 3.2.2.1)."""
    refuse_sets: int = 0
    """Answer the next SetParameterValues with this fault code."""
    lose_line: Loss | None = None
    """Drop the line at the next SetParameterValues."""
    silent_after_loss: float = 0.0
    """Then stay silent for so many seconds."""
    lie: bool = False
    """Answer a set with status 0 and change nothing."""
    needs_reboot: bool = False
    """Answer a set with status 1 and apply it at the next start only."""
    reboot_on_set: bool = False
    """Start anew after every set, without having been told to."""
    slow: float = 0.0
    """Seconds before each answer."""
    garble: bool = False
    """Make the next answer unreadable."""
    forgets_cookies: bool = False
    """Return no cookie, ever."""
