"""A promise is kept, broken or unreadable: three answers, not two."""

from datetime import timedelta

import pytest

from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Direction, Effect


def promise(direction: Direction) -> Effect:
    return Effect(
        metric=ParameterPath("Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization"),
        direction=direction,
        before="180",
        by=40,
        within=timedelta(seconds=60),
    )


@pytest.mark.parametrize(
    ("after", "kept", "worse"),
    [("140", True, False), ("141", False, False), ("180", False, False), ("181", False, True)],
)
def test_a_promise_to_go_down(after: str, kept: bool, worse: bool) -> None:
    effect = promise(Direction.DOWN)

    assert (effect.kept(after), effect.worse(after)) == (kept, worse)


def test_a_promise_to_go_up_is_the_mirror() -> None:
    effect = promise(Direction.UP)

    assert effect.kept("220") is True
    assert effect.worse("179") is True


@pytest.mark.parametrize("after", [None, "", "n/a"])
def test_a_metric_that_cannot_be_read_is_neither_kept_nor_worse(after: str | None) -> None:
    effect = promise(Direction.DOWN)

    assert effect.kept(after) is None
    assert effect.worse(after) is None
