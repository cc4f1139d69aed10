"""A broken glass lets a change skip its approval, and nothing else that keeps a home from harm."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from brain.domain.change import Command, SetParameter
from brain.domain.errors import Forbidden
from brain.domain.identity import PrincipalId, Role
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision, Point
from brain.store.store import Store
from evals.workbench import CHANNEL, TENANT, UTILISATION, Workbench, promise, workbench
from executors.steps import Next, Step
from policies.bundle import Bundle


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


async def test_it_is_carried_out_and_its_permit_is_one_like_any_other(bench: Workbench) -> None:
    record = await bench.broken(await bench.submit(bench.proposal(effect=promise())))
    bench.tree[UTILISATION] = "90"

    end = await bench.run(record.id)

    assert end.state is State.SUCCEEDED
    assert written(bench) == ["11"]
    async with bench.store.read() as tx:
        verdict = await tx.verdicts.latest(TENANT, record.id, Point.EXECUTE)
        (permit,) = await tx.permits.of_change(TENANT, record.id)
        assert await tx.approvals.of_change(TENANT, record.id) == []
    assert verdict.obligations.review_after == "approvers"
    assert permit.plan_digest == record.plan.digest


FREEZE = """
schedule:
  freezes:
    everything: {from: "2026-01-01T00:00:00Z", until: "2026-02-01T00:00:00Z"}
