"""Every cause has one playbook, read for where it is expected, and weighed by what hurts."""

from typing import TYPE_CHECKING

import pytest

from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.evidence import WISHES, first_groups, further_groups, untold
from brain.planner.groups import Group
from brain.planner.playbooks import PLAYBOOKS

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

COMPLAINTS = [each for each in Symptom if each not in WISHES and each is not Symptom.UNCLEAR]
NOT_LOOKED_FOR = {
    Cause.FORGOTTEN_PASSPHRASE,
    Cause.REQUESTED,
    Cause.SHARED_UPSTREAM,
    Cause.NOTHING_WRONG,
    Cause.UNKNOWN,
}
"""Asked for, told by the neighbours, or what is left when nothing is found."""


def test_every_cause_that_a_home_shows_has_exactly_one_playbook() -> None:
    causes = [each.cause for each in PLAYBOOKS]

    assert len(set(causes)) == len(causes)
    assert set(causes) == set(Cause) - NOT_LOOKED_FOR


@pytest.mark.parametrize("symptom", COMPLAINTS)
def test_every_complaint_is_explained_by_some_cause_and_read_for(symptom: Symptom) -> None:
    explaining = [each for each in PLAYBOOKS if symptom in each.explains]

    assert explaining
    assert {group for each in explaining for group in each.reads} <= set(first_groups(symptom))


@pytest.mark.parametrize("symptom", list(Symptom))
def test_the_model_and_firmware_are_always_read(symptom: Symptom) -> None:
    assert first_groups(symptom)[0] is Group.IDENTITY


def test_where_no_symptom_is_known_everything_is_read() -> None:
    read = set(first_groups(Symptom.UNCLEAR))

    assert {group for each in PLAYBOOKS for group in each.reads} <= read


def test_further_groups_are_those_not_read_yet_that_could_still_tell() -> None:
    read = first_groups(Symptom.SLOW_WIFI)

    further = further_groups(Symptom.SLOW_WIFI, read)

    assert Group.DNS in further
    assert not set(further) & set(read)
    assert Group.VENDOR not in further


def test_a_model_may_ask_for_whatever_was_not_read() -> None:
    further = further_groups(Symptom.SLOW_WIFI, [Group.IDENTITY], with_model=True)

    assert set(further) == set(Group) - {Group.IDENTITY}


@pytest.mark.parametrize("symptom", sorted(WISHES))
def test_a_wish_needs_no_further_evidence(symptom: Symptom) -> None:
    assert further_groups(symptom, ()) == ()


def test_a_cause_is_less_likely_under_another_complaint(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    (book,) = [each for each in PLAYBOOKS if each.cause is Cause.CONGESTED_CHANNEL]

    slow = book.candidates(observed_of(crowded))[0]
    names = book.candidates(observed_of(crowded, symptom=Symptom.SITES_DO_NOT_OPEN))[0]
    telephone = next(each for each in PLAYBOOKS if each.cause is Cause.VOICE_CODEC)

    assert names.finding.confidence < slow.finding.confidence
    assert telephone.fit(Symptom.SLOW_WIFI) == 0


def test_what_every_device_knows_and_this_one_does_not_tell_is_named(
    observed_of: "ObservedOf",
) -> None:
    told = observed_of().snapshot
    dark = observed_of({"Device.Optical.Interface.1.OpticalSignalLevel": None}).snapshot
    read = first_groups(Symptom.NO_INTERNET)

    assert untold(Symptom.NO_INTERNET, told, read) == ()
    assert set(untold(Symptom.NO_INTERNET, dark, read)) == {Group.OPTICAL, Group.LINE}
