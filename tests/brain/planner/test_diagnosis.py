"""Topology first, then the surest; history makes a change less sure when it went badly before."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from brain.domain.history import TrackRecord
from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.deps import Neighbourhood
from brain.planner.diagnosis import find_candidates, is_settled, with_track_record

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

WEAK = {"Device.Optical.Interface.1.OpticalSignalLevel": "-29000"}
DNS = {"Device.DNS.Client.Server.1.Status": "Error"}


def test_when_neighbours_suffer_too_nothing_else_is_offered(
    observed_of: "ObservedOf", crowded: dict[str, str], together: Callable[..., Neighbourhood]
) -> None:
    found = find_candidates(observed_of(crowded | WEAK, around=together(5)))

    assert [each.finding.cause for each in found] == [Cause.SHARED_UPSTREAM]


@pytest.mark.parametrize("symptom", [Symptom.FORGOT_WIFI_PASSPHRASE, Symptom.EXPLICIT_REQUEST])
def test_a_wish_does_not_depend_on_the_neighbours(
    observed_of: "ObservedOf", together: Callable[..., Neighbourhood], symptom: Symptom
) -> None:
    found = find_candidates(observed_of(symptom=symptom, around=together(5)))

    assert Cause.SHARED_UPSTREAM not in {each.finding.cause for each in found}


def test_the_surest_comes_first(observed_of: "ObservedOf", crowded: dict[str, str]) -> None:
    found = find_candidates(observed_of(crowded | WEAK | DNS, symptom=Symptom.SITES_DO_NOT_OPEN))

    confidences = [each.finding.confidence for each in found]
    assert confidences == sorted(confidences, reverse=True)
    assert {each.finding.cause for each in found} == {
        Cause.WEAK_OPTICAL_SIGNAL,
        Cause.WRONG_DNS,
        Cause.CONGESTED_CHANNEL,
    }


def test_a_healthy_home_gives_no_candidates(observed_of: "ObservedOf") -> None:
    assert find_candidates(observed_of()) == ()


def test_nothing_is_looked_for_when_it_is_unclear(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    assert find_candidates(observed_of(crowded, symptom=Symptom.UNCLEAR)) == ()


def test_history_is_evidence(observed_of: "ObservedOf", crowded: dict[str, str]) -> None:
    best = find_candidates(observed_of(crowded))[0]

    told = with_track_record(best, TrackRecord(tried=10, succeeded=9))

    assert told.finding.confidence == best.finding.confidence
    assert "held 9 of 10 times" in told.finding.evidence[-1].text


@pytest.mark.parametrize(("tried", "halved"), [(4, False), (5, True)])
def test_a_bad_history_of_some_length_makes_it_less_sure(
    observed_of: "ObservedOf", crowded: dict[str, str], tried: int, halved: bool
) -> None:
    best = find_candidates(observed_of(crowded))[0]

    told = with_track_record(best, TrackRecord(tried=tried, succeeded=1))

    assert (told.finding.confidence < best.finding.confidence) is halved


@pytest.mark.parametrize("record", [None, TrackRecord(tried=0, succeeded=0)])
def test_no_history_says_nothing(
    observed_of: "ObservedOf", crowded: dict[str, str], record: TrackRecord | None
) -> None:
    best = find_candidates(observed_of(crowded))[0]

    assert with_track_record(best, record) == best


def test_what_was_asked_for_or_comes_from_upstream_needs_no_weighing(
    observed_of: "ObservedOf", crowded: dict[str, str], together: Callable[..., Neighbourhood]
) -> None:
    upstream = find_candidates(observed_of(around=together(3)))
    crowd = find_candidates(observed_of(crowded))

    assert is_settled(Symptom.SLOW_WIFI, upstream)
    assert is_settled(Symptom.EXPLICIT_REQUEST, ())
    assert not is_settled(Symptom.SLOW_WIFI, crowd)
