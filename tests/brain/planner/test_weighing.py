"""A model's view of the causes counts, and what the evidence shows counts for more."""

import pytest

from brain.domain.canonical import Json
from brain.domain.proposal import Cause
from brain.planner.groups import Group
from brain.planner.weighing import weighed

EVERYTHING = set(Group)


def thinks(cause: Cause, probability: float) -> dict[str, Json]:
    return {"cause": cause.value, "probability": probability}


def test_what_was_looked_for_and_is_not_there_weighs_little() -> None:
    thought = [thinks(Cause.RADIO_OFF, 0.9)]

    likely = weighed(thought, {Cause.NOTHING_WRONG: 0.5}, EVERYTHING)

    assert next(iter(likely)) is Cause.NOTHING_WRONG
    assert likely[Cause.RADIO_OFF] == pytest.approx(0.09)


def test_what_nobody_looked_for_weighs_what_the_model_says() -> None:
    likely = weighed([thinks(Cause.RADIO_OFF, 0.9)], {}, set())

    assert likely == {Cause.RADIO_OFF: 0.9}


def test_where_both_name_a_cause_the_evidence_counts_for_more() -> None:
    shows = {Cause.WRONG_DNS: 0.6, Cause.CONGESTED_CHANNEL: 0.55}
    thought = [thinks(Cause.CONGESTED_CHANNEL, 0.9), thinks(Cause.WRONG_DNS, 0.1)]

    likely = weighed(thought, shows, EVERYTHING)

    assert list(likely) == [Cause.CONGESTED_CHANNEL, Cause.WRONG_DNS]
    assert likely[Cause.WRONG_DNS] == pytest.approx(0.7 * 0.6 + 0.3 * 0.1)


def test_what_the_model_leaves_out_is_not_lost() -> None:
    likely = weighed([thinks(Cause.UNKNOWN, 0.2)], {Cause.WRONG_DNS: 0.9}, EVERYTHING)

    assert next(iter(likely)) is Cause.WRONG_DNS