"""


async def test_it_goes_past_a_freeze_that_holds_for_everybody_else(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "own.yaml").write_text(FREEZE)
    bench = await workbench(store, bundle=Bundle.load(data=tmp_path / "own.yaml"))
    record = await bench.approved()
    ordinary = await bench.ledger.rejudge(record, Point.EXECUTE)

    end = await bench.run((await bench.broken(record)).id)

    assert {each.code.partition(".")[0] for each in ordinary.findings} >= {"calendar"}
    assert ordinary.decision is Decision.DENY
    assert end.state is State.SUCCEEDED
    assert written(bench) == ["11"]


async def test_what_does_not_help_is_taken_back_as_ever(bench: Workbench) -> None:
    record = await bench.broken(await bench.submit(bench.proposal(effect=promise(seconds=1200))))
    bench.tree[UTILISATION] = "230"

    end = await bench.run(record.id, most=2000)

    assert end.state is State.ROLLED_BACK
    assert written(bench) == ["11", "6"]
    assert end.break_glass is not None
    assert bench.clock() > end.break_glass.expires_at or "worse" in end.reason


@pytest.mark.slow
async def test_it_is_taken_back_even_when_the_broken_glass_is_over(bench: Workbench) -> None:
    record = await bench.broken(await bench.submit(bench.proposal(effect=promise(seconds=1200))))
    bench.tree[UTILISATION] = "179"

    end = await bench.run(record.id, most=4000)

    assert end.break_glass is not None
    assert bench.clock() > end.break_glass.expires_at
    assert end.state is State.ROLLED_BACK
    assert written(bench) == ["11", "6"]


async def halt(bench: Workbench) -> None:
    async with bench.store.begin() as tx:
        await tx.halts.set(TENANT, halted=True, by=PrincipalId("olga"), at=bench.clock())


async def other_country(bench: Workbench) -> None:
    async with bench.store.begin() as tx:
        await tx.devices.put(replace(bench.device, last_seen=bench.clock(), country="XX"))


async def disentitle(bench: Workbench) -> None:
    async with bench.store.begin() as tx:
        await tx.principals.put(replace(bench.sam, roles=frozenset()), "sam")


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (halt, "core.halted"),
        (other_country, "radio.country_mismatch"),
        (disentitle, "asker.not_entitled"),
    ],
)
async def test_what_policy_denies_stays_denied(
    bench: Workbench, happens: Callable[[Workbench], Awaitable[None]], code: str
) -> None:
    record = await bench.submit()
    await happens(bench)

    with pytest.raises(Forbidden, match="with the glass broken or not") as refused:
        await bench.broken(record)

    assert f"({code})" in str(refused.value)
    assert await bench.ledger.get(record.id) == record
    assert bench.world.writes == []


async def test_a_device_that_is_not_there_is_not_written_to(bench: Workbench) -> None:
    record = await bench.approved()
    bench.clock.advance(16 * 60)

    with pytest.raises(Forbidden, match=r"core\.device_absent"):
        await bench.broken(record)

    assert await bench.ledger.get(record.id) == record


HARMFUL = {
    "resets": Command(path=ParameterPath("Device.FactoryReset()")),
    "management": SetParameter(
        path=ParameterPath("Device.ManagementServer.URL"),
        type=ParameterType.STRING,
        before="",
        after="http://192.0.2.66/",
    ),
    "wan": SetParameter(
        path=ParameterPath("Device.DNS.Client.Server.1.DNSServer"),
        type=ParameterType.STRING,
        before="192.0.2.1",
        after="192.0.2.66",
    ),
}


@pytest.mark.parametrize("harm", HARMFUL)
async def test_what_was_denied_has_no_glass_to_break(bench: Workbench, harm: str) -> None:
    record = await smuggled(bench, HARMFUL[harm])

    with pytest.raises(Forbidden, match="with the glass broken or not") as refused:
        await bench.broken(record)

    assert f"({harm}." in str(refused.value)
    assert await bench.ledger.get(record.id) == record
    assert bench.world.writes == []


async def smuggled(bench: Workbench, change: Command | SetParameter) -> ChangeRecord:
    """A plan that policy denies, as if somebody had brought it to where people are asked."""
    innocent = await bench.submit()
    plan = replace(innocent.plan, changes=(change,))
    record = replace(
        innocent,
        id=type(innocent.id)("chg_smuggled"),
        plan=plan,
        verdict=replace(innocent.verdict, plan_digest=plan.digest),
    )
    async with bench.store.begin() as tx:
        await tx.changes.add(record)
    return record


@pytest.mark.parametrize(
    "happens", [halt, disentitle, other_country], ids=["halted", "disentitled", "elsewhere"]
)
async def test_what_happens_after_it_was_broken_is_judged_at_the_write(
    bench: Workbench, happens: Callable[[Workbench], Awaitable[None]]
) -> None:
    record = await bench.broken(await bench.submit())
    await happens(bench)

    end = await bench.run(record.id, most=2000)

    assert end.state in (State.DENIED, State.EXPIRED)
    assert bench.world.writes == []


async def test_who_is_no_operator_any_more_has_broken_nothing(bench: Workbench) -> None:
    record = await bench.broken(await bench.submit())
    async with bench.store.begin() as tx:
        await tx.principals.put(replace(bench.olga, roles=frozenset({Role.SUPPORT})), "olga")

    end = await bench.run(record.id)

    assert end.state is State.DENIED
    assert "No role of the one who broke the glass" in end.reason
    assert bench.world.writes == []


async def test_it_ends_by_itself_and_nothing_is_sent(bench: Workbench) -> None:
    record = await bench.broken(await bench.submit())
    bench.clock.advance(10 * 60)

    assert await bench.ledger.expire_due() == 1
    end = await bench.run(record.id)

    assert end.state is State.EXPIRED
    assert bench.world.writes == []


async def test_it_ends_while_the_change_waits_for_its_device(bench: Workbench) -> None:
    record = await bench.broken(await bench.submit())
    tree = bench.world.devices.pop(bench.device.id)

    end = await bench.run(record.id, most=2000)

    bench.world.devices[bench.device.id] = tree
    assert end.state is State.FAILED
    assert "nothing was sent" in end.reason
    assert bench.world.writes == []


async def test_a_glass_that_was_broken_for_one_change_is_whole_for_the_next(
    bench: Workbench,
) -> None:
    await bench.run((await bench.broken(await bench.submit())).id)
    bench.tree[CHANNEL] = "6"
    await bench.executor.read(bench.device, [ParameterPath("Device.")])

    again = await bench.submit()
    await bench.execution.take(again.id, Next(Step.BEGIN))

    assert (await bench.ledger.get(again.id)).state is again.state is State.AWAITING_APPROVAL
    assert written(bench) == ["11"]
