"""No answer, no policy and no hand on the database gets a change carried out that was not let."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable, Unreadable
from brain.domain.identity import PermitId
from brain.domain.life import State
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, promise, to_channel, workbench
from executors.execution import Execution
from executors.steps import Next, Step
from policies.engine import RawAnswer


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


@dataclass
class Moody:
    """The engine of the workbench, until it is given something else to say."""

    real: Any
    says: Any = None

    @property
    def name(self) -> str:
        return "moody"

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        if isinstance(self.says, Exception):
            raise self.says
        raw = cast(RawAnswer, await self.real.ask(entrypoint, question))
        return replace(raw, **self.says) if self.says else raw


@pytest.mark.parametrize(
    "says",
    [PolicyUnavailable("down"), {"result": "allow"}, {"result": None}, {"revision": "other"}],
)
async def test_a_policy_that_fails_before_the_write_lets_nothing_through(
    bench: Workbench, says: Any
) -> None:
    moody = Moody(bench.gate.engine)
    bench.gate = replace(bench.gate, engine=moody)
    bench.ledger._judge = bench.gate
    change = await bench.approved()
    moody.says = says

    end = await bench.run(change.id)

    assert end.state is State.EXPIRED
    assert written(bench) == []


_TAMPERINGS = [
    "UPDATE plans SET sealed = x'00'",
    "UPDATE plans SET sealed = randomblob(length(sealed))",
    "UPDATE changes SET sealed = (SELECT sealed FROM plans)",
    "UPDATE changes SET version = version + 1",
    "UPDATE changes SET state = 'verifying'",
]


@pytest.mark.parametrize("statement", _TAMPERINGS)
async def test_a_change_that_was_tampered_with_is_not_carried_out(
    bench: Workbench, tmp_path: Path, statement: str
) -> None:
    change = await bench.approved()
    with closing(sqlite3.connect(tmp_path / "gatewright.db", isolation_level=None)) as raw:
        assert raw.execute(statement).rowcount == 1

    with pytest.raises(Unreadable):
        await bench.run(change.id)

    assert written(bench) == []


async def test_a_change_pointed_at_another_kept_plan_is_not_carried_out(
    bench: Workbench, tmp_path: Path
) -> None:
    change = await bench.approved()
    other = await bench.submit(bench.proposal([to_channel("1")], case="cas_2"))
    with closing(sqlite3.connect(tmp_path / "gatewright.db", isolation_level=None)) as raw:
        raw.execute(
            "UPDATE changes SET plan_digest = ? WHERE id = ?", (other.plan.digest, change.id)
        )

    with pytest.raises(Unreadable):
        await bench.run(change.id)

    assert written(bench) == []


@dataclass
class Forger:
    """A minter whose permits come out otherwise than the gate made them."""

    real: Any
    otherwise: dict[str, Any]
    tick: Any = None

    def mint(self, *claim: Any) -> Any:
        permit = self.real.mint(*claim)
        if self.tick:
            self.tick()
        return replace(permit, **self.otherwise)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"plan_digest": "0" * 64},
        {"fence": 99},
        {"id": PermitId("per_of_another")},
        {"policy_revision": "older"},
        {"signature": b""},
    ],
)
async def test_a_permit_that_was_altered_sends_nothing(
    bench: Workbench, otherwise: dict[str, Any]
) -> None:
    change = await bench.approved()
    forger = cast(Any, Forger(bench.gate, otherwise))
    bench.execution = Execution(replace(bench.execution.parts, minter=forger))

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert written(bench) == []


async def test_a_permit_that_expires_before_it_is_used_sends_nothing(bench: Workbench) -> None:
    change = await bench.approved()
    late = cast(Any, Forger(bench.gate, {}, lambda: bench.clock.advance(300)))
    bench.execution = Execution(replace(bench.execution.parts, minter=late))

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "expired" in end.reason
    assert written(bench) == []


async def test_a_clock_that_goes_backwards_during_a_run_does_not_write_twice(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = Next(Step.BEGIN)
    for _ in range(60):
        now = await bench.execution.take(change.id, now)
        bench.clock.now -= timedelta(seconds=7)
        if now.step is Step.WATCH:
            break
    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert written(bench) == ["11", "6"]
