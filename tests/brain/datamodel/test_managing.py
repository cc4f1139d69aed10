"""What is known of how a device is managed is checked as its own parameters are."""

import pytest

from brain.datamodel.managing import GENIE, MANAGED_BY, TAGS
from brain.datamodel.validation import validate
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidPlan, InvalidValue
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot
from evals.hand_clock import NOON

SAYS = Snapshot(device=DeviceId("d"), taken_at=NOON, values={TAGS: "vip", MANAGED_BY: "genieacs"})


def checked(path: ParameterPath, after: str, says: Snapshot = SAYS) -> str:
    wish = SetParameter(path=path, type=ParameterType.STRING, before="", after=after)
    change = validate(wish, says, model="tr181-cwmp")
    assert isinstance(change, SetParameter)
    return change.after


@pytest.mark.parametrize("tags", ["", "pilot", "pilot,vip_2,x-y"])
def test_tags_are_plain_words_with_commas_between(tags: str) -> None:
    assert checked(TAGS, tags) == tags


@pytest.mark.parametrize("tags", ["a b", "a/b", "a,*", "é", "x" * 65, "a,,b", "a\nb"])
def test_what_is_no_plain_word_is_no_tag(tags: str) -> None:
    with pytest.raises(InvalidValue):
        checked(TAGS, tags)


def test_a_controller_is_one_of_four() -> None:
    assert checked(MANAGED_BY, "usp") == "usp"
    with pytest.raises(InvalidValue):
        checked(MANAGED_BY, "snmp")


def test_a_device_that_is_not_in_genieacs_has_no_tags() -> None:
    elsewhere = Snapshot(device=DeviceId("d"), taken_at=NOON, values={MANAGED_BY: "acs"})

    with pytest.raises((InvalidPlan, InvalidValue)):
        checked(TAGS, "vip", elsewhere)


def test_there_is_nothing_else_in_their_objects() -> None:
    with pytest.raises((InvalidPlan, InvalidValue)):
        checked(ParameterPath(f"{GENIE}Name"), "x")
