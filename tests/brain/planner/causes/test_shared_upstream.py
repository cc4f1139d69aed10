"""When neighbours suffer together the network team gets the evidence."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from brain.domain.proposal import Cause
from brain.planner.causes.shared_upstream import shared_upstream
from brain.planner.deps import Neighbourhood

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf


def test_a_common_cause_is_handed_over_with_a_row_for_each_neighbour(
    observed_of: "ObservedOf", together: Callable[..., Neighbourhood]
) -> None:
    (found,) = shared_upstream(observed_of(around=together(4, well=1)))

    assert found.finding.cause is Cause.SHARED_UPSTREAM
    assert found.changes == ()
    assert "4 of 5 devices below splitter SPL-3" in found.hand_over
    rows = [item.text for item in found.finding.evidence[1:]]
    assert rows[0] == "dev_0 on spl_3: no light"
    assert rows[-1] == "dev_4 on spl_3: is well"


def test_without_a_common_cause_there_is_none(observed_of: "ObservedOf") -> None:
    assert shared_upstream(observed_of()) == []
