"""What a run tells the one who asked, while it runs and at its end."""

from dataclasses import dataclass, field
from typing import Literal

from brain.domain.canonical import Json

EventKind = Literal["step", "text", "question", "proposal", "hand_over", "denied", "failed", "done"]
"""``step``: what the planner is doing. ``done`` is the last event of every run, and only it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerEvent:
    """One thing that the planner says. ``text`` is plain text for a person, never markup."""

    kind: EventKind
    text: str
    payload: dict[str, Json] = field(default_factory=dict)
    """For a program: the card of a proposal, the evidence of a hand-over. Secrets are masked."""
