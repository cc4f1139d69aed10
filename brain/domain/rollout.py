"""A rollout: one change for many devices, a few at a time, each of them a change like any other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from brain.domain.change import Change
from brain.domain.errors import Conflict, InvalidInput
from brain.domain.identity import CaseId, ChangeId, DeviceId, PrincipalId, ProposalId, TenantId
from brain.domain.life import State

RolloutId = NewType("RolloutId", str)

MOST_DEVICES: Final = 10_000
MOST_AT_ONCE: Final = 500
_FAILED: Final = (State.FAILED, State.ROLLED_BACK, State.UNKNOWN, State.REJECTED)
"""It was done and did not hold, nobody knows, or a person said no."""
_NOT_DONE: Final = (State.DENIED, State.EXPIRED, State.SUPERSEDED)


class RolloutState(StrEnum):
    """Where a rollout is."""

    RUNNING = "running"
    STOPPING = "stopping"
    """Nothing more is submitted, and what has not begun is taken back."""
    STOPPED = "stopped"
    DONE = "done"


class TargetState(StrEnum):
    """Where one device is, until it has a change."""

    PENDING = "pending"
    SUBMITTING = "submitting"
    """Its change may be there already, under the target's proposal."""
    SUBMITTED = "submitted"
    LEFT_OUT = "left_out"
    """No change could be made for it, or the rollout was stopped before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many at once, and when it is too much."""

    at_once: int = 20
    """Changes that are not at an end, at most."""
    first: int = 1
    """How many of them to begin with; one more for each that succeeded."""
    most_failed: int = 0
    """With one more than so many it stops by itself."""

    def __post_init__(self) -> None:
        """Refuse what would not be a pace."""
        if not 1 <= self.first <= self.at_once <= MOST_AT_ONCE:
            raise InvalidInput(
                f"not between 1 and {MOST_AT_ONCE}, with no more to begin with", field="at_once"
            )
        if not 0 <= self.most_failed <= MOST_DEVICES:
            raise InvalidInput("no number of devices", field="most_failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """What is wanted on every device of it, asked for by a person."""

    id: RolloutId
    tenant: TenantId
    name: str
    asked_by: PrincipalId
    steps: tuple[Change, ...]
    """As wanted: what each parameter was before is each device's own."""
    pace: Pace
    state: RolloutState = RolloutState.RUNNING
    reason: str = ""
    """Why it was stopped, in a sentence for a person."""
    stopped_by: str = ""
    created_at: datetime
    updated_at: datetime

    def stop(self, reason: str, by: str, now: datetime) -> "Rollout":
        """Stop it. Conflict for one that is not running."""
        if self.state is not RolloutState.RUNNING:
            raise Conflict(f"it is {self.state} already")
        return replace(
            self, state=RolloutState.STOPPING, reason=reason, stopped_by=by, updated_at=now
        )

    def ended(self, now: datetime) -> "Rollout":
        """Nothing of it is open any more."""
        stopping = self.state is RolloutState.STOPPING
        state = RolloutState.STOPPED if stopping else RolloutState.DONE
        return replace(self, state=state, updated_at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One device of a rollout."""

    rollout: RolloutId
    tenant: TenantId
    place: int
    device: DeviceId
    case: CaseId
    proposal: ProposalId
    """Made up before it is submitted, so that its change is found again after a crash."""
    state: TargetState = TargetState.PENDING
    change: ChangeId | None = None
    note: str = ""
    """Why it was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far a rollout has come: devices by where they are now."""

    by_state: Mapping[str, int]
    """By the state of their change, or of the target while there is none."""

    def of(self, *states: StrEnum) -> int:
        """How many are in one of these."""
        return sum(self.by_state.get(each.value, 0) for each in states)

    @property
    def total(self) -> int:
        """All of its devices."""
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        """Those that nothing was submitted for yet."""
        return self.of(TargetState.PENDING, TargetState.SUBMITTING)

    @property
    def open(self) -> int:
        """Those whose change is not at an end."""
        return self.of(State.AWAITING_APPROVAL, State.APPROVED, State.EXECUTING, State.VERIFYING)

    @property
    def succeeded(self) -> int:
        """Those that have it, and it held so far."""
        return self.of(State.SUCCEEDED)

    @property
    def failed(self) -> int:
        """Those that count towards stopping by itself; what nobody knows is no success."""
        return self.of(*_FAILED)

    @property
    def not_done(self) -> int:
        """Those that nothing was sent to, and will not be."""
        return self.of(*_NOT_DONE, TargetState.LEFT_OUT)

    def room(self, pace: Pace) -> int:
        """How many more may be submitted now."""
        window = min(pace.at_once, pace.first + self.succeeded)
        return max(0, window - self.open - self.of(TargetState.SUBMITTING))
