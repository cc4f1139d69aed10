"""What is compared first gives the report that asking everything gives, whatever was changed."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from brain.domain.canonical import jsonable
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import ChangeId
from brain.store.verdicts import KeptVerdict
from evals.bench.decisions import decisions
from policies.bundle import Bundle
from policies.probes import NUMBERS, SEEDS
from policies.replay.asking import OpaAsker
from policies.replay.mentions import Mentions
from policies.replay.mentions import Path as Rule
from policies.replay.reach import reach
from policies.replay.tally import Tally
from policies.replay.worker import Worker, worker
from tests.policies.engines.corpus import corpus
from tests.policies.replay.conftest import DECIDED
from tests.policies.replay.mutants import Mutant, numbers, rules

pytestmark = [pytest.mark.opa, pytest.mark.slow]
_BENCH = 60
_SOME = 4
"""Every fourth mutant takes a quarter of a minute; all are for whoever changes how it works."""


@dataclass(slots=True)
class Held:
    """What came of mutants."""

    apart: list[str] = field(default_factory=list)
    """Mutants of which the two reports differ."""
    compared: int = 0
    moved: int = 0
    """Mutants of which anything at all was reported."""
    refused: int = 0


@pytest.fixture(scope="module")
def base(bundle: Bundle) -> Bundle:
    """With numbers under which every rule can speak."""
    return bundle.with_numbers(NUMBERS)


@pytest.fixture(scope="module")
def rows(
    base: Bundle, opa_binary: str, tmp_path_factory: pytest.TempPathFactory
) -> list[KeptVerdict]:
    """A log of the base: a probe for each rule, spoilt questions, and a week of work."""
    bench = asyncio.run(decisions(base, _BENCH, until=DECIDED))
    cases = [case for case in corpus(7, share=0.002) if "500" not in case.family]
    spoilt = [case.question for case in cases if case.numbers == "tuned"]
    asked: list[Any] = [*SEEDS.values(), *spoilt, *(each.question for each in bench)]
    asker = OpaAsker(base, opa_binary, tmp_path_factory.mktemp("base"))
    return [
        _kept(number, base, jsonable(reading), question)
        for number, (reading, question) in enumerate(zip(asker.ask(asked), asked, strict=True))
        if reading is not None
    ]


def _kept(number: int, base: Bundle, reading: Any, question: Any) -> KeptVerdict:
    verdict = {**reading, "cause": "", "policy_revision": base.revision}
    return KeptVerdict(
        decision_id=f"dec_{number}",
        change=ChangeId(f"chg_{number}"),
        decided_at=DECIDED + timedelta(seconds=number),
        verdict=json.dumps(verdict),
        question=json.dumps(question).encode(),
    )


@pytest.fixture
def held(base: Bundle, rows: Sequence[KeptVerdict], tmp_path: Path) -> Callable[..., Held]:
    """Replays the log under each mutant in both ways."""

    def hold(mutants: Iterable[Mutant]) -> Held:
        found = Held()
        for number, mutant in enumerate(mutants):
            folder = tmp_path / str(number)
            folder.mkdir()
            try:
                quick = worker(mutant.bundle, "opa", folder, reach(base, mutant.bundle))
            except PolicyUnavailable:  # a condition that something else needs
                found.refused += 1
                continue
            whole = Worker(quick.asker, quick.facts).count(rows)
            found.apart += [mutant.name] * (quick.count(rows) != whole)
            found.compared += quick.comparer is not None
            found.moved += bool(whole.moves or whole.shifts)
        return found

    return hold


def test_the_log_is_long_enough_and_as_its_rules_decide(
    base: Bundle, rows: Sequence[KeptVerdict], tmp_path: Path
) -> None:
    tally: Tally = worker(base, "opa", tmp_path).count(rows)

    assert tally.seen > len(SEEDS) + _BENCH
    assert tally.unchanged == tally.replayed > len(SEEDS)
    assert not tally.shifts


def test_the_log_that_is_measured_is_as_its_rules_decide(bundle: Bundle, tmp_path: Path) -> None:
    """Else comparing and asking would not report the same of it, nor take the time of real work."""
    made = asyncio.run(decisions(bundle, _BENCH, until=DECIDED))
    log = [
        _kept(n, bundle, _as_read(jsonable(each.verdict)), each.question)
        for n, each in enumerate(made)
    ]

    tally = worker(bundle, "opa", tmp_path).count(log)

    assert (tally.unchanged, tally.shifts.total()) == (_BENCH, 0)


def _as_read(verdict: Any) -> Any:
    return {name: verdict[name] for name in ("decision", "findings", "obligations")}


def _of_limits(base: Bundle) -> list[Mutant]:
    """A few numbers, and two that let a probe of the log through for certain."""
    roomier = base.with_numbers({"limits": {"plan": {"max_changes": 1000}}})
    longer = base.with_numbers({"limits": {"presence": {"minutes": 1440}}})
    some = [each for each in numbers(base) if each.name.startswith("limits.p")]
    return [*some, Mutant("a roomier plan", roomier), Mutant("a longer absence", longer)]


@pytest.mark.slow
def test_every_kind_of_number_changed_gives_the_report_that_asking_everything_gives(
    base: Bundle, held: Callable[..., Held]
) -> None:
    found = held([*_of_limits(base), *[*numbers(base)][::_SOME]])

    assert found.apart == []
    assert found.compared > 4
    assert found.moved > 0


@pytest.mark.slow
def test_rules_silenced_and_turned_round_give_the_report_that_asking_everything_gives(
    base: Bundle, held: Callable[..., Held]
) -> None:
    found = held([*rules(base)][::_SOME])

    assert found.apart == []
    assert found.compared > 5
    assert found.moved > 5


def _no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mentions, "mentions", lambda _self, _path: False)


def _only_covers(monkeypatch: pytest.MonkeyPatch) -> None:
    from policies.replay import reach as module

    seen = module._seen

    def fewer(one: Mentions, touched: set[Rule]) -> Iterator[Rule]:
        return (rule for rule in seen(one, touched) if rule[-1] not in ("deny", "review"))

    monkeypatch.setattr(module, "_seen", fewer)


@pytest.mark.slow
@pytest.mark.parametrize("break_it", [_no_numbers, _only_covers])
def test_an_analysis_that_overlooks_something_is_noticed(
    break_it: Callable[[pytest.MonkeyPatch], None],
    base: Bundle,
    held: Callable[..., Held],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_it(monkeypatch)

    assert held(_of_limits(base)).apart != []


def test_two_rules_changed_together_are_both_compared(
    base: Bundle, held: Callable[..., Held]
) -> None:
    """One of them reads the other: what it then was stands on what that was."""
    both = {
        "limits": {"presence": {"minutes": 1}, "passphrase": {"min": 30}},
        "pace": {"device": {"under_way": 9}},
    }
    found = held([Mutant("several", base.with_numbers(both))])  # type: ignore[arg-type]  # plain JSON

    assert (found.apart, found.compared, found.moved) == ([], 1, 1)
