"""Whatever a device says, the rules answer without stumbling, and set only what may be set."""

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.datamodel.catalogue import catalogue
from brain.domain.errors import InvalidInput
from brain.domain.incident import Symptom
from brain.planner.candidates import MoreNeeded
from brain.planner.evidence import WISHES
from brain.planner.grounding import ground

if TYPE_CHECKING:
    from tests.evals.planner.conftest import Visit

NONSENSE = [
    "",
    "-1",
    "0",
    "9" * 5000,
    "true",
    "false",
    "Error",
    "300.1.1.1",
    "::1",
    ",,,",
    "\u00b2",
]
COMPLAINTS = [each for each in Symptom if each not in WISHES and each is not Symptom.UNCLEAR]


@pytest.mark.parametrize("model", ["brightmoor-hearth6", "quillon-q5", "ferncliff-v2"])
@pytest.mark.parametrize("share", [0.1, 0.9])
def test_nonsense_from_a_device_stops_nobody(visit: "Visit", model: str, share: float) -> None:
    draw = random.Random(f"{model} {share}")
    home = visit("", Symptom.SLOW_WIFI, {}, {"model": model})
    told = home.snapshot
    book = catalogue()
    for symptom in COMPLAINTS:
        said = {
            path: draw.choice(NONSENSE) if draw.random() < share else value
            for path, value in told.values.items()
        }
        snapshot = replace(told, values=said)
        for candidate in replace(
            home, said=snapshot, facts=replace(home.facts, symptom=symptom)
        ).candidates():
            assert (
                candidate.changes or candidate.hand_over or candidate.question or candidate.advice
            )
            try:
                changes = (
                    ground(snapshot, candidate.changes, model=book.name)
                    if candidate.changes
                    else ()
                )
            except (InvalidInput, MoreNeeded):
                continue
            assert all(each.path in told.values or each.path.endswith("()") for each in changes)
