"""What governance costs: the judge beside OPA and a bare call, the log, and the audit trail."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from regopy import Input, Interpreter

from brain.domain.identity import TenantId
from brain.domain.question import Question
from brain.domain.verdict import Decision
from brain.errands import KeptDecisions
from brain.ids import utc_now
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from evals.bench.audit import audit_rows
from evals.bench.judge import gate_of, opa_server, question
from evals.bench.table import Result, Row
from evals.bench.turns import Turns, Work, in_turns, told
from evals.workbench import temporary_store
from policies.bundle import Bundle
from policies.check import find_program
from policies.engine import DECISION
from policies.engines.embedded import EmbeddedEngine
from policies.facts import input_of
from policies.gate import Gate

_ROUNDS = 9
_PATIENCE = timedelta(seconds=20)
_TENANT = TenantId("default")
_SIZES = {1: 40, 8: 30, 64: 6, 500: 1}
"""Changes in a plan, and how many such plans are judged in a turn."""
_BARE, _GATE = "regopy alone", "gate"
_LOGGED, _AUDITED = "gate and log", "gate, log and audit"
_OPA, _SHIPPED = "gate on an OPA server", "500 changes, shipped limit"


@dataclass(frozen=True, slots=True)
class _Audited:
    """A verdict as a change has it: judged, logged, and a fact of it in the audit trail."""

    gate: Gate
    store: Store
    trail: AuditTrail

    async def judge(self, asked: Question) -> None:
        """Judge, and append to the trail in the transaction that a change would have."""
        verdict = await self.gate.judge(asked)
        async with self.store.begin() as tx:
            payload = {"decision": verdict.decision.value, "decision_id": verdict.decision_id}
            await self.trail.append(
                tx, tenant=_TENANT, actor="bench", kind="judged", payload={**payload}
            )


async def bench_governance() -> Result:
    """All of it in turns, so that its ratios hold on a busy machine too."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = await stack.enter_async_context(temporary_store(folder))
        works = await stack.enter_async_context(_works(store))
        turns = await in_turns(works, _ROUNDS)
        told.get()("the audit trail ...")
        audit = await audit_rows(folder)
    return Result(
        name="governance",
        title="Governance (processor time, in turns, median round)",
        rows=(*_beside(turns), *_sizes(turns), *audit),
        notes=(
            "regopy alone: regopy's own calls, the rule and the question being the same",
            "an OPA server's own processor time is not counted: compare it by the clock",
            "500 changes are judged with limits.plan.max_changes raised to 1,000",
        ),
    )


@asynccontextmanager
async def _works(store: Store) -> AsyncIterator[dict[str, tuple[Work, int]]]:
    """Every kind of work, by name, and how often it is done in a turn."""
    shipped = Bundle.load()
    raised = shipped.with_numbers({"limits": {"plan": {"max_changes": 1000}}})
    gate = gate_of(EmbeddedEngine(raised, timeout=_PATIENCE), raised)
    strict = gate_of(EmbeddedEngine(shipped, timeout=_PATIENCE), shipped)
    logged = replace(gate, log=KeptDecisions(store))
    audited = _Audited(logged, store, AuditTrail(Ed25519PrivateKey.generate().sign, utc_now))
    asked = {size: question(size) for size in (*_SIZES, 8)}
    await _reads_well(gate, asked[500])
    works: dict[str, tuple[Work, int]] = {
        _BARE: (_bare(raised, asked[8]), 30),
        _GATE: (lambda: gate.judge(asked[8]), 30),
        _LOGGED: (lambda: logged.judge(asked[8]), 30),
        _AUDITED: (lambda: audited.judge(asked[8]), 30),
        _SHIPPED: (lambda: strict.judge(asked[500]), 3),
    }
    for size, times in _SIZES.items():
        works[_changes(size)] = (_judging(gate, asked[size]), times)
    opa = find_program("opa")
    if not opa:
        yield works
        return
    async with opa_server(opa, raised) as engine:
        server = gate_of(engine, raised)
        works[_OPA] = (lambda: server.judge(asked[8]), 30)
        yield works


async def _reads_well(gate: Gate, asked: Question) -> None:
    """What is measured is the judging of every change, so a plan must not be denied at its door."""
    verdict = await gate.judge(asked)
    if verdict.decision is not Decision.REVIEW or verdict.cause:
        raise ValueError(f"the plan does not read well: {verdict.findings}")


def _judging(gate: Gate, asked: Question) -> Work:
    return lambda: gate.judge(asked)


def _bare(bundle: Bundle, asked: Question) -> Work:
    """What regopy's own documentation says to do, and nothing of ours around it."""
    interpreter, document = Interpreter(), input_of(asked)
    for name, source in bundle.modules.items():
        interpreter.add_module(name, source)
    interpreter.add_data_json(bundle.data_json)
    compiled = interpreter.build(None, [DECISION])

    async def call() -> None:
        interpreter.set_input(Input(document))
        interpreter.query_bundle_entrypoint(compiled, DECISION)

    return call


def _beside(turns: dict[str, Turns]) -> list[Row]:
    """8 changes, in every way there is, and what each way adds to the bare call."""
    aims = {_GATE: "", _LOGGED: "", _AUDITED: "2"}
    rows = [Row(name=f"{_BARE}, 8 changes", value=turns[_BARE].cost * 1e3, unit="ms")]
    for name, aim in aims.items():
        ratio = turns[name].cost / turns[_BARE].cost
        rows.append(Row(name=f"{name}, 8 changes", value=turns[name].cost * 1e3, unit="ms"))
        rows.append(Row(name=f"{name} to {_BARE}", value=ratio, unit="times", aim=aim))
    if _OPA in turns:
        clock = min(turns[_OPA].clock) / min(turns[_GATE].clock)
        rows.append(Row(name=f"{_OPA} to {_GATE}, by the clock", value=clock, unit="times"))
    return rows


def _sizes(turns: dict[str, Turns]) -> list[Row]:
    """Plans of each size a second of one processor, and what one change costs in each."""
    rows = []
    for size in _SIZES:
        cost, best = turns[_changes(size)].cost, turns[_changes(size)].best
        aim = "2,000" if size == 8 else ""
        rows.append(Row(name=f"plans of {size}", value=1 / cost, unit="per core s", aim=aim))
        rows.append(Row(name=f"plans of {size}, best round", value=1 / best, unit="per core s"))
    for size in (8, 64, 500):
        each = turns[_changes(size)].cost / size
        rows.append(Row(name=f"one change of {size}", value=each * 1e6, unit="µs"))
    grown = turns[_changes(500)].cost / 500 / (turns[_changes(64)].cost / 64)
    return [
        *rows,
        Row(name="one change of 500 to one of 64", value=grown, unit="times", aim="1"),
        Row(name="500 changes", value=turns[_changes(500)].cost * 1e3, unit="ms", aim="20"),
        Row(name=_SHIPPED, value=turns[_SHIPPED].cost * 1e3, unit="ms", aim="20"),
    ]


def _changes(size: int) -> str:
    return f"{size} changes"
