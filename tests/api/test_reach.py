"""Whom a change reaches is said in sentences, and what nobody knows is never nobody."""

import pytest

from api.reach import reach_said
from api.shapes.verdicts import ReachShape


@pytest.mark.parametrize(
    ("clients", "others", "said"),
    [
        (0, 0, "It reaches no device in this home and no other home."),
        (1, 0, "It reaches 1 device in this home and no other home."),
        (12, 1, "It reaches 12 devices in this home and 1 other home."),
        (2, 255, "It reaches 2 devices in this home and 255 other homes."),
        (
            None,
            None,
            "It reaches an unknown number of devices in this home; "
            "how many other homes, nobody can tell.",
        ),
    ],
)
def test_who_is_reached_is_said(clients: int | None, others: int | None, said: str) -> None:
    assert reach_said(ReachShape(clients=clients, others=others, sharing={})) == said


def test_who_shares_something_with_it_is_said_and_no_further_than_it_was_counted() -> None:
    sharing = {"splitter": 31, "port": 255, "software": 1000, "area": 0}
    reach = ReachShape.model_validate({"clients": 1, "others": 0, "sharing": sharing})

    assert reach_said(reach).endswith(
        "Other devices: 31 on its splitter, 255 on its port, 1,000 or more with its software."
    )
