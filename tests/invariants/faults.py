"""Faults to plant: each a small mutation of the product, and the invariant that it breaks."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from brain.domain import approval
from brain.domain.change import Command
from brain.domain.errors import PermitRefused
from brain.domain.parameter import ParameterPath
from brain.domain.record import Basis
from brain.domain.verdict import Decision, Obligations
from brain.ledger import answers, audit, audit_chain, intake
from brain.ledger.answers import Answers
from brain.ledger.breaking import Breaking
from brain.ledger.ledger import Ledger
from brain.ledger.steps import Steps
from brain.store.backups import Backups
from brain.store.broken_glasses import broken_glasses
from brain.store.halts import Halts
from brain.store.leases import Leases
from brain.store.permits import Permits
from executors import permits, rows, verification
from executors.permits import PermitDesk
from executors.simulated import SimulatedExecutor
from executors.undoing import Undoing
from executors.waiting import Waiting
from policies import answer as answer_reading
from policies import facts, gate
from policies.answer import Reading
from tests.invariants.lives import (
    answer,
    begin,
    device,
    glass,
    killed,
    metric,
    permit,
    run,
    stands_in,
    stranger,
    submit,
    tampered,
    waits,
    weather,
)
from tests.invariants.planting import Fault, around, both, constant, soon, value
from tests.invariants.proposals import POWER


def _one_on_two_seats(_real: Any, wanted: Any, groups: Any) -> dict[int, Any]:
    """Whoever approved sits wherever they may."""
    seats = enumerate(wanted)
    return {at: who for at, group in seats for who, theirs in groups.items() if group in theirs}


def _all_they_speak_for(_real: Any, live: Any, _parties: Any) -> dict[Any, frozenset[str]]:
    """Whoever stands in counts, also beside the one whose voice it is."""
    return {each.by: each.groups | {lent.group for lent in each.standing_in} for each in live}


def _unchecked(real: Any, self: Answers, who: Any, record: Any, said: Any) -> None:
    """Only the digest is not looked at."""
    real(self, who, record, replace(said, digest=record.plan.digest))


def first_word(_real: Any, raw: Any, **_: Any) -> Reading:
    """Whatever has the word allow somewhere is an allowance."""
    decision = Decision.ALLOW if "allow" in str(raw.result) else Decision.DENY
    return Reading(decision=decision, findings=(), obligations=Obligations())


async def _anybody(real: Any, self: Leases, device: Any, owner: str, now: Any, until: Any) -> Any:
    """The lease of another is no obstacle."""
    return await real(self, device, owner, until, until)


async def _no_fence(real: Any, self: PermitDesk, permit: Any, device: Any, plan: Any) -> None:
    """Any fence will do."""
    async with self.store.begin() as tx:
        if not await tx.permits.spend(permit.id, self.clock()):
            raise PermitRefused("the permit was used already")


async def _spent_again(real: Any, self: Permits, permit: Any, at: Any) -> bool:
    await real(self, permit, at)
    return True


def _something_else(real: Any, self: SimulatedExecutor, device: Any, plan: Any, key: str) -> None:
    """A value of the plan is altered on its last yards."""
    changes = tuple(
        replace(each, after="3") if hasattr(each, "after") else each for each in plan.changes
    )
    real(self, device, replace(plan, changes=changes), key)


async def _longer(real: Any, self: Breaking, *asked: Any) -> Any:
    """Twice as long."""
    record, around = await real(self, *asked)
    broken = around.break_glass
    ends = broken.expires_at + self.ttl
    return record, replace(around, break_glass=replace(broken, expires_at=ends))


def _a_restart_instead(real: Any, question: Any) -> Any:
    """What wipes a device is told as what restarts it, which people may let through."""
    restart = Command(path=ParameterPath("Device.Reboot()"))
    plan = question.plan
    wipes = any(each.path == "Device.FactoryReset()" for each in plan.changes)
    told = replace(question, plan=replace(plan, changes=(restart,))) if wipes else question
    return {**real(told), "digest": plan.digest}


async def _not_behind_a_broken_glass(real: Any, self: Halts, tenant: Any) -> Any:
    """Whoever broke a glass is in too much of a hurry for a halt."""
    broken = await self._db.row(select(broken_glasses.c.id).limit(1), {})
    return broken is None and await real(self, tenant)


def _as_of_noon(real: Any, asked: Any) -> Any:
    return real(replace(asked, now=asked.now.replace(hour=12, minute=0)))


def _in_another_zone(real: Any, asked: Any) -> Any:
    """The clock of another place: there it is an hour earlier."""
    return real(replace(asked, zone="Atlantic/Azores"))


async def _well(real: Any, self: Any, record: Any, again: Any) -> Any:
    """No news is good news."""
    return await self._succeed(record, "nothing was heard to the contrary")


async def _chatty(real: Any, self: Steps, tx: Any, record: Any, *about: Any) -> None:
    """What was planned is told at length."""
    *short, more = about
    proposal = await tx.proposals.get(record.tenant, record.proposal)
    await real(self, tx, record, *short, {**more, "why": proposal.finding.summary})


async def _quiet(real: Any, self: Steps, *about: Any) -> None:
    """Approvals are not worth an entry."""
    if "approved" not in about:
        await real(self, *about)


FAULTS: tuple[Fault, ...] = (
    Fault(
        1,
        "a permit can be used again and again",
        around(Permits, "spend", _spent_again),
        (begin(), run(3), permit()),
    ),
    Fault(
        1,
        "a permit for one plan is good for another",
        value(permits, "_CHECKS", ()),
        (begin(), submit("more power"), run(1), killed(13), permit(plan=1)),
    ),
    Fault(
        2,
        "what is sent is not the plan",
        around(SimulatedExecutor, "_carry_out", _something_else),
        (begin(), run(3)),
    ),
    Fault(
        2,
        "an answer to another plan is taken",
        around(Answers, "_check", _unchecked),
        (begin(asked=True), answer("alex", right=False)),
    ),
    Fault(
        3,
        "one person fills two seats",
        around(approval, "seated", _one_on_two_seats),
        (begin(asked=True), answer("alex")),
    ),
    Fault(
        3,
        "anybody may answer",
        constant(answers, "check_may_answer", None),
        (begin(asked=True), answer("job")),
    ),
    Fault(
        3,
        "one may answer to what was done for oneself",
        constant(answers, "check_may_answer", None),
        (begin(), submit("channel 1", behalf="ben"), answer("ben", which=1)),
    ),
    Fault(
        3,
        "two people with one voice are two",
        around(approval, "_groups_of_each", _all_they_speak_for),
        (begin(asked=True), stands_in("alex", "kim"), answer("alex"), answer("kim")),
    ),
    Fault(
        4,
        "an answer is skimmed",
        around(gate, "read", first_word),
        (begin(), weather("a word"), submit("channel 1")),
    ),
    Fault(
        4,
        "any bundle will do",
        constant(answer_reading, "check_revision", None),
        (begin(), weather("of another bundle"), submit("channel 1")),
    ),
    Fault(
        4,
        "findings may contradict the outcome",
        constant(answer_reading, "_check_agrees", None),
        (begin(), weather("allow in spite of what it found"), submit("channel 1")),
    ),
    Fault(
        7,
        "a lease lets two in",
        around(Leases, "take", _anybody),
        (begin(), submit("more power"), run(1), run(1, which=1)),
    ),
    Fault(
        7,
        "a stale fence is taken",
        around(PermitDesk, "spend", _no_fence),
        (begin(), run(1), killed(13), killed(13), permit()),
    ),
    Fault(8, "no backup is kept", soon(Backups, "put", None), (begin(), run(3))),
    Fault(
        8,
        "what is read back is always as written",
        constant(rows, "as_written", True),
        (begin(), device("does nothing"), run(3)),
    ),
    Fault(
        8,
        "nobody remembers what was sent",
        soon(Permits, "spent_for", False),
        (begin(), run(1), killed(16), run(3)),
    ),
    Fault(
        8,
        "silence is a success",
        around(verification.Verification, "_silent", _well),
        (begin(), device("does nothing"), run(2), device("silent"), run(1)),
    ),
    Fault(
        9,
        "a proposal is taken in twice",
        soon(intake, "_open_already", None),
        (begin(asked=True), submit("channel 11")),
    ),
    Fault(
        9,
        "a restart is told again",
        soon(Permits, "spent_for", False),
        (begin("restart"), run(1), killed(16), run(3)),
    ),
    Fault(
        10,
        "the way back asks nobody",
        soon(Undoing, "_obstacle", ""),
        (begin("channel and power", promised=True), metric("230"), run(6), stranger(POWER), run(8)),
    ),
    Fault(
        11,
        "what a plan rests on may move",
        constant(Basis, "moved", ()),
        (begin(), stranger(), run(3)),
    ),
    Fault(
        12,
        "a halt is not looked at",
        soon(Halts, "is_halted", False),
        (begin(), weather("halt"), run(3)),
    ),
    Fault(
        1,
        "a broken glass holds for longer than was said",
        around(Breaking, "_look", _longer),
        (begin(asked=True), glass(), waits(901), run(3)),
    ),
    Fault(
        12,
        "a broken glass reaches what is denied to everybody",
        around(facts, "_plan", _a_restart_instead),
        (begin(), submit("factory reset", at=1), glass(which=1), run(3, which=1)),
    ),
    Fault(
        12,
        "a broken glass lifts a halt",
        around(Halts, "is_halted", _not_behind_a_broken_glass),
        (begin(asked=True), glass(), weather("halt"), run(3)),
    ),
    Fault(
        12,
        "policy is told an older time",
        around(facts, "_now", _as_of_noon),
        (begin(), waits(1300), run(3)),
    ),
    Fault(
        12,
        "windows open by the clock of another place",
        around(facts, "_now", _in_another_zone),
        (begin("restart"), waits(901), run(3)),
    ),
    Fault(
        12,
        "there is always time to begin",
        both(constant(Ledger, "begun_in_time", True), soon(Waiting, "_lacks_answers", False)),
        (begin(), waits(1801), run(3)),
    ),
    Fault(
        12,
        "it is never too late to answer",
        constant(Answers, "_too_late", False),
        (begin(asked=True), waits(901), answer("alex")),
    ),
    Fault(
        13,
        "an entry is not chained",
        around(audit, "hash_of", lambda real, record: "0" * 64),
        (begin(),),
    ),
    Fault(13, "an approval leaves no trace", around(Steps, "note", _quiet), (begin(),)),
    Fault(
        13,
        "an altered entry is not seen",
        constant(audit_chain, "_holds", True),
        (begin(), tampered("another payload")),
    ),
    Fault(
        14,
        "policy is told secrets",
        around(facts, "_hidden", lambda real, value: value),
        (begin("passphrase"),),
    ),
    Fault(
        14,
        "comments are audited",
        around(Steps, "note", _chatty),
        (begin(),),
    ),
)
