"""What each touched shaper would do after the plan."""

from collections.abc import Callable

import pytest

from brain.domain.change import AddObject, DeleteObject, SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Question
from policies.shapers import shapers

Ask = Callable[..., Question]
TABLE = "Device.QoS.Shaper."
ROW = TABLE + "1."
SAID = {ROW + "Enable": "false", ROW + "ShapingRate": "5"}


def set_to(leaf: str, after: str) -> SetParameter:
    return SetParameter(
        path=ParameterPath(ROW + leaf), type=ParameterType.STRING, before="", after=after
    )


def test_what_is_switched_on_has_the_rate_that_is_there(ask: Ask) -> None:
    asked = ask(set_to("Enable", "true"), values=SAID)

    assert shapers(asked) == {ROW + "Enable": {"enabled": True, "rate": 5}}


def test_both_changes_of_one_shaper_say_what_becomes_of_it(ask: Ask) -> None:
    asked = ask(set_to("Enable", "true"), set_to("ShapingRate", "90"), values=SAID)

    became = {"enabled": True, "rate": 90}
    assert shapers(asked) == {ROW + "Enable": became, ROW + "ShapingRate": became}


@pytest.mark.parametrize("text", ["", "tea", "9e9", "1" * 16, "90 "])
def test_a_rate_that_is_no_number_is_not_known(ask: Ask, text: str) -> None:
    asked = ask(set_to("ShapingRate", text))

    assert shapers(asked) == {ROW + "ShapingRate": {"enabled": None, "rate": None}}


def test_a_new_one_is_as_it_is_added_and_one_that_goes_is_not_spoken_of(ask: Ask) -> None:
    added = AddObject(path=ParameterPath(TABLE), values=(("Enable", "true"), ("ShapingRate", "-1")))

    assert shapers(ask(added)) == {TABLE: {"enabled": True, "rate": -1}}
    assert shapers(ask(DeleteObject(path=ParameterPath(ROW)))) == {}
