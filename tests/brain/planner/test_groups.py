"""What is read first depends on the symptom; the rest is read once, and never for a wish."""

import pytest

from brain.domain.incident import Symptom
from brain.planner.groups import Group, first_groups, further_groups, in_words, paths_of


@pytest.mark.parametrize("symptom", list(Symptom))
def test_the_model_and_firmware_are_always_read(symptom: Symptom) -> None:
    assert first_groups(symptom)[0] is Group.IDENTITY


def test_further_groups_are_those_not_read_yet() -> None:
    read = first_groups(Symptom.SLOW_WIFI)

    assert further_groups(Symptom.SLOW_WIFI, read) == (Group.DNS, Group.ADDRESSES)
    assert further_groups(Symptom.SLOW_WIFI, read, with_model=True) == (
        Group.DNS,
        Group.ADDRESSES,
        Group.HOSTS,
    )


@pytest.mark.parametrize("symptom", [Symptom.EXPLICIT_REQUEST, Symptom.FORGOT_WIFI_PASSPHRASE])
def test_a_wish_needs_no_further_evidence(symptom: Symptom) -> None:
    assert further_groups(symptom, ()) == ()


def test_every_path_is_an_object_and_concrete() -> None:
    paths = paths_of(Group)

    assert all(path.endswith(".") and "*" not in path for path in paths)
    assert len(set(paths)) == len(paths)


def test_groups_are_listed_as_a_person_would() -> None:
    assert in_words([Group.OPTICAL, Group.DNS]) == "optical signal, DNS settings"
