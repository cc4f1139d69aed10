"""Neighbours on one port or splitter suffer together: the cause is upstream, not in this home."""

from brain.domain.proposal import Cause, Evidence, Finding
from brain.domain.topology import NeighbourHealth
from brain.planner.candidates import Candidate, Observed
from brain.planner.deps import Neighbourhood

UPSTREAM = "shared-upstream"
"""The id of what it offers."""
_ROWS = 50


def shared_upstream(observed: Observed) -> list[Candidate]:
    """A hand-over to the network team when topology found a common cause."""
    return from_neighbours(observed.neighbourhood)


def from_neighbours(neighbourhood: Neighbourhood, *, silent: bool = False) -> list[Candidate]:
    """The same from the neighbours alone: it holds also when the device itself is silent.

    When it is, and the neighbours are too, the line is not bad but gone.
    """
    common = neighbourhood.common_cause
    if common is None:
        return []
    summary = (
        f"{common.suffering} of {common.known} devices below {common.kind} {common.name} "
        "have trouble at the same time"
    )
    rows = tuple(_row(each) for each in neighbourhood.health[:_ROWS])
    return [
        Candidate(
            id=UPSTREAM,
            finding=Finding(
                cause=_cause(neighbourhood, silent),
                confidence=0.95,
                summary=f"{summary}.",
                evidence=(Evidence(text=f"{summary}."), *rows),
            ),
            summary="Change nothing here, and hand the evidence to the network team.",
            hand_over=(
                f"For the network team: {summary}. Look at {common.kind} {common.name} and what "
                "feeds it; no setting of a single home will mend this."
            ),
        )
    ]


def _cause(neighbourhood: Neighbourhood, silent: bool) -> Cause:
    reasons = [each.reason for each in neighbourhood.health if each.suffering]
    gone = sum(reason.startswith("not heard from") for reason in reasons)
    return Cause.OUTAGE if silent and 2 * gone > len(reasons) else Cause.SHARED_UPSTREAM


def _row(each: NeighbourHealth) -> Evidence:
    how = each.reason or ("has trouble" if each.suffering else "is well")
    return Evidence(text=f"{each.device} on {each.node}: {how}")
