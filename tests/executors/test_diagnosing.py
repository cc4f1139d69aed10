"""A diagnostic is requested once, waited for, and told as it ended; silence is unknown."""

from dataclasses import replace

import pytest

from brain.datamodel.diagnostics import DIAGNOSTICS, Kind, command_for
from brain.domain.change import Command
from brain.domain.errors import InvalidValue
from brain.domain.history import Event, EventKind
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import Workbench, workbench
from executors.steps import Next, Step

PING = DIAGNOSTICS[Kind.PING]
AT = "Device.IP.Diagnostics.IPPing."
STATE = ParameterPath(f"{AT}DiagnosticsState")
HOST = "198.51.100.7"
RESULT = {
    "DiagnosticsState": "Complete",
    "SuccessCount": "3",
    "FailureCount": "1",
    "AverageResponseTime": "12",
}


@pytest.fixture
async def bench(store: Store) -> Workbench:
    made = await workbench(store)
    leaves = ("Host", "NumberOfRepetitions", "Timeout", "DataBlockSize", *RESULT)
    made.tree.update({ParameterPath(AT + leaf): "0" for leaf in leaves})
    made.tree[STATE] = "None"
    await made.executor.read(made.device, [ParameterPath("Device.")])
    return made


async def ping(bench: Workbench, **but: str) -> Command:
    async with bench.store.read() as tx:
        snapshot = await tx.snapshots.latest(bench.device.tenant, bench.device.id)
    assert snapshot is not None
    return command_for(PING, {"Host": HOST} | but, snapshot)


async def asked(bench: Workbench) -> tuple[ChangeRecord, Next]:
    """A ping that was requested and has not ended: what its run does next, and when."""
    change = await bench.approved(bench.proposal([await ping(bench)]))
    now = Next(Step.BEGIN)
    while now.step is not Step.VERIFY:
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    return change, now


def ends(bench: Workbench, **but: str) -> None:
    result = RESULT | but
    bench.tree.update({ParameterPath(AT + leaf): value for leaf, value in result.items()})


async def told(bench: Workbench) -> list[Event]:
    async with bench.store.read() as tx:
        return await tx.events.of_device(
            bench.device.tenant, bench.device.id, kinds=[EventKind.DIAGNOSTICS]
        )


async def test_it_is_written_in_one_request_with_the_state_last(bench: Workbench) -> None:
    _, now = await asked(bench)

    assert now.after > 0, "the device begins when the session is over"
    assert [(path.removeprefix(AT), value) for _, path, value in bench.world.writes] == [
        ("Host", HOST),
        ("NumberOfRepetitions", "4"),
        ("Timeout", "2000"),
        ("DataBlockSize", "56"),
        ("DiagnosticsState", "Requested"),
    ]
    assert bench.world.commands == []


async def test_what_it_found_is_told_and_kept_without_naming_the_host(bench: Workbench) -> None:
    change, now = await asked(bench)
    ends(bench)

    await bench.execution.take(change.id, now)

    record = await bench.ledger.get(change.id)
    assert record.state is State.SUCCEEDED
    assert record.reason == "ping complete: 3 of 4 answered, 12 ms on average"
    (event,) = await told(bench)
    assert (event.path, event.value) == (AT, "complete")
    assert HOST not in event.detail


async def test_it_is_requested_once_however_often_it_is_looked_at(bench: Workbench) -> None:
    change, now = await asked(bench)
    for _ in range(3):
        now = await bench.execution.take(change.id, now)
        assert now.step is Step.VERIFY
        assert now.after > 0
        bench.clock.advance(now.after)
    ends(bench)

    await bench.execution.take(change.id, now)
    await bench.run(change.id)

    requests = [value for _, path, value in bench.world.writes if path == STATE]
    assert requests == ["Requested"]
    assert len(await told(bench)) == 1


async def test_an_error_is_an_end_and_is_named(bench: Workbench) -> None:
    change, now = await asked(bench)
    ends(bench, DiagnosticsState="Error_CannotResolveHostName")

    await bench.execution.take(change.id, now)

    record = await bench.ledger.get(change.id)
    assert record.state is State.SUCCEEDED
    assert record.reason == "ping ended with Error_CannotResolveHostName"


