"""Autonomy is earned slowly, lost at once, and given by a person at the end."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.domain.autonomy import LADDER, NEVER, AutonomyRules, Bar, Evidence, Level, Standing
from brain.domain.autonomy import Subject as Playbook
from brain.domain.errors import Conflict
from brain.domain.identity import TenantId
from brain.domain.proposal import Cause

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULES = AutonomyRules(
    propose=Bar(tried=2, lower_bound=0.2),
    with_approval=Bar(tried=3, lower_bound=0.3),
    alone=Bar(tried=6, lower_bound=0.5, in_a_row=4),
    confirm="policy",
    shadow_for=timedelta(days=3),
)
FIRST = Standing(
    tenant=TenantId("north"),
    subject=Playbook(cause=Cause.WRONG_DNS, manufacturer="Acme", model="G1"),
)
look = settings(max_examples=100, deadline=None)

# A word on one of a few changes, whether its shadow was agreed with, or what a person says.
words = st.tuples(st.just("change"), st.integers(0, 9), st.booleans())
shadows = st.tuples(st.just("shadow"), st.just(0), st.booleans())
people = st.tuples(st.sampled_from(["raise", "lower"]), st.integers(0, 3), st.just(True))
stories = st.lists(st.one_of(words, words, words, shadows, people), max_size=60)
Told = tuple[str, int, bool]


def lived(story: Iterable[Told], rules: AutonomyRules = RULES) -> list[Standing]:
    """Where it stood from the beginning on, after each thing that happened."""
    standing, known = FIRST, dict[int, bool]()
    stood = [standing]
    for what, which, good in story:
        with suppress(Conflict):  # a person asked for what there is no evidence for
            standing = happened(standing, known, (what, which, good), rules)
        stood.append(standing)
    return stood


def happened(
    standing: Standing, known: dict[int, bool], told: Told, rules: AutonomyRules
) -> Standing:
    what, which, good = told
    if what == "change":
        was, known[which] = known.get(which), good
        return standing.heard(was, good, rules, at=NOW, why="it ended")
    if what == "shadow":
        return standing.compared(good, rules, at=NOW)
    level = LADDER[which]
    if what == "lower":
        return standing.lowered(level, by="ana", why="", at=NOW)
    return standing.raised(level, rules, by="ana", why="", at=NOW)


@look
@given(stories)
def test_it_never_rises_on_a_failure_and_never_acts_alone_after_one(story: list[Told]) -> None:
    stood = lived(story)

    for (what, _, good), before, after in zip(story, stood[:-1], stood[1:], strict=True):
        if what == "change" and not good:
            assert after.level.rank <= before.level.rank
            assert after.level is not Level.ALONE


@look
@given(stories)
def test_no_level_exceeds_what_the_evidence_carries(story: list[Told]) -> None:
    for standing in lived(story):
        assert standing.level.rank <= standing.carried(RULES).rank
        assert standing.level.rank <= standing.ceiling.rank


@look
@given(stories)
def test_only_a_person_raises_to_acting_alone(story: list[Told]) -> None:
    stood = lived(story)

    for (what, _, _), before, after in zip(story, stood[:-1], stood[1:], strict=True):
        if after.level is Level.ALONE and before.level is not Level.ALONE:
            assert what == "raise"


@look
@given(stories)
def test_the_same_story_ends_the_same(story: list[Told]) -> None:
    assert lived(story) == lived(story)


@look
@given(stories)
def test_the_evidence_is_the_last_word_on_each_change(story: list[Told]) -> None:
    last = {which: good for what, which, good in story if what == "change"}

    evidence = lived(story)[-1].evidence

    assert (evidence.tried, evidence.succeeded) == (len(last), sum(last.values()))
    assert evidence.in_a_row <= evidence.succeeded


@look
@given(stories)
def test_without_numbers_it_observes_for_ever(story: list[Told]) -> None:
    assert {each.level for each in lived(story, NEVER)} == {Level.OBSERVE}


def earned(count: int = 8) -> Standing:
    return lived([("change", n, True) for n in range(count)])[-1]


def test_changes_that_held_raise_it_as_far_as_approval_and_no_further() -> None:
    assert [each.level for each in lived([("change", n, True) for n in range(4)])] == [
        *(Level.OBSERVE, Level.OBSERVE, Level.PROPOSE),
        *(Level.WITH_APPROVAL, Level.WITH_APPROVAL),
    ]
    assert earned(50).level is Level.WITH_APPROVAL
    assert earned(50).carried(RULES) is Level.ALONE


def test_agreement_alone_raises_it_to_proposing_and_no_further() -> None:
    assert lived([("shadow", 0, True)] * 50)[-1].level is Level.PROPOSE


def test_a_person_raises_to_what_was_earned_and_a_failure_takes_it_at_once() -> None:
    alone = earned().raised(Level.ALONE, RULES, by="ana", why="it held all winter", at=NOW)
    assert (alone.level, alone.by) == (Level.ALONE, "ana")

    fallen = alone.heard(None, False, RULES, at=NOW, why="chg_1 was rolled back")

    assert (fallen.level, fallen.by) == (Level.WITH_APPROVAL, "gatewright")
    assert fallen.why == "chg_1 was rolled back"
    assert fallen.evidence.in_a_row == 0


def test_harm_that_shows_later_takes_the_success_back() -> None:
    alone = earned().raised(Level.ALONE, RULES, by="ana", why="", at=NOW)

    fallen = alone.heard(True, False, RULES, at=NOW, why="harm")

    assert fallen.level is Level.WITH_APPROVAL
    assert (fallen.evidence.tried, fallen.evidence.succeeded) == (8, 7)


def test_a_silent_device_that_comes_back_well_counts_once() -> None:
    silent = earned().heard(None, False, RULES, at=NOW, why="silent")

    back = silent.heard(False, True, RULES, at=NOW, why="back")

    assert back.evidence == Evidence(tried=9, succeeded=9, in_a_row=0)


def test_nobody_raises_beyond_the_evidence() -> None:
    with pytest.raises(Conflict, match="carries act_with_approval and no more"):
        earned(4).raised(Level.ALONE, RULES, by="ana", why="", at=NOW)


def test_what_a_person_lowered_stays_there_until_a_person_raises_it() -> None:
    lowered = earned().lowered(Level.OBSERVE, by="ana", why="complaints", at=NOW)

    later = lowered.heard(None, True, RULES, at=NOW, why="held")

    assert later.level is Level.OBSERVE
    assert later.raised(Level.WITH_APPROVAL, RULES, by="ana", why="", at=NOW).level.submits


def test_lowering_raises_nothing() -> None:
    with pytest.raises(Conflict, match="which is less already"):
        FIRST.lowered(Level.PROPOSE, by="ana", why="", at=NOW)


def test_stricter_rules_hold_at_once() -> None:
    alone = earned().raised(Level.ALONE, RULES, by="ana", why="", at=NOW)
    stricter = replace(RULES, alone=Bar(tried=100, lower_bound=0.5))

    assert alone.held_to(stricter, at=NOW).level is Level.WITH_APPROVAL
    assert alone.held_to(RULES, at=NOW) == alone
