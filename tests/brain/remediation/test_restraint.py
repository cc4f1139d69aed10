"""What remediation asked for is held to its switch, hours and budgets again at the write."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from brain.domain.approval import Answer
from brain.domain.break_glass import BreakGlass
from brain.domain.errors import StoreUnavailable
from brain.domain.identity import PrincipalId, ProposalId
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.remediation import Ending, IncidentId, Mode, Waiting
from brain.remediation.restraining import HeldBack
from brain.remediation.rules import QuietHours
from brain.store.store import Store
from evals.homes.network import TENANT
from executors.steps import Next, Step
from tests.brain.remediation.street import ALEX, Street, a_street, rules
from tests.brain.remediation.test_road import CROWDED, sends_again

pytestmark = pytest.mark.slow

OLGA = PrincipalId("olga")
NIGHT = QuietHours.model_validate({"begins": "20:30", "ends": "23:30"})
Hold = Callable[[Street], Awaitable[None]]


async def approved(street: Street) -> ChangeRecord:
    """The one change, which remediation asked for and Alex approved: it is 20:27."""
    await sends_again(street, street.homes[0])
    async with street.store.read() as tx:
        (record,) = await tx.changes.list(TENANT)
    return await street.road.ledger.answer(
        ALEX, record.id, digest=record.plan.digest, answer=Answer.APPROVE
    )


async def turn(street: Street, *, stopped: bool) -> None:
    async with street.store.begin() as tx:
        now = street.road.world.clock()
        await tx.unattended.turn(TENANT, stopped=stopped, by=OLGA, at=now)


async def stop(street: Street) -> None:
    await turn(street, stopped=True)


async def night_falls(street: Street) -> None:
    street.road.world.clock.advance(300)


async def others_were_written(street: Street, *, written: bool = True) -> None:
    """As many other changes as its splitter takes in an hour."""
    now = street.road.world.clock()
    async with street.store.begin() as tx:
        for number in range(street.remediation.evaluation.rulebook.budgets.splitter):
            await tx.unattended.spend(
                TENANT,
                IncidentId(f"inc_other{number}"),
                ["splitter:splitter-e1"],
                now,
                written=written,
            )


async def the_row_is_damaged(street: Street) -> None:
    """Of its incident: nobody can tell what it belongs to."""
    async with street.store.begin() as tx:
        await tx.incidents._db.run(text("UPDATE incidents SET reach = 'somewhere'"))


async def step(street: Street, record: ChangeRecord, at: Step) -> tuple[Next, ChangeRecord]:
    """One step; a write is looked at until the signs of the device were read for long enough."""
    then = await street.road.execution.take(record.id, Next(at))
    while at is then.step is Step.CARRY_OUT:
        street.road.world.clock.advance(then.after)
        then = await street.road.execution.take(record.id, then)
    return then, await street.road.ledger.get(record.id)


HOLDS: tuple[tuple[Hold, str], ...] = (
    (stop, "remediation was stopped by olga"),
    (night_falls, "quiet hours until 23:30"),
    (others_were_written, "2 of 2 unattended changes an hour on its splitter"),
    (the_row_is_damaged, "nobody can tell whether remediation may write it now"),
)


@pytest.mark.parametrize(("hold", "why"), HOLDS, ids=[each.__name__ for each, _ in HOLDS])
@pytest.mark.parametrize("begun", [False, True], ids=["approved", "begun"])
async def test_what_holds_remediation_holds_a_change_of_its_that_waited(
    store: Store, hold: Hold, why: str, begun: bool
) -> None:
    """Before it is begun, and again when it was begun and its device came later."""
    async with a_street(store, faults=[CROWDED], rulebook=rules(quiet_hours=(NIGHT,))) as street:
        record = await approved(street)
        if begun:
            await step(street, record, Step.BEGIN)
        await hold(street)

        then, now = await step(street, record, Step.CARRY_OUT if begun else Step.BEGIN)

        assert (now.state, then.step) == (State.APPROVED, Step.BEGIN)
        assert now.reason.startswith(f"it waits: {why}")
        assert street.road.homes.touched == []
        assert not await street.road.execution.parts.sent(now, now.plan)


async def test_it_goes_on_by_itself_when_remediation_does(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        record = await approved(street)
        await stop(street)
        then, _ = await step(street, record, Step.BEGIN)
        await turn(street, stopped=False)

        street.road.world.clock.advance(then.after)
        then, now = await step(street, record, then.step)

        assert (then.step, now.state) == (Step.CARRY_OUT, State.EXECUTING)


async def test_what_is_stopped_for_too_long_expires_and_says_what_held_it(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        record = await approved(street)
        await stop(street)
        await step(street, record, Step.BEGIN)
        await street.remediation.settle()
        (incident,) = await street.incidents()
        assert incident.waiting is Waiting.EXECUTION
        assert "it waits: remediation was stopped by olga" in incident.reason

        await turn(street, stopped=False)
        street.road.world.clock.advance(timedelta(hours=25).total_seconds())
        _, now = await step(street, record, Step.BEGIN)
        await street.remediation.settle()

        assert now.state is State.EXPIRED
        assert "remediation was stopped by olga" in now.reason
        (incident,) = await street.incidents()
        assert incident.ending is Ending.NOT_CHANGED
        assert street.road.homes.touched == []


async def test_what_was_only_begun_by_others_takes_no_room_from_a_write(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        record = await approved(street)
        await others_were_written(street, written=False)

        await step(street, record, Step.BEGIN)
        then, now = await step(street, record, Step.CARRY_OUT)

        assert (then.step, now.state) == (Step.VERIFY, State.VERIFYING)


async def test_a_write_counts_from_the_hour_in_which_it_was_written(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        record = await approved(street)
        street.road.world.clock.advance(600)
        await step(street, record, Step.BEGIN)
        since = street.road.world.clock()
        domains, nobody = ["splitter:splitter-e1"], IncidentId("inc_none")

        async def counted() -> list[int]:
            async with store.read() as tx:
                spent = await tx.unattended.spent(
                    TENANT,
                    domains,
                    since=since - timedelta(seconds=1),
                    but=nobody,
                    written=True,
                )
            return [count for count, _ in spent.values()]

        before = await counted()
        await step(street, record, Step.CARRY_OUT)

        assert (before, await counted()) == ([], [1])


async def test_a_broken_glass_stands_for_quiet_hours_and_not_for_the_switch(store: Store) -> None:
    async with a_street(store, faults=[CROWDED], rulebook=rules(quiet_hours=(NIGHT,))) as street:
        record = await approved(street)
        await night_falls(street)
        held = street.road.execution.parts.restraint
        now = street.road.world.clock()
        record = replace(
            record,
            break_glass=BreakGlass(
                by=OLGA,
                ticket="INC-7",
                reason="no way to call for help",
                plan_digest=record.plan.digest,
                at=now,
                expires_at=now + timedelta(minutes=10),
            ),
        )

        assert await held.held(record) == ""
        await stop(street)
        assert await held.held(record) == "remediation was stopped by olga"


async def test_after_a_start_as_a_dry_run_nothing_of_it_is_written(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        record = await approved(street)

        restraint = street.road.execution.parts.restraint
        assert isinstance(restraint, HeldBack)

        said = await replace(restraint, mode=Mode.DRY_RUN).held(record)

        assert said == "remediation is not on (GATEWRIGHT_REMEDIATION is dry_run)"


async def test_what_people_ask_for_is_held_by_none_of_it(store: Store) -> None:
    async with a_street(store, faults=[CROWDED], rulebook=rules(quiet_hours=(NIGHT,))) as street:
        record = await approved(street)
        await stop(street)
        await night_falls(street)
        restraint = street.road.execution.parts.restraint
        theirs = replace(record, asked_by=PrincipalId("sam"), proposal=ProposalId("prp_sam"))

        assert await restraint.held(theirs) == ""
        assert await restraint.take_turn(theirs) == ""
        async with store.read() as tx:
            kept = await tx.unattended.spent(
                TENANT,
                ["tenant:"],
                since=record.created_at - timedelta(days=1),
                but=IncidentId("inc_none"),
                written=True,
            )
        assert kept == {}


async def test_what_the_service_asks_for_without_an_incident_is_held_too(store: Store) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        record = await approved(street)
        await stop(street)

        theirs = replace(record, proposal=ProposalId("prp_token"))

        said = await street.road.execution.parts.restraint.held(theirs)
        assert said == "remediation was stopped by olga"


async def test_a_store_that_does_not_answer_holds_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_street(store, faults=[CROWDED]) as street:
        record = await approved(street)
        restraint = street.road.execution.parts.restraint

        async def silent(*_about: object) -> None:
            raise StoreUnavailable("the database does not answer")

        monkeypatch.setattr("brain.store.unattended.Unattended.switch", silent)

        for said in (await restraint.held(record), await restraint.take_turn(record)):
            assert (
                said == "nobody can tell whether remediation may write it now (store_unavailable)"
            )