async def test_one_that_never_ends_is_unknown_with_what_is_known(bench: Workbench) -> None:
    change, now = await asked(bench)
    bench.tree[ParameterPath(f"{AT}SuccessCount")] = "2"
    bench.clock.advance(11 * 60)

    await bench.execution.take(change.id, now)

    record = await bench.ledger.get(change.id)
    assert record.state is State.UNKNOWN
    assert record.reason == (
        "no end of it was seen in time; ping running: 2 of 2 answered, 0 ms on average"
    )
    assert await told(bench) == []


async def test_a_device_that_goes_silent_leaves_it_unknown_and_settles_it_when_it_is_back(
    bench: Workbench,
) -> None:
    change, now = await asked(bench)
    bench.world.silent.add(bench.device.id)
    bench.clock.advance(11 * 60)
    now = await bench.execution.take(change.id, now)
    assert (await bench.ledger.get(change.id)).state is State.UNKNOWN
    bench.world.silent.clear()
    ends(bench)

    while now.step is not Step.DONE:
        now = await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.SUCCEEDED
    assert [value for _, path, value in bench.world.writes if path == STATE] == ["Requested"]


async def test_results_of_an_earlier_run_are_not_taken_for_this_one(bench: Workbench) -> None:
    ends(bench)
    change, now = await asked(bench)
    # It shows what it showed before, its inputs too, as if nothing had been asked of it.
    async with bench.store.read() as tx:
        before = await tx.backups.get(bench.device.tenant, change.id)
    assert before is not None
    bench.tree.update(before.below(ParameterPath(AT)))

    now = await bench.execution.take(change.id, now)
    assert now.step is Step.VERIFY
    async with bench.store.begin() as tx:
        await tx.events.add(
            Event(
                tenant=bench.device.tenant,
                device=bench.device.id,
                kind=EventKind.DIAGNOSTICS,
                at=bench.clock(),
                detail="8 DIAGNOSTICS COMPLETE",
            )
        )
    await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.SUCCEEDED


async def test_the_same_again_while_it_runs_is_the_same_change(bench: Workbench) -> None:
    change, _ = await asked(bench)

    again = await bench.submit(bench.proposal([await ping(bench)]))

    assert again.id == change.id


async def test_another_one_waits_until_this_one_has_ended(bench: Workbench) -> None:
    await asked(bench)
    other = await bench.approved(bench.proposal([await ping(bench, Host="192.0.2.1")]))

    now = await bench.execution.take(other.id, Next(Step.BEGIN))

    assert now.step is Step.BEGIN
    assert (await bench.ledger.get(other.id)).reason.startswith("it waits")
    assert len([each for each in bench.world.writes if each[1] == STATE]) == 1


async def test_policy_has_it_looked_at(bench: Workbench) -> None:
    record = await bench.submit(bench.proposal([await ping(bench)]))

    assert record.state is State.AWAITING_APPROVAL
    assert bench.world.writes == []


async def test_setting_the_state_by_hand_is_denied(bench: Workbench) -> None:
    proposal = bench.proposal()
    change = replace(proposal.changes[0], path=STATE, after="Requested")

    record = await bench.submit(replace(proposal, changes=(change,)))

    assert record.state is State.DENIED


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"Host": ""}, "Host"),
        ({"NumberOfRepetitions": "101"}, "NumberOfRepetitions"),
        ({"Timeout": "9999999"}, "Timeout"),
        ({"DiagnosticsState": "Requested"}, "no such argument"),
        ({"NumberOfRepetitions": "x"}, "NumberOfRepetitions"),
    ],
)
async def test_what_a_diagnostic_does_not_take_is_refused(
    bench: Workbench, but: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidValue, match=field):
        await bench.submit(bench.proposal([await ping(bench, **but)]))


async def test_a_device_that_has_not_shown_it_is_not_asked(bench: Workbench) -> None:
    trace = Command(path=DIAGNOSTICS[Kind.TRACE_ROUTE].command, arguments=(("Host", HOST),))

    with pytest.raises(InvalidValue, match="not shown"):
        await bench.submit(bench.proposal([trace]))
