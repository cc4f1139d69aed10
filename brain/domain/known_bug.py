"""A bug of some device's software, as the operator knows it: what it does and how it shows."""

from dataclasses import dataclass

from brain.domain.incident import Symptom


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBug:
    """A bug of some software that the operator knows of."""

    versions: frozenset[str]
    model: str = ""
    """As the device names itself; empty: whichever runs these versions."""
    about: str
    """What it does, in one sentence for the agent."""
    symptoms: frozenset[Symptom]
    shown_by: str = ""
    """A figure of the device that is out of order while the bug shows; empty when none is."""
    shown_from: int = 0
    """From which value on that figure is out of order."""
    after_hours: float = 0.0
    """How long after a start it shows."""
    trigger: tuple[str, str] = ("", "")
    """A parameter and the value that sets it off; empty: nothing in particular does."""
    instead: str = ""
    """The value of that parameter that hides it."""
    mended_in: str = ""
    """The version that does not have it; empty when there is none yet."""
