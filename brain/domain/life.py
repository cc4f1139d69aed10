"""The states of a change and the only arrows between them."""

from enum import StrEnum

from brain.domain.errors import Conflict


class State(StrEnum):
    """Where a change is in its life."""

    DENIED = "denied"
    AWAITING_APPROVAL = "awaiting_approval"
    REJECTED = "rejected"
    EXPIRED = "expired"
    APPROVED = "approved"
    EXECUTING = "executing"
    VERIFYING = "verifying"
    SUPERSEDED = "superseded"
    SUCCEEDED = "succeeded"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"
    UNKNOWN = "unknown"


BEGINNINGS = frozenset({State.DENIED, State.AWAITING_APPROVAL, State.APPROVED})

ARROWS: dict[State, frozenset[State]] = {
    State.AWAITING_APPROVAL: frozenset(
        {State.APPROVED, State.REJECTED, State.EXPIRED, State.SUPERSEDED}
    ),
    # Until it begins, an approval can be taken back and anybody who was asked can still reject.
    State.APPROVED: frozenset(
        {
            State.EXECUTING,
            State.AWAITING_APPROVAL,
            State.REJECTED,
            State.EXPIRED,
            State.SUPERSEDED,
            State.DENIED,
        }
    ),
    # Back only while nothing was sent: to the reviewers when policy asks for more of them, and to
    # the approved ones when it has to wait for what passes by itself.
    State.EXECUTING: frozenset(
        {
            State.APPROVED,
            State.VERIFYING,
            State.AWAITING_APPROVAL,
            State.SUPERSEDED,
            State.DENIED,
            State.FAILED,
            State.UNKNOWN,
        }
    ),
    State.VERIFYING: frozenset({State.SUCCEEDED, State.ROLLED_BACK, State.FAILED, State.UNKNOWN}),
    # A silent device is looked at again; what it then says may settle the change.
    State.UNKNOWN: frozenset({State.VERIFYING, State.SUCCEEDED, State.ROLLED_BACK, State.FAILED}),
    # Harm that shows only later takes a success back, which has to be seen through as ever.
    State.SUCCEEDED: frozenset({State.VERIFYING}),
}

ENDS = frozenset(State) - frozenset(ARROWS) | {State.UNKNOWN, State.SUCCEEDED}


def check_arrow(start: State, end: State) -> None:
    """Raise Conflict unless a change may go from ``start`` to ``end``."""
    if end not in ARROWS.get(start, frozenset()):
        raise Conflict(f"a change that is {start} cannot become {end}")
