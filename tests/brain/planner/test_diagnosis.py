"""Topology first, then the surest; history makes a change less sure when it went badly before."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.domain.fared import EffectSize
from brain.domain.history import TrackRecord
from brain.domain.incident import Symptom
from brain.domain.known_bug import KnownBug
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed
from brain.planner.deps import Neighbourhood
from brain.planner.diagnosis import (
    SURE_ENOUGH,
    find_candidates,
    is_clear,
    is_settled,
    surest_first,
    what_helped_more,
    with_track_record,
)
from brain.planner.facts import IntakeFacts
from brain.planner.playbook import Claim

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


def complaining(observed: Observed) -> Observed:
    return replace(observed, facts=IntakeFacts(symptom=Symptom.UNCLEAR, complains=True))


def test_where_something_hurts_and_no_word_says_what_the_evidence_tells(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    placed = find_candidates(observed_of(crowded))[0]
    unplaced = find_candidates(complaining(observed_of(crowded)))[0]

    assert unplaced.changes == placed.changes
    assert SURE_ENOUGH <= unplaced.finding.confidence < placed.finding.confidence


def test_without_words_a_setting_that_may_be_wanted_is_mentioned_and_not_changed(
    observed_of: "ObservedOf",
) -> None:
    strict = observed_of({"Device.Firewall.Config": "High"})

    (found,) = find_candidates(complaining(strict))

    assert found.finding.cause is Cause.FIREWALL_BLOCKS
    assert found.finding.confidence < SURE_ENOUGH


def test_without_words_two_kinds_of_trouble_that_are_as_sure_are_asked_about(
    observed_of: "ObservedOf",
) -> None:
    both = observed_of(WEAK | DNS)

    asked = find_candidates(complaining(both))[0]

    assert (asked.changes, asked.hand_over) == ((), "")
    assert "dBm of light" in asked.question
    assert "resolver" in asked.question


def test_without_words_what_may_only_follow_does_not_stand_beside_what_it_follows_from(
    observed_of: "ObservedOf",
) -> None:
    outside = "Device.IP.Interface.2.IPv4Address.1."
    online = {outside + "AddressingType": "DHCP", outside + "IPAddress": "198.51.100.7"}
    late = {"Device.Time.Enable": "false", "Device.Time.Status": "Error"}

    both = find_candidates(complaining(observed_of(online | late | DNS)))
    alone = find_candidates(complaining(observed_of(online | late)))

    assert (both[0].finding.cause, both[0].question) == (Cause.WRONG_DNS, "")
    assert alone[0].finding.cause is Cause.WRONG_TIME
    assert alone[0].finding.confidence >= SURE_ENOUGH


def test_without_words_a_bug_needs_a_figure_that_shows_it(observed_of: "ObservedOf") -> None:
    figure = "Device.DeviceInfo.ProcessStatus.CPUUsage"
    bug = KnownBug(versions=frozenset({"7.1"}), about="It stalls.", symptoms=frozenset())
    shown = replace(bug, shown_by=figure, shown_from=80)

    def found(bug: KnownBug) -> list[Cause]:
        observed = complaining(observed_of({figure: "85"}))
        told = replace(observed, deps=replace(observed.deps, known_bugs=(bug,)))
        return [each.finding.cause for each in find_candidates(told)]

    assert found(shown) == [Cause.KNOWN_BUG]
    assert found(bug) == []


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


def claim(cause: Cause, confidence: float) -> Candidate:
    told = Claim(cause=cause, confidence=confidence, said="It shows.")
    return told.mended_by((), "Mend it.")


def test_one_cause_far_before_all_others_is_clear() -> None:
    rival = claim(Cause.WRONG_DNS, 0.5)

    assert is_clear([rival, claim(Cause.RADIO_OFF, 0.9), claim(Cause.RADIO_OFF, 0.85)])


def test_what_is_not_sure_is_not_clear() -> None:
    assert not is_clear([])
    assert not is_clear([claim(Cause.RADIO_OFF, 0.7)])


def test_two_level_causes_are_not_clear() -> None:
    assert not is_clear([claim(Cause.RADIO_OFF, 0.9), claim(Cause.WRONG_DNS, 0.8)])


def test_that_nothing_is_wrong_is_never_clear() -> None:
    healed = Claim(cause=Cause.HEALED, confidence=0.9, said="It is well.").telling("Do nothing.")

    assert not is_clear([healed])


def measured(mean: float, margin: float | None = 0.05) -> TrackRecord:
    effect = EffectSize(measured=40, mean=mean, margin=margin)
    return TrackRecord(tried=40, succeeded=38, effect=effect)


@pytest.mark.parametrize(
    ("other", "first"),
    [
        (measured(0.6), "other"),
        (measured(0.32), "best"),  # by chance, it may be
        (measured(0.6, margin=None), "best"),  # measured only once
        (measured(0.1), "best"),
        (None, "best"),
    ],
)
def test_of_two_that_promise_the_same_the_one_that_helped_more_comes_first(
    observed_of: "ObservedOf", crowded: dict[str, str], other: TrackRecord | None, first: str
) -> None:
    best = replace(find_candidates(observed_of(crowded))[0], id="best")
    behind = replace(best.finding, confidence=best.finding.confidence - 0.1)
    rival = replace(best, id="other", finding=behind)

    ranked = surest_first(what_helped_more([(best, measured(0.3)), (rival, other)]))

    assert ranked[0].id == first
    assert len(ranked) == 2
    assert rival in ranked or other is not None


def test_what_treats_another_cause_is_not_compared(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    best = find_candidates(observed_of(crowded))[0]
    rival = replace(best, id="other", finding=replace(best.finding, cause=Cause.WRONG_WIDTH))

    assert what_helped_more([(best, measured(0.3)), (rival, measured(0.9))]) == [best, rival]
