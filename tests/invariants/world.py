"""The whole road in memory, on a real database, with a hand on everything that can go wrong."""

import asyncio
from collections.abc import Awaitable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

import structlog
from sqlalchemy import text

from brain.domain.approval import Answer
from brain.domain.change import Plan
from brain.domain.device import Device, device_id
from brain.domain.errors import Conflict, GatewrightError, PermitRefused
from brain.domain.identity import ChangeId, Principal, PrincipalId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.permit import Permit
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.domain.webhook import EventType, Webhook, WebhookId
from brain.store.cipher import Cipher
from brain.store.leases import leases
from brain.store.store import Store
from evals.workbench import Workbench, workbench
from executors.execution import Execution
from executors.simulated import SimulatedExecutor
from executors.steps import Next, Step
from policies.bundle import Bundle
from policies.engines.embedded import EmbeddedEngine
from tests.invariants.calendar import FREEZE, TUNED, frozen, is_open, next_opening
from tests.invariants.crash import Fuse, FusedExecutor, FusedStore, Killed
from tests.invariants.databases import KEY, Databases
from tests.invariants.journal import Answered, Case, Glass, Journal, Lent, Turn
from tests.invariants.reading import Seat
from tests.invariants.witness import (
    STRANGER,
    LooseWorld,
    WitnessedEngine,
    WitnessedExecutor,
    WitnessedMinter,
)

T = TypeVar("T")
_HALTS, _STATES = text("SELECT halted FROM halts"), text("SELECT id, device, state FROM changes")
RUNNING = frozenset({State.APPROVED, State.EXECUTING, State.VERIFYING, State.UNKNOWN})


@dataclass
class Run:
    """One run of a change: where a process, or the journal of runs, thinks that it is."""

    change: ChangeId
    now: Next


