"""What a planner thread remembers across a restart: ids and plain JSON, nothing of a person.

Checkpoints copy the state and are not encrypted. So what the subscriber wrote, what the device said
and any new passphrase stay in the ``Notebook`` of the run, which is never written down; a run that
dies is simply begun anew. Only the wait for an outcome outlives a process, and it needs only ids.
"""

from typing import Literal, TypedDict

from brain.domain.canonical import Json

STATE_VERSION = 1
"""Raise it when a key changes meaning; a thread of another version is not resumed."""

Intent = Literal["change", "hand_over", "nothing", "mend", "again"]
"""What the choice came to. ``mend`` asks for another choice, ``again`` for another diagnosis."""


class PlannerState(TypedDict, total=False):
    """Everything a step leaves behind for the next one."""

    version: int
    case_id: str
    proposal_id: str
    symptom: str
    complains: bool
    """Whether something hurts although no symptom is known: the evidence is asked then."""
    follow_up: str
    """How the message goes on with the case; empty when it begins something."""
    rounds: int
    """How often evidence was gathered; three is the most (TR-069 sessions are not cheap)."""
    missing: list[str]
    """The evidence groups still to be read, by name."""
    intent: Intent
    cause: str
    problem: str
    """Why the last try could not be grounded; empty when it could."""
    repairs: int
    change_id: str
    change_state: str
    waits: bool
    """Whether this thread waits for the outcome of its change."""
    outcome: dict[str, Json]
    """What the ledger said became of the change."""
