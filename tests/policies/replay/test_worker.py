"""A worker counts what would change, and takes nothing for unchanged."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from brain.domain.errors import PolicyUnavailable
from brain.domain.verdict import Point
from brain.store.verdicts import KeptVerdict
from policies.answer import Reading
from policies.bundle import Bundle
from policies.replay.asking import EmbeddedAsker, OpaAsker, Question
from policies.replay.past import Standing, Why
from policies.replay.reads import Reads
from policies.replay.shape import needed
from policies.replay.tally import EXAMPLES, Example, Move, Shift, Tally, Unknown
from policies.replay.worker import Worker
from tests.policies.conftest import NOW, Ask
from tests.policies.replay.conftest import Decide, altered

STRICT: dict[str, Any] = {"limits": {"plan": {"max_changes": 1}}}


class Counting:
    """An engine that is watched, or gives no answer."""

    def __init__(self, bundle: Bundle, *, answers: bool = True) -> None:
        self._engine = EmbeddedAsker(bundle)
        self.answers = answers
        self.asked: list[Question] = []

    def ask(self, questions: Sequence[Question]) -> list[Reading | None]:
        self.asked.extend(questions)
        return self._engine.ask(questions) if self.answers else [None for _ in questions]


async def counted(
    rows: Sequence[KeptVerdict], bundle: Bundle, *, answers: bool = True
) -> tuple[Tally, list[Question]]:

    def count() -> tuple[Tally, list[Question]]:  # it has an event loop of its own
        asker = Counting(bundle, answers=answers)
        return Worker(asker, needed(Reads.of(bundle.modules))).count(rows), asker.asked

    return await asyncio.to_thread(count)


async def test_under_the_same_rules_nothing_changes(
    decide: Decide, ask: Ask, bundle: Bundle
) -> None:
    rows = [await decide(ask(halted=halted)) for halted in (False, True)]

    tally, _ = await counted(rows, bundle)

    assert (tally.replayed, tally.unchanged, tally.looser) == (2, 2, 0)
    assert not tally.moves
    assert not tally.shifts
    assert not tally.unknown


async def test_a_rule_that_falls_silent_is_named_with_the_decisions_it_made(
    decide: Decide, ask: Ask, bundle: Bundle
) -> None:
    rows = [await decide(ask(shared_by=9)) for _ in range(EXAMPLES + 1)]

    tally, _ = await counted(rows, bundle.with_numbers({"limits": {"reach": {"max_shared": 9}}}))

    gone = Shift("core.reaches_others", newly=False)
    fewer = Move(Standing.REVIEW, Standing.REVIEW, looser=True)
    assert tally.shifts == {gone: 6}
    assert tally.moves == {fewer: 6}
    assert tally.looser == 6
    assert tally.examples[gone][0] == Example(rows[0].decision_id, "chg_1")
    assert len(tally.examples[gone]) == EXAMPLES


async def test_a_rule_that_begins_to_speak_is_named_and_is_not_looser(
    decide: Decide, ask: Ask, bundle: Bundle
) -> None:
    late = replace(ask().device, last_seen=NOW - timedelta(minutes=10))
    row = await decide(ask(point=Point.EXECUTE, device=late))

    tally, _ = await counted([row], bundle.with_numbers({"limits": {"presence": {"minutes": 5}}}))

    ((move, count),) = tally.moves.items()
    assert (move.before, move.looser, count) == (Standing.REVIEW, False, 1)
    assert tally.shifts[Shift("core.device_absent", newly=True)] == 1
    assert tally.looser == tally.uncertain == 0


async def test_what_cannot_be_compared_is_counted_and_never_unchanged(
    decide: Decide, ask: Ask, bundle: Bundle
) -> None:
    kept = await decide(ask())
    older = json.loads(kept.question or b"")
    del older["halted"]
    rows = [
        replace(kept, question=None),
        replace(altered(kept, decision="allow"), question=None),
        replace(kept, question=json.dumps(older).encode()),
        altered(kept, cause="policy_unavailable"),
        replace(kept, verdict="{"),
    ]

    tally, asked = await counted(rows, bundle)

    assert tally.unknown == {
        Unknown(Why.DROPPED, "", guarded=True): 1,
        Unknown(Why.DROPPED, "", guarded=False): 1,
        Unknown(Why.OLDER_QUESTION, "without halted", guarded=True): 1,
        Unknown(Why.UNANSWERED_THEN, "", guarded=False): 1,
        Unknown(Why.DAMAGED, "", guarded=True): 1,
    }
    assert (tally.replayed, tally.unchanged, tally.seen, tally.uncertain) == (0, 0, 5, 3)
    assert asked == []


async def test_an_engine_that_gives_no_answer_now_leaves_it_unknown(
    decide: Decide, ask: Ask, bundle: Bundle
) -> None:
    tally, _ = await counted([await decide(ask())], bundle, answers=False)

    assert tally.unknown == {Unknown(Why.UNANSWERED_NOW, "", guarded=True): 1}
    assert tally.unchanged == 0


@pytest.mark.opa
async def test_the_opa_program_and_the_embedded_engine_answer_alike(
    decide: Decide, ask: Ask, bundle: Bundle, opa_binary: str, tmp_path: Path
) -> None:

    rows = [await decide(each) for each in (ask(), ask(halted=True), ask(shared_by=4))]
    questions = [json.loads(row.question or b"") for row in rows]

    def both() -> tuple[object, object]:
        opa = OpaAsker(bundle, opa_binary, tmp_path)
        return opa.ask(questions), EmbeddedAsker(bundle).ask(questions)

    theirs, ours = await asyncio.to_thread(both)

    assert theirs == ours
    assert None not in theirs  # type: ignore[operator]  # a list


async def test_what_the_program_fails_at_the_embedded_engine_is_asked(
    decide: Decide, ask: Ask, bundle: Bundle, tmp_path: Path
) -> None:
    question = json.loads((await decide(ask())).question or b"")
    program = tmp_path / "opa"
    program.write_text('#!/bin/sh\ngrep -q "questions.: \\[\\]" && echo "{}" || exit 2\n')
    program.chmod(0o755)

    (reading,) = await asyncio.to_thread(
        lambda: OpaAsker(bundle, str(program), tmp_path).ask([question])
    )

    assert reading is not None
    assert reading.decision.value == "review"


@pytest.mark.opa
async def test_one_question_that_the_program_fails_at_costs_the_others_nothing(
    decide: Decide, ask: Ask, bundle: Bundle, opa_binary: str, tmp_path: Path
) -> None:
    good = json.loads((await decide(ask(halted=True))).question or b"")
    marked = good | {"tenant": "fails"}
    questions = [good] * 200 + [marked] + [good] * 99
    program, batches = tmp_path / "sometimes", tmp_path / "batches"
    program.write_text(
        f"#!/bin/sh\ncat > {tmp_path}/in; echo >> {batches}\n"
        f'grep -q "fails" {tmp_path}/in && exit 2\nexec {opa_binary} "$@" < {tmp_path}/in\n'
    )
    program.chmod(0o755)

    readings = await asyncio.to_thread(
        lambda: OpaAsker(bundle, str(program), tmp_path).ask(questions)
    )

    assert [reading and reading.decision.value for reading in readings] == ["deny"] * 300
    assert readings[200] == readings[0]
    assert len(batches.read_text().splitlines()) == 1 + 5  # to get ready; 300, 150, 150, 75, 75


def test_rules_that_opa_does_not_take_are_not_replayed(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(PolicyUnavailable):
        OpaAsker(bundle, "/bin/false", tmp_path)
