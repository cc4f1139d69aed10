"""A rollout is many ordinary changes, a few at a time; it stops by itself, and by a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from brain.domain.approval import Answer
from brain.domain.change import Change, Command, SetParameter
from brain.domain.errors import Conflict, Forbidden, InvalidInput, InvalidPlan, NotFound
from brain.domain.identity import ChangeId, DeviceId, Principal, PrincipalKind, Role
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.rollout import Pace, Rollout, RolloutId, RolloutState, Tally, TargetState
from brain.ledger.rolling_out import RollingOut
from brain.ledger.rollouts import Rollouts
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, ordered_id, to_channel, workbench

ALL = range(1, 7)


@dataclass
class Fleet:
    """Six devices on a workbench, and what rolls out to them."""

    bench: Workbench
    rollouts: Rollouts
    rolling: RollingOut

    @property
    def ids(self) -> list[DeviceId]:
        return [DeviceId(f"00D09E-G1-{number}") for number in ALL]

    async def begin(
        self,
        who: Principal | None = None,
        *,
        steps: Sequence[Change] = (to_channel("11", before=""),),
        devices: Sequence[DeviceId] | None = None,
        **pace: int,
    ) -> Rollout:
        return await self.rollouts.begin(
            who or self.bench.olga,
            name="Off channel 6",
            steps=steps,
            devices=devices or self.ids,
            pace=Pace(**{"at_once": 6, "first": 6, **pace}),
        )

    async def tally(self, rollout: Rollout) -> Tally:
        async with self.bench.store.read() as tx:
            return await tx.rollouts.tally(TENANT, rollout.id)

    async def now(self, rollout: Rollout) -> Rollout:
        async with self.bench.store.read() as tx:
            found = await tx.rollouts.get(TENANT, rollout.id)
        assert found is not None
        return found

    async def waiting(self) -> list[ChangeId]:
        async with self.bench.store.read() as tx:
            found = await tx.changes.list(TENANT, states=[State.AWAITING_APPROVAL])
        return [each.id for each in reversed(found)]

    async def carry_out(self, *changes: ChangeId) -> list[State]:
        """Approve each and run it to its end."""
        ended = []
        for change in changes:
            record = await self.bench.ledger.get(change)
            if record.state is State.AWAITING_APPROVAL:
                await self.bench.approve(record)
            ended.append((await self.bench.run(change)).state)
        return ended

    def channels(self) -> list[str]:
        return [self.bench.world.devices[each][CHANNEL] for each in self.ids]


CHANNEL = to_channel("11").path


async def an_operator(who: Principal) -> bool:
    return Role.OPERATOR in who.roles


@pytest.fixture
async def fleet(store: Store) -> Fleet:
    bench = await workbench(store)
    rollouts = Rollouts(
        store=store,
        audit=bench.ledger.steps.audit,
        clock=bench.clock,
        new_id=ordered_id,
    )
    rolling = RollingOut(ledger=bench.ledger, rollouts=rollouts, may=an_operator)
    made = Fleet(bench, rollouts, rolling)
    for id in made.ids[1:]:
        device = replace(bench.device, id=id, serial=id[-1])
        bench.world.devices[id] = dict(bench.tree)
        async with store.begin() as tx:
            await tx.devices.put(device)
        await bench.executor.read(device, [ParameterPath("Device.")])
    return made


async def test_each_device_gets_a_change_of_its_own_that_is_judged_and_waits_for_people(
    fleet: Fleet,
) -> None:
    rollout = await fleet.begin()
    before = await fleet.tally(rollout)
    await fleet.rolling.look()

    async with fleet.bench.store.read() as tx:
        found = await tx.changes.list(TENANT)
    assert before.by_state == {"pending": 6}
    assert [each.device for each in reversed(found)] == fleet.ids
    assert {each.state for each in found} == {State.AWAITING_APPROVAL}
    assert {each.asked_by for each in found} == {fleet.bench.olga.id}
    assert len({each.verdict.decision_id for each in found}) == 6
    assert fleet.channels() == ["6"] * 6
    assert fleet.bench.world.writes == []


async def test_the_one_who_began_it_approves_none_of_it(fleet: Fleet) -> None:
    await fleet.begin()
    await fleet.rolling.look()
    (first, *_) = await fleet.waiting()

    with pytest.raises(Forbidden):
        await fleet.bench.approve(await fleet.bench.ledger.get(first), fleet.bench.olga)


async def test_what_people_let_through_is_carried_out_and_the_rollout_is_done(
    fleet: Fleet,
) -> None:
    rollout = await fleet.begin(devices=fleet.ids[:2])
    await fleet.rolling.look()

    ended = await fleet.carry_out(*await fleet.waiting())
    await fleet.rolling.look()

    tally = await fleet.tally(rollout)
    assert set(ended) == {State.SUCCEEDED}
    assert (tally.succeeded, tally.total, tally.failed) == (2, 2, 0)
    assert (await fleet.now(rollout)).state is RolloutState.DONE
    assert fleet.channels() == ["11", "11", "6", "6", "6", "6"]


async def test_what_a_device_refuses_counts_as_failed_and_stops_it(fleet: Fleet) -> None:
    rollout = await fleet.begin(first=1, at_once=1)
    fleet.bench.world.refusing[CHANNEL] = "9002"
    await fleet.rolling.look()

    ended = await fleet.carry_out(*await fleet.waiting())
    await fleet.rolling.look()

    assert ended == [State.FAILED]
    assert (await fleet.now(rollout)).state is RolloutState.STOPPING
    assert (await fleet.tally(rollout)).failed == 1
    assert await fleet.waiting() == []


async def test_it_begins_with_few_and_takes_one_more_for_each_that_succeeded(
    fleet: Fleet,
) -> None:
    rollout = await fleet.begin(first=1, at_once=2, devices=fleet.ids[:4])
    opened = []
    for _ in range(3):
        await fleet.rolling.look()
        await fleet.rolling.look()
        opened.append((await fleet.tally(rollout)).open)
        await fleet.carry_out(*await fleet.waiting())

    assert opened == [1, 2, 1]
    assert (await fleet.tally(rollout)).succeeded == 4


async def test_more_failures_than_it_bears_stop_it_and_take_back_what_has_not_begun(
    fleet: Fleet,
) -> None:
    rollout = await fleet.begin(first=3, most_failed=0)
    await fleet.rolling.look()
    failing, *others = await fleet.waiting()
    await fleet.bench.ledger.answer(
        fleet.bench.alex,
        failing,
        digest=(await fleet.bench.ledger.get(failing)).plan.digest,
        answer=Answer.REJECT,
    )

    await fleet.rolling.look()
    stopping = await fleet.now(rollout)
    await fleet.rolling.look()

    tally = await fleet.tally(rollout)
    assert stopping.state is RolloutState.STOPPING
    assert "1 failed, of at most 0" in stopping.reason
    assert (await fleet.now(rollout)).state is RolloutState.STOPPED
    assert tally.by_state == {"rejected": 1, "superseded": 2, "left_out": 3}
    assert {(await fleet.bench.ledger.get(each)).state for each in others} == {State.SUPERSEDED}
    assert fleet.bench.world.writes == []


async def test_so_many_failures_as_it_bears_do_not_stop_it(fleet: Fleet) -> None:
    rollout = await fleet.begin(first=1, at_once=1, most_failed=1)
    await fleet.rolling.look()
    (first,) = await fleet.waiting()
    await fleet.bench.ledger.answer(
        fleet.bench.alex,
        first,
        digest=(await fleet.bench.ledger.get(first)).plan.digest,
        answer=Answer.REJECT,
    )
    await fleet.rolling.look()

    assert (await fleet.now(rollout)).state is RolloutState.RUNNING
    assert len(await fleet.waiting()) == 1


async def test_a_person_stops_it_and_what_is_under_way_is_seen_through(fleet: Fleet) -> None:
    rollout = await fleet.begin(first=2)
    await fleet.rolling.look()
    under_way, waiting = await fleet.waiting()
    await fleet.bench.approve(await fleet.bench.ledger.get(under_way))
    record = await fleet.bench.ledger.get(under_way)
    record = await fleet.bench.ledger.move(record, State.EXECUTING, reason="began")

    await fleet.rollouts.stop(fleet.bench.olga, rollout.id, reason="the phone rings")
    await fleet.rolling.look()

    assert (await fleet.now(rollout)).state is RolloutState.STOPPING
    assert (await fleet.bench.ledger.get(under_way)).state is State.EXECUTING
    assert (await fleet.bench.ledger.get(waiting)).state is State.SUPERSEDED
    tally = await fleet.tally(rollout)
    assert (tally.open, tally.not_done) == (1, 5)
    with pytest.raises(Conflict):
        await fleet.rollouts.stop(fleet.bench.olga, rollout.id, reason="again")


async def test_a_device_that_no_change_can_be_made_for_is_left_out_and_says_why(
    fleet: Fleet,
) -> None:
    fleet.bench.world.devices[fleet.ids[2]][CHANNEL] = "11"
    async with fleet.bench.store.read() as tx:
        device = await tx.devices.get(TENANT, fleet.ids[2])
    assert device is not None
    await fleet.bench.executor.read(device, [ParameterPath("Device.")])

    rollout = await fleet.begin()
    await fleet.rolling.look()

    async with fleet.bench.store.read() as tx:
        found = await tx.rollouts.devices(TENANT, rollout.id)
    target, state = found[2]
    assert (target.state, state) == (TargetState.LEFT_OUT, None)
    assert "already has every value" in target.note
    assert [state for _, state in found].count(State.AWAITING_APPROVAL) == 5


async def test_nothing_is_submitted_while_changes_are_halted(fleet: Fleet) -> None:
    async with fleet.bench.store.begin() as tx:
        await tx.halts.set(TENANT, halted=True, by=fleet.bench.olga.id, at=fleet.bench.clock())
    rollout = await fleet.begin()

    await fleet.rolling.look()

    assert (await fleet.tally(rollout)).by_state == {"pending": 6}
    assert (await fleet.now(rollout)).state is RolloutState.RUNNING


@pytest.mark.parametrize("shut_out", [True, False])
async def test_it_stops_when_whoever_asked_for_it_may_no_longer(
    fleet: Fleet, shut_out: bool
) -> None:
    rollout = await fleet.begin()
    olga = fleet.bench.olga
    async with fleet.bench.store.begin() as tx:
        if shut_out:
            await tx.principals.disable(TENANT, olga.id, disabled=True)
        else:
            await tx.principals.put(replace(olga, roles=frozenset({Role.SUPPORT})), olga.id)

    await fleet.rolling.look()
    await fleet.rolling.look()

    assert (await fleet.now(rollout)).state is RolloutState.STOPPED
    assert await fleet.waiting() == []


@pytest.mark.parametrize("submitted", [True, False])
async def test_what_was_being_submitted_when_the_process_died_is_submitted_once(
    fleet: Fleet, submitted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollout = await fleet.begin(first=1, at_once=1)
    real = fleet.bench.ledger.submit

    async def dies(*given: Any) -> Any:
        if submitted:
            await real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(fleet.bench.ledger, "submit", dies)
        with pytest.raises(KeyboardInterrupt):
            await fleet.rolling.look()
    assert (await fleet.tally(rollout)).by_state == {"submitting": 1, "pending": 5}
    await fleet.rolling.look()

    async with fleet.bench.store.read() as tx:
        found = await tx.changes.list(TENANT)
        first = (await tx.rollouts.devices(TENANT, rollout.id))[0]
    assert [(each.id, each.device) for each in found] == [(first[0].change, fleet.ids[0])]


async def test_nothing_is_submitted_for_one_that_was_stopped_meanwhile(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollout = await fleet.begin()
    real = fleet.bench.ledger.submit

    async def stops(*given: Any) -> Any:
        made = await real(*given)
        await fleet.rollouts.stop(fleet.bench.olga, rollout.id, reason="no")
        return made

    monkeypatch.setattr(fleet.bench.ledger, "submit", stops)
    await fleet.rolling.look()

    assert (await fleet.tally(rollout)).by_state == {"awaiting_approval": 1, "pending": 5}


async def test_a_machine_begins_none(fleet: Fleet) -> None:
    robot = replace(fleet.bench.olga, kind=PrincipalKind.MACHINE)

    with pytest.raises(Forbidden):
        await fleet.begin(robot)

    async with fleet.bench.store.read() as tx:
        assert await tx.rollouts.newest(TENANT) == []


EVERY_CHANNEL = ParameterPath("Device.WiFi.Radio.*.Channel")
SECRET = SetParameter(
    path=ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase"),
    type=ParameterType.STRING,
    before="",
    after="the same for all",
)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"steps": ()}, InvalidPlan),
        ({"steps": (to_channel("1"), to_channel("2"))}, InvalidPlan),
        (
            {
                "steps": (
                    replace(to_channel("1"), path=ParameterPath("Device.WiFi.Radio.*.Channel")),
                )
            },
            InvalidPlan,
        ),
        ({"steps": (SECRET,)}, InvalidInput),
        ({"steps": (to_channel("1"), Command(path=ParameterPath("Device.Reboot()")))}, InvalidPlan),
        ({"devices": [DeviceId("nobody")]}, InvalidInput),
        ({"devices": [DeviceId("00D09E-G1-1")] * 2}, InvalidInput),
        ({"at_once": 0}, InvalidInput),
        ({"first": 7}, InvalidInput),
        ({"at_once": 501}, InvalidInput),
        ({"most_failed": -1}, InvalidInput),
    ],
)
async def test_what_could_be_no_rollout_is_refused_and_nothing_is_kept(
    fleet: Fleet, wrong: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await fleet.begin(**wrong)

    async with fleet.bench.store.read() as tx:
        assert await tx.rollouts.newest(TENANT) == []
        assert await tx.rollouts.live() == []


async def test_one_that_is_not_there_is_not_stopped(fleet: Fleet) -> None:
    with pytest.raises(NotFound):
        await fleet.rollouts.stop(fleet.bench.olga, RolloutId("rol_none"), reason="x")
