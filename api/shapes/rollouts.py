"""Rollouts: what is wanted on many devices, and how far it has come."""

from datetime import datetime

from pydantic import Field

from api.masking import Mask
from api.shapes.base import Shape
from brain.domain.change import Command, SetParameter
from brain.domain.life import State
from brain.domain.rollout import MOST_AT_ONCE, MOST_DEVICES, Rollout, RolloutState, Tally, Target


class StepRequest(Shape):
    """A parameter to set, or without a value a command to carry out."""

    path: str = Field(max_length=256, examples=["Device.WiFi.Radio.1.Channel"])
    value: str | None = Field(None, max_length=4096, examples=["11"])
    arguments: dict[str, str] = Field({}, max_length=32, description="Of a command.")


class RolloutRequest(Shape):
    """What to do on which devices, and how carefully."""

    name: str = Field(max_length=80, examples=["Resolvers of the north"])
    steps: list[StepRequest] = Field(min_length=1, max_length=20)
    devices: list[str] = Field(min_length=1, max_length=MOST_DEVICES)
    at_once: int = Field(
        20, ge=1, le=MOST_AT_ONCE, description="Changes that are not at an end, at most."
    )
    first: int = Field(
        1,
        ge=1,
        le=MOST_AT_ONCE,
        description="So many at first; one more for each success.",
    )
    most_failed: int = Field(
        0, ge=0, le=MOST_DEVICES, description="With one more than so many it stops by itself."
    )


class StopRequest(Shape):
    """Why it is stopped."""

    reason: str = Field(min_length=1, max_length=500)


class StepShape(Shape):
    """One step."""

    path: str
    value: str | None = Field(None, description="Absent for a command, or when masked.")


class RolloutShape(Shape):
    """A rollout, and how far it has come."""

    id: str
    name: str
    asked_by: str
    state: RolloutState
    reason: str = Field("", description="Why it was stopped.")
    stopped_by: str = ""
    created_at: datetime
    updated_at: datetime
    steps: list[StepShape]
    at_once: int
    first: int
    most_failed: int
    total: int
    waiting: int = Field(description="Nothing was submitted for them yet.")
    open: int = Field(description="Their changes are not at an end.")
    awaiting_approval: int = Field(description="Of these, so many wait for people.")
    succeeded: int
    failed: int = Field(description="Failed, rolled back, unknown, or rejected by a person.")
    not_done: int = Field(description="Denied, expired, taken back or left out: nothing was sent.")

    @classmethod
    def of(cls, rollout: Rollout, tally: Tally, mask: Mask) -> "RolloutShape":
        """As it is now."""
        return cls(
            id=rollout.id,
            name=rollout.name,
            asked_by=rollout.asked_by,
            state=rollout.state,
            reason=rollout.reason,
            stopped_by=rollout.stopped_by,
            created_at=rollout.created_at,
            updated_at=rollout.updated_at,
            steps=[_step(each, mask) for each in rollout.steps],
            at_once=rollout.pace.at_once,
            first=rollout.pace.first,
            most_failed=rollout.pace.most_failed,
            total=tally.total,
            waiting=tally.waiting,
            open=tally.open,
            awaiting_approval=tally.of(State.AWAITING_APPROVAL),
            succeeded=tally.succeeded,
            failed=tally.failed,
            not_done=tally.not_done,
        )

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in (RolloutState.DONE, RolloutState.STOPPED)


class RolloutDeviceShape(Shape):
    """One device of a rollout."""

    device: str
    state: str = Field(description="Of its change; `pending` or `left_out` where it has none.")
    change: str = ""
    note: str = Field("", description="Why it was left out.")

    @classmethod
    def of(cls, target: Target, state: State | None) -> "RolloutDeviceShape":
        """Where it is now."""
        return cls(
            device=target.device,
            state=(state or target.state).value,
            change=target.change or "",
            note=target.note,
        )


def _step(change: object, mask: Mask) -> StepShape:
    if isinstance(change, SetParameter):
        return StepShape(path=change.path, value=mask.value(change.path, change.after))
    assert isinstance(change, Command)
    return StepShape(path=change.path)
