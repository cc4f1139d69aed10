"""What the device or controller says became of a plan."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from brain.domain.identity import PlanDigest


class Progress(StrEnum):
    """Three ends, and no fourth: no answer is never a success."""

    APPLIED = "applied"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One attempt at applying one plan."""

    progress: Progress
    at: datetime
    detail: str = ""
    fault: str = ""
    """The protocol's own fault code, when it refused."""
    already: bool = False
    """The device already was as wanted, so nothing was sent."""
    needs_reboot: bool = False
    """TR-069 A.3.2.1: SetParameterValues status 1, committed but not yet in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStep:
    """One line of the road that carrying a change out took."""

    attempt: int
    step: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOutcome(Outcome):
    """An outcome as it is kept: with the plan it is about, the change's own or its rollback."""

    plan_digest: PlanDigest
