"""The whole replay, in processes of its own: from the store, and from an exported file."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput, PolicyUnavailable
from brain.domain.identity import TenantId
from brain.domain.verdict import Verdict
from brain.store.store import Store
from brain.store.verdicts import KeptVerdict
from policies.bundle import Bundle
from policies.decision_log import entry
from policies.replay.log import Window, pages_of_lines, pages_of_store
from policies.replay.past import Standing, Why
from policies.replay.replay import Replayed, replay
from policies.replay.tally import Example, Move, Tally, Unknown
from tests.policies.conftest import Ask
from tests.policies.replay.conftest import DECIDED, Decide

pytestmark = pytest.mark.slow

NORTH, SOUTH = TenantId("north"), TenantId("south")
LOOSER: dict[str, Json] = {"limits": {"reach": {"max_shared": 9}}}


async def pages(*rows: Sequence[KeptVerdict]) -> AsyncIterator[Sequence[KeptVerdict]]:
    for page in rows:
        yield page


def window(tenant: TenantId = NORTH, most: int = 100) -> Window:
    day = timedelta(days=1)
    return Window(tenant=tenant, since=DECIDED - day, until=DECIDED + day, most=most)


async def test_a_loosening_is_found_whichever_process_sees_it(
    decide: Decide, ask: Ask, bundle: Bundle
) -> None:
    row = await decide(ask(shared_by=9))
    done: list[int] = []

    found = await replay(
        bundle.with_numbers(LOOSER),
        pages([row, row], [row], [row]),
        processes=2,
        engine="embedded",
        progress=done.append,
    )

    assert found.tally.moves == {Move(Standing.REVIEW, Standing.REVIEW, looser=True): 4}
    assert found.loosens
    assert found.engine == "embedded"
    assert found.revision != bundle.revision
    assert done == sorted(done)
    assert done[-1] == 4


async def test_an_empty_log_says_that_nothing_was_replayed(bundle: Bundle) -> None:
    found = await replay(bundle, pages(), processes=1)

    assert (found.tally.seen, found.loosens) == (0, False)


@pytest.mark.parametrize("engine", ["", "embedded"])
async def test_a_bundle_that_the_engine_does_not_take_is_an_error_and_no_result(
    engine: str, decide: Decide, ask: Ask, bundle: Bundle
) -> None:
    row = await decide(ask())
    broken = dict(bundle.modules)
    broken["gatewright/core/core.rego"] += "\n_broken if {\n"

    with pytest.raises(PolicyUnavailable, match="does not take"):
        await replay(Bundle.of(broken, bundle.data), pages([row]), processes=1, engine=engine)


@pytest.mark.parametrize("engine", ["opa", "embedded"])
async def test_rules_that_crash_the_embedded_engine_crash_a_process_of_the_replay_and_no_other(
    engine: str, crashing: Bundle, opa_binary: str
) -> None:
    """OPA takes them; but whoever may propose rules is not to stop the process that serves."""
    with pytest.raises(PolicyUnavailable, match="does not take"):
        await replay(crashing, pages(), processes=1, engine=engine)


@pytest.mark.parametrize("engine", ["opa", "embedded"])
async def test_rules_that_let_nobody_in_particular_do_anything_are_no_rules(
    engine: str, bundle: Bundle, opa_binary: str
) -> None:
    access = "gatewright/access/access.rego"
    opened = bundle.modules[access].replace("default allow := false", "default allow := true")
    lax = Bundle.of({**bundle.modules, access: opened}, bundle.data)

    with pytest.raises(PolicyUnavailable, match="an empty question is not refused"):
        await replay(lax, pages(), processes=1, engine=engine)


async def test_the_store_is_replayed_newest_first_and_one_tenant_only(
    any_store: Store, bundle: Bundle, log: Any, ask: Ask, decide: Decide
) -> None:
    for number in range(3):
        await decide(ask(shared_by=9))
        _, verdict, question = log.kept[-1]
        later = replace(verdict, decided_at=DECIDED + timedelta(seconds=number))
        async with any_store.begin() as tx:
            await tx.verdicts.add(NORTH, None, later, question)

    async def decisions(of: Window) -> list[str]:
        return [each.decision_id async for page in pages_of_store(any_store, of) for each in page]

    kept = [verdict.decision_id for _, verdict, _ in log.kept]
    assert await decisions(window()) == kept[::-1]
    assert await decisions(window(most=2)) == kept[:0:-1]
    assert await decisions(window(SOUTH)) == []
    found = await replay(bundle, pages_of_store(any_store, window()), processes=1)
    assert (found.tally.replayed, found.tally.unchanged) == (3, 3)


async def test_an_exported_file_gives_what_the_store_gives(
    bundle: Bundle, log: Any, ask: Ask, decide: Decide
) -> None:
    await decide(ask(shared_by=9))
    await decide(ask(halted=True))
    lines = [json.dumps(entry(v, q, change="chg_1")) + "\n" for _, v, q in log.kept]

    found = await replay(
        bundle.with_numbers(LOOSER),
        pages_of_lines(lines, DECIDED - timedelta(days=1), 100),
        processes=1,
    )
    older = [page async for page in pages_of_lines(lines, DECIDED + timedelta(days=1), 100)]
    first = [page async for page in pages_of_lines(lines, DECIDED - timedelta(days=1), 1)]

    assert (found.tally.replayed, found.tally.unchanged, found.tally.looser) == (2, 1, 1)
    assert {each.change for each in found.tally.examples.popitem()[1]} == {"chg_1"}
    assert (older, [len(page) for page in first]) == ([], [1])


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", "x", '{"timestamp": "2026-01-01T00:00:00", "decision_id": "d"}'],
)
async def test_a_line_that_is_no_decision_is_named(
    line: str, log: Any, ask: Ask, decide: Callable[..., Any]
) -> None:
    await decide(ask())
    verdict: Verdict = log.kept[0][1]
    lines = [json.dumps(entry(verdict, {})), line]

    with pytest.raises(InvalidInput, match="line 2"):
        [page async for page in pages_of_lines(lines, DECIDED, 10)]


def test_nothing_is_safe_that_nobody_could_compare() -> None:
    def after(*, guarded: bool) -> bool:
        tally = Tally()
        tally.leave_out(Unknown(Why.DAMAGED, "", guarded), Example("d", ""))
        return Replayed(revision="r", tally=tally, engine="e", seconds=1).loosens

    assert after(guarded=True)
    assert not after(guarded=False)
