"""What may happen, in any order: a machine whose every step is held against the checks."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from brain.domain.approval import Answer
from brain.domain.identity import ChangeId, PrincipalId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Author
from evals.workbench import CHANNEL, UTILISATION
from executors.steps import Next, Step
from tests.invariants.checks import AT_THE_END, CHEAP
from tests.invariants.databases import Databases
from tests.invariants.proposals import (
    ASKERS,
    PEOPLE,
    PLANS,
    POWER,
    REVIEWERS,
    VALUES,
    proposal,
)
from tests.invariants.tampering import ROWS, TRAIL, tampered_change, tampered_trail
from tests.invariants.witness import MOODS
from tests.invariants.world import RUNNING, Run, World

MOST_CHANGES = 6
WHICH = st.integers(0, MOST_CHANGES - 1)
MOMENTS = st.integers(1, 22)
"""As many as the longest step has: two for each commit, two for each word to a device."""
LIKELY = ["channel 11", "channel and power", "channel 1", "power", "passphrase", "restart"]
ORDINARY = {"author": Author.RULES, "behalf": "sub-1", "promised": False, "case": "cas_1"}
LIES = {
    "does nothing": {"11": "6", "1": "6", "50": "100"},
    "does something else": {"11": "10", "1": "10", "50": "60"},
    "does not go back": {"6": "11", "100": "50"},
}
often = st.sampled_from([True, True, True, False])


class Life(RuleBasedStateMachine):
    """The life of a handful of changes on two devices; ``databases`` says where."""

    databases: Databases
    lives: int
    """How many were lived to their end."""
    broken = False

    @initialize(
        plan=st.sampled_from(LIKELY), promised=st.booleans(), asked=st.sampled_from([True, False])
    )
    def begin(self, plan: str, *, promised: bool, asked: bool) -> None:
        """Sam asked for something, and it may be approved already."""
        self.world = World(self.databases, PEOPLE)
        self._submit(plan, by="sam", at=0, **ORDINARY | {"promised": promised})
        if not asked:
            self._all_approve(0)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            if not self.broken:  # what is broken already is not to be explained by what follows
                self.world.settle()
                for check in (*CHEAP, *AT_THE_END):
                    check(self.world)
                type(self).lives += 1
        finally:
            self.world.close()

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "world"):
            self.broken = True
            for check in CHEAP:
                check(self.world)
            self.broken = False

    # People and planners.

    @precondition(lambda self: len(self.world.journal.cases) < MOST_CHANGES)
    @rule(
        plan=st.sampled_from([*LIKELY, *sorted(PLANS)]),
        by=st.sampled_from(["sam", *ASKERS]),
        author=st.sampled_from([Author.RULES, Author.RULES, Author.LLM_COMPOSED]),
        behalf=st.sampled_from(["sub-1", "sub-1", "ben"]),
        promised=st.booleans(),
        at=st.integers(0, 1),
        case=st.sampled_from(["cas_1", "cas_2"]),
    )
    def submit(self, plan: str, by: str, at: int, **how: Any) -> None:
        self._submit(plan, by, at, **how)

    def _submit(self, plan: str, by: str, at: int, **how: Any) -> None:
        world = self.world
        made = proposal(
            world.journal, world.devices[at], plan=plan, by=by, now=world.bench.clock, **how
        )
        world.submit(made, PEOPLE[PrincipalId(by)])

    @precondition(lambda self: self.world.journal.cases)
    @rule(
        which=WHICH,
        who=st.sampled_from(REVIEWERS),
        answer=st.sampled_from([Answer.APPROVE, *Answer]),
        right=often,
        times=st.integers(1, 2),
    )
    def answer(self, which: int, who: str, answer: Answer, times: int, *, right: bool) -> None:
        change = self._change(which)
        for _ in range(times):
            self.world.answer(PEOPLE[PrincipalId(who)], change, answer, self._digest(change, right))

    @rule(
        by=st.sampled_from(["alex", "ben", "olga", "sam"]),
        to=st.sampled_from(["kim", "kim", "ben", "job"]),
        group=st.sampled_from(["approvers", "approvers", "noc"]),
        minutes=st.sampled_from([5, 60]),
    )
    def stands_in(self, by: str, to: str, group: str, minutes: int) -> None:
        """Somebody is away, and has a colleague answer in their stead."""
        self.world.lend(PEOPLE[PrincipalId(by)], PrincipalId(to), group, minutes)

    @precondition(lambda self: self.world.journal.lent)
    @rule(by=st.sampled_from(["alex", "ben", "olga", "kim"]))
    def is_back(self, by: str) -> None:
        self.world.come_back(PEOPLE[PrincipalId(by)])

    @precondition(lambda self: self.world.journal.cases)
    @rule(which=WHICH, who=st.sampled_from(["olga", "olga", "job", "alex"]), right=often)
    def break_glass(self, which: int, who: str, *, right: bool) -> None:
        change = self._change(which)
        self.world.break_glass(PEOPLE[PrincipalId(who)], change, self._digest(change, right))

    @precondition(lambda self: self._waiting())
    @rule(which=WHICH)
    def everybody_approves(self, which: int) -> None:
        self._all_approve(which)

    def _all_approve(self, which: int) -> None:
        waiting = self._waiting()
        if not waiting:
            return
        change = waiting[which % len(waiting)]
        digest = self.world.journal.cases[change].shown.plan.digest
        for who in ("alex", "ben", "olga"):
            self.world.answer(PEOPLE[PrincipalId(who)], change, Answer.APPROVE, digest)

    @precondition(lambda self: self.world.journal.cases)
    @rule(which=WHICH, who=st.sampled_from(ASKERS))
    def withdraw(self, which: int, who: str) -> None:
        self.world.do(
            self.world.bench.ledger.withdraw(PEOPLE[PrincipalId(who)], self._change(which))
        )

    @rule(what=st.sampled_from(["halt", "lift", *sorted(MOODS)]), asked=st.integers(1, 3))
    def weather(self, what: str, asked: int) -> None:
        """Changes are halted or not, or for so many questions the engine is not itself."""
        if what in MOODS:
            self.world.engine.mood, self.world.engine.lasts = what, asked
        else:
            self.world.halt(on=what == "halt")

    @rule()
    def a_moment_passes(self) -> None:
        """Always possible."""
        self.world.bench.clock.advance(1)

    @rule(seconds=st.sampled_from([20, 301, 901, 1801]), swept=st.booleans())
    def time_passes(self, seconds: int, *, swept: bool) -> None:
        self.world.bench.clock.advance(seconds)
        if swept:
            self.world.do(self.world.bench.ledger.expire_due())

    # Devices.

    @rule(what=st.sampled_from(["silent", "refuses", "well", "well", *LIES]), at=st.integers(0, 1))
    def device(self, what: str, at: int) -> None:
        """A device is silent, refuses, or does something else than it says; or all is well."""
        world, device = self.world.world, self.world.devices[at].id
        world.silent.discard(device)
        world.refusing.clear()
        world.lies = dict(LIES.get(what, {}))
        if what == "silent":
            world.silent.add(device)
        if what == "refuses":
            world.refusing[CHANNEL] = "9007"

    @rule(at=st.integers(0, 1), path=st.sampled_from([CHANNEL, POWER]), value=st.integers(0, 3))
    def stranger(self, at: int, path: ParameterPath, value: int) -> None:
        self.world.meddle(self.world.devices[at], path, VALUES[path][value])

    @rule(at=st.integers(0, 1), seen=st.sampled_from(["90", "230", "230", "n/a"]))
    def metric(self, at: int, seen: str) -> None:
        self.world.world.devices[self.world.devices[at].id][UTILISATION] = seen

    # Processes.

    @precondition(lambda self: self._under_way())
    @rule(which=WHICH, steps=st.sampled_from([1, 2, 3, 8]), anew=st.booleans())
    def run(self, which: int, steps: int, *, anew: bool) -> None:
        """A run goes on, or another of the same change begins beside it."""
        under_way = self._under_way()
        change = under_way[which % len(under_way)]
        known = [] if anew else [each for each in self.world.runs if each.change == change]
        run = known[-1] if known else Run(change, Next(Step.BEGIN))
        self.world.runs += [] if known else [run]
        for _ in range(steps):
            self.world.take(run)

    @precondition(lambda self: self.world.runs)
    @rule(which=WHICH, moment=MOMENTS, known=st.booleans())
    def run_is_killed(self, which: int, moment: int, *, known: bool) -> None:
        """A new process goes on at the step that was noted, or looks at the ledger alone."""
        run = self._run(which)
        self.world.fuse.arm(moment)
        self.world.take(run)
        if not known:
            for each in self.world.runs:
                each.now = Next(Step.BEGIN)

    @precondition(lambda self: self.world.runs)
    @rule(which=WHICH, other=WHICH, moment=MOMENTS)
    def run_between_run(self, which: int, other: int, moment: int) -> None:
        """At any moment of one step another run, of this change or another, takes one."""
        run, between = self._run(which), self._run(other)

        async def meanwhile() -> None:
            await self.world.step(between)

        self._disturbed(run, moment, meanwhile)

    @precondition(lambda self: self.world.runs)
    @rule(which=WHICH, back=st.booleans())
    def long_silence(self, which: int, *, back: bool) -> None:
        """In the middle of a run its device is gone for longer than anybody waits."""
        run, silent = self._run(which), self.world.world.silent
        device = self.world.journal.cases[run.change].shown.device
        silent.add(device)
        self.world.take(run)
        self.world.bench.clock.advance(601)
        self.world.take(run)
        if back:
            silent.discard(device)

    # Intruders.

    @precondition(lambda self: self.world.journal.minted)
    @rule(which=st.integers(0, 30), plan=st.integers(0, 30))
    def old_permit(self, which: int, plan: int) -> None:
        """A permit is shown again, to an executor and not by a run."""
        permits, cases = self.world.journal.minted, list(self.world.journal.cases.values())
        permit, shown = permits[which % len(permits)], cases[plan % len(cases)].shown.plan
        self.world.show(permit, shown)

    @rule(how=st.sampled_from(sorted(TRAIL)))
    def trail_is_tampered_with(self, how: str) -> None:
        seen = tampered_trail(self.world, how)
        if not seen:
            self.world.journal.broken.append((13, f"nobody saw it: {how}"))

    @precondition(lambda self: self.world.runs)
    @rule(which=WHICH, how=st.sampled_from(sorted(ROWS)))
    def change_is_tampered_with(self, which: int, how: str) -> None:
        run = self._run(which)
        if tampered_change(self.world, run, how):
            self.world.journal.broken.append((2, f"carried out in spite of it: {how}"))

    def _disturbed(self, run: Run, moment: int, by: Callable[[], Any]) -> None:
        self.world.disturbed = True
        self.world.fuse.arm(moment, by)
        self.world.take(run)
        self.world.disturbed = False

    def _change(self, which: int) -> ChangeId:
        changes = list(self.world.journal.cases)
        return changes[which % len(changes)]

    def _digest(self, change: ChangeId, right: bool) -> str:
        return self.world.journal.cases[change].shown.plan.digest if right else "0" * 64

    def _run(self, which: int) -> Run:
        return self.world.runs[which % len(self.world.runs)]

    def _waiting(self) -> list[ChangeId]:
        return self._in(frozenset({State.AWAITING_APPROVAL}))

    def _under_way(self) -> list[ChangeId]:
        return self._in(RUNNING)

    def _in(self, states: frozenset[State]) -> list[ChangeId]:
        return [
            each for each in self.world.journal.cases if self.world.journal.state(each) in states
        ]


def living_on(databases: Databases, *only: str) -> type[Life]:
    """The machine, on these databases; with some of its rules, where not all matter."""

    rules = {each.function.__name__ for each in Life.setup_state().rules}
    assert rules >= set(only), f"there is no such rule: {set(only) - rules}"
    gone = dict.fromkeys(rules - {*only, "a_moment_passes"} if only else ())
    return type("Life", (Life,), {"databases": databases, "lives": 0, **gone})
