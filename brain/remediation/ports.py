"""What remediation needs of the rooms beside and above it."""

from dataclasses import dataclass
from typing import Protocol

from brain.domain.identity import ChangeId, Principal
from brain.domain.incident import Case
from brain.domain.remediation import Ending, Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one planner run."""

    ending: Ending = Ending.NONE
    """NONE: a change is in the ledger, and what becomes of it is not known yet."""
    said: str
    """In sentences for a person."""
    change: ChangeId | None = None
    again: bool = False
    """Nothing could be found out; it may be tried again."""


class Plans(Protocol):
    """Runs the planner for an incident, unattended."""

    async def look(self, incident: Incident, case: Case, service: Principal) -> Result:
        """What came of it. It submits at most the one proposal that the incident names, and nothing
        when the incident is a dry run, or is not claimed by whoever asks any more.
        """


class MayPropose(Protocol):
    """Whether policy lets a service propose."""

    async def __call__(self, service: Principal) -> bool:
        """Raises PolicyUnavailable when it cannot be asked."""