class World:
    """One example: open it, do things to it, look at its journal, close it."""

    def __init__(self, databases: Databases, people: dict[str, Principal]) -> None:
        self.databases, self.people = databases, people
        self.journal, self.fuse = Journal(), Fuse()
        self.runs: list[Run] = []
        self.disturbed = False
        self.stack = ExitStack()
        self.loop = self.stack.enter_context(asyncio.Runner())
        self.logs = self.stack.enter_context(structlog.testing.capture_logs())
        self.real, self.bench = self.loop.run(self._open(databases.fresh()))

    def close(self) -> None:
        """Leave nothing open."""
        with self.stack:
            self.loop.run(self.real.close())

    async def _open(self, url: str) -> tuple[Store, Workbench]:
        real = await Store.open(url, Cipher(KEY))
        bundle, engine = shared_engine()
        self.engine = WitnessedEngine(engine, self.journal)
        fused = cast(Store, FusedStore(real, self.fuse))
        bench = await workbench(fused, engine=self.engine, bundle=bundle)
        self.real = real
        await self._furnish(bench)
        return real, bench

    async def _furnish(self, bench: Workbench) -> None:
        tree = bench.tree | {
            ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase"): "",
            ParameterPath("Device.WiFi.Radio.1.TransmitPowerSupported"): "10,25,50,75,100",
            ParameterPath("Device.DNS.Client.Server.1.DNSServer"): "192.0.2.1",
            ParameterPath("Device.DNS.Client.Server.1.Enable"): "true",
        }
        other = replace(bench.device, id=device_id("00D09E", "G1", "2"), serial="2")
        self.devices = [bench.device, other]
        self.world = LooseWorld({device.id: dict(tree) for device in self.devices})
        bench.world = self.world
        real = replace(bench.executor, world=self.world)
        bench.executor = cast(SimulatedExecutor, self._witnessed(real, bench))
        parts = replace(
            bench.execution.parts,
            executor=cast(Any, FusedExecutor(bench.executor, self.fuse)),
            minter=WitnessedMinter(bench.gate, self.journal),
            page=self._page,
        )
        bench.execution = Execution(parts)
        told = Webhook(
            id=WebhookId("whk_1"),
            tenant=other.tenant,
            url="https://example.invalid/hook",
            secret="whsec_" + "A" * 43 + "=",
            events=frozenset(EventType),
            created_at=bench.clock(),
        )
        async with self.real.begin() as tx:
            await tx.webhooks.add(told)
            await tx.devices.put(other)
            for person in self.people.values():
                await tx.principals.put(person, str(person.id))
        for device in self.devices:
            await real.read(device, [ParameterPath("Device.")])

    def _witnessed(self, real: SimulatedExecutor, bench: Workbench) -> WitnessedExecutor:
        return WitnessedExecutor(
            real=real,
            world=self.world,
            journal=self.journal,
            facts=self._facts,
            clock=bench.clock,
            known=self._known,
        )

    def _known(self, permit: Permit) -> Plan | None:
        case = self.journal.cases.get(permit.change)
        return case.shown.plan if case else None

    async def _page(self, record: ChangeRecord, reason: str) -> None:
        self.journal.paged.add(record.id)
        self.journal.said.append(reason)

    async def _facts(self, device: Device, permit: Permit) -> dict[str, Any]:
        """Asked of the database in our own words."""
        about = {"tenant": permit.tenant, "permit": permit.id, "change": permit.change}
        where = {"device": device.id}
        spent = await self.sql("SELECT spent_at FROM permits WHERE id = :permit", about)
        backup = await self.sql("SELECT 1 FROM backups WHERE change = :change", about)
        lease = await self.sql("SELECT owner, fence FROM leases WHERE device = :device", where)
        async with self.real.read() as tx:
            known = await tx.devices.get(device.tenant, device.id)
        return {
            "halted": await self._halted(),
            "unspent": len(spent) == 1 and spent[0][0] is None,
            "backed_up": bool(backup),
            "lease": tuple(lease[0]) if lease else ("", 0),
            "firmware": known.firmware if known else "",
        }

    async def _halted(self) -> bool:
        rows = await self.sql("SELECT halted FROM halts", {})
        return bool(rows and rows[0][0])

    async def sql(self, statement: str, values: dict[str, Any]) -> list[Any]:
        """Rows, past the repositories."""
        async with self.real.read() as tx:
            return list(await tx.audit._db.rows(text(statement), values))

    def do(self, work: Awaitable[T]) -> T | None:
        """Have the product do something; None when it refused, or died on the way."""
        return self.loop.run(self._done(work))

    async def _done(self, work: Awaitable[T]) -> T | None:
        try:
            return await work
        except GatewrightError as error:
            self.journal.said.append(str(error))
            return None
        except Killed:
            return None
        finally:
            self.fuse.left = 0
            await self.look()

    async def look(self) -> None:
        """See which changes are in another state than before, and who has which device."""
        now = self.bench.clock()
        async with self.real.read() as tx:
            halted = any(row.halted for row in await tx.halts._db.rows(_HALTS))
            for row in await tx.changes._db.rows(_STATES):
                self._turned(row, now, halted=halted)
            for row in await tx.leases._db.rows(leases.select()):
                seen = (now, row.device, row.owner, row.until, row.fence)
                self.journal.leases.append(seen)

    def _turned(self, row: Any, now: datetime, *, halted: bool) -> None:
        seen, turned = self.journal.state(row.id), State(row.state)
        if seen is turned:
            return
        tree = {str(path): value for path, value in self.world.devices[row.device].items()}
        self.journal.turns.append(
            Turn(
                tick=self.journal.tick(),
                at=now,
                change=row.id,
                before=seen,
                now=turned,
                halted=halted,
                tree=tree,
                quiet=not self.disturbed,
            )
        )

    # What can be done to it.

    def submit(self, proposal: Proposal, asker: Principal) -> ChangeRecord | None:
        at = self.bench.clock()
        record = self.do(self.bench.ledger.submit(proposal, asker))
        for change in {turn.change for turn in self.journal.turns} - set(self.journal.cases):
            shown = self.loop.run(self.bench.ledger.get(change))  # kept, though none may have heard
            self.journal.cases[change] = Case(proposal=proposal, shown=shown, at=at)
            self._carry(change)
        return record

    def _carry(self, change: ChangeId) -> None:
        """What was said of the very same plan, when it ended unbegun, may still hold."""
        new = self.journal.cases[change]
        for earlier, case in list(self.journal.cases.items())[-2::-1]:
            same = (case.proposal.case, case.shown.plan.digest, case.shown.basis)
            if (
                same == (new.proposal.case, new.shown.plan.digest, new.shown.basis)
                and case.proposal.asked_by == new.proposal.asked_by
                and case.proposal.on_behalf_of == new.proposal.on_behalf_of
                and self.journal.answers_to(earlier)
                and self.journal.state(earlier) in (State.SUPERSEDED, State.EXPIRED)
            ):
                given = self.journal.answers_to(earlier)
                self.journal.answers += [replace(each, change=change) for each in given]
                return

    def answer(self, who: Principal, change: ChangeId, answer: Answer, digest: str) -> bool:
        """Whether the ledger took it."""
        at, tick = self.bench.clock(), self.journal.tick()
        work = self.bench.ledger.answer(
            who, change, digest=digest, answer=answer, comment="Kanarie says so"
        )
        before = self.loop.run(self._kept(change))
        took = self.do(work) is not None
        if self.loop.run(self._kept(change)) > before:
            self.journal.answers.append(
                Answered(
                    tick=tick,
                    at=at,
                    change=change,
                    who=who,
                    answer=answer,
                    digest=digest,
                    voices=self._voices(who, change, at),
                )
            )
        return took

    def _voices(self, who: Principal, change: ChangeId, at: datetime) -> frozenset[Seat]:
        """What was lent to them just then, by people who did not ask for this change."""
        asked = self.journal.cases[change].proposal
        return frozenset(
            (each.group, each.by)
            for each in self.journal.lent
            if each.to == who.id
            and each.at <= at < each.until
            and each.by not in (asked.asked_by, asked.on_behalf_of)
        )

    def lend(self, by: Principal, to: PrincipalId, group: str, minutes: int) -> None:
        """Be away for so long, and have a colleague answer for a group meanwhile."""
        now = self.bench.clock()
        until, standing_in = now + timedelta(minutes=minutes), self.bench.ledger.standing_in
        self.do(standing_in.absent(by, starts_at=now, until=until))
        given = self.do(
            standing_in.delegate(by, to=to, group=group, starts_at=now, until=until),
        )
        if given is not None:
            lent = Lent(id=given.id, at=now, by=by.id, to=to, group=group, until=until)
            self.journal.lent.append(lent)

    def come_back(self, by: Principal) -> None:
        """End what was lent before its time."""
        for at, each in enumerate(self.journal.lent):
            ended = self.do(self.bench.ledger.standing_in.end_delegation(by, each.id))
            if ended is not None:
                self.journal.lent[at] = replace(each, until=self.bench.clock())

    def break_glass(self, who: Principal, change: ChangeId, digest: str) -> None:
        at = self.bench.clock()
        work = self.bench.ledger.break_glass(
            who, change, digest=digest, ticket="INC-1", reason="Kanarie cannot call for help"
        )
        if self.do(work) is not None:
            glass = Glass(at=at, change=change, who=who, digest=digest)
            self.journal.glasses.append(glass)

    async def _kept(self, change: ChangeId) -> int:
        rows = await self.sql("SELECT 1 FROM approvals WHERE change = :of", {"of": change})
        return len(rows)

    def take(self, run: Run) -> None:
        """One step of a run, and time passes as it asks."""
        if self.do(self.step(run)):
            self.bench.clock.advance(min(run.now.after, 5))

    async def step(self, run: Run) -> bool:
        """The same, from within another step."""
        before, self.engine.about = self.engine.about, run.change
        try:
            if run.now.step is not Step.DONE:
                run.now = await self.bench.execution.take(run.change, run.now)
            return True
        finally:
            self.engine.about = before

    def settle(self) -> None:
        """Everything works again: whatever is under way comes to its end."""
        self.engine.lasts = 0
        self.world.silent.clear()
        self.world.refusing.clear()
        self.world.lies.clear()
        self.halt(on=False)
        self.runs.clear()
        if frozen(self.bench.clock()):
            self.bench.clock.now = FREEZE[1]
        for change in [each for each in self.journal.cases if not self._waits(each)]:
            self._finish(change)
        if any(map(self._waits, self.journal.cases)):
            self.bench.clock.now = next_opening(self.bench.clock())
        for change in list(self.journal.cases):
            self._finish(change)

    def _waits(self, change: ChangeId) -> bool:
        """Whether it is approved, and waits for its window."""
        waits = self.journal.cases[change].shown.verdict.obligations.wait is not None
        approved = self.journal.state(change) is State.APPROVED
        return waits and approved and not is_open(self.bench.clock())

    def _finish(self, change: ChangeId) -> None:
        run = Run(change, Next(Step.BEGIN))
        for _ in range(80):
            if self.journal.state(change) not in RUNNING or run.now.step is Step.DONE:
                break
            self.take(run)
            self.bench.clock.advance(5)

    def halt(self, *, on: bool) -> None:
        self.do(self._halt(on=on))

    async def _halt(self, *, on: bool) -> None:
        async with self.real.begin() as tx:
            tenant, now = self.bench.device.tenant, self.bench.clock()
            await tx.halts.set(tenant, on, PrincipalId("olga"), now)

    def meddle(self, device: Device, path: ParameterPath, value: str) -> None:
        """Somebody else writes to a device; nobody could see the same value written again."""
        if self.world.devices[device.id].get(path) == value:
            return
        self.world.devices[device.id][path] = value
        self.world.writers[(device.id, path)] = STRANGER

    def show(self, permit: Permit, plan: Plan) -> bool:
        """Show an executor a permit that is not fresh; whether it took it."""
        device = next(each for each in self.devices if each.id == permit.device)
        return self.do(self._show(device, plan, permit)) is True

    async def _show(self, device: Device, plan: Plan, permit: Permit) -> bool:
        try:
            await self.bench.executor.apply(device, plan, permit)
        except (PermitRefused, Conflict):
            return False
        return True


@cache
def shared_engine() -> tuple[Bundle, EmbeddedEngine]:
    """One engine for all examples, patient enough for a machine that is busy with other tests."""
    with TemporaryDirectory() as folder:
        tuned = Path(folder) / "tuned.yaml"
        tuned.write_text(TUNED)
        bundle = Bundle.load(data=tuned)
    return bundle, EmbeddedEngine(bundle, timeout=timedelta(seconds=60))
