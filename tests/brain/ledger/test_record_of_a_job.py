"""A job acts alone only where the same change held often enough on the same model and firmware."""

from dataclasses import replace

import pytest

from brain.domain.autonomy import Level
from brain.domain.identity import ChangeId, Principal, PrincipalId, PrincipalKind, Role
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, workbench

_WHOLE_RADIO = {
    "Device.WiFi.SSID.1.LowerLayers": "Device.WiFi.Radio.1.",
    "Device.WiFi.AccessPoint.1.SSIDReference": "Device.WiFi.SSID.1.",
    "Device.WiFi.AccessPoint.1.AssociatedDeviceNumberOfEntries": "0",
}


@pytest.fixture
async def bench(store: Store) -> Workbench:
    """The bench, with a radio of which it is known that nobody else hangs from it."""
    bench = await workbench(store)
    bench.tree.update({ParameterPath(path): value for path, value in _WHOLE_RADIO.items()})
    await bench.executor.read(bench.device, [ParameterPath("Device.")])
    async with store.begin() as tx:
        await tx.principals.put(job(bench), "nightly")
    return bench


def job(bench: Workbench) -> Principal:
    return Principal(
        id=PrincipalId("nightly"),
        tenant=bench.device.tenant,
        kind=PrincipalKind.MACHINE,
        roles=frozenset({Role.AUTOMATION}),
    )


async def tried(bench: Workbench, *, held: int, failed: int = 0, firmware: str = "1.0") -> None:
    """So many like it were carried out before, on a device of this firmware."""
    model = await bench.submit(bench.proposal(case="cas_before"))
    basis = replace(model.basis, firmware=firmware)
    ends = [State.SUCCEEDED] * held + [State.ROLLED_BACK] * failed
    async with bench.store.begin() as tx:
        for number, end in enumerate(ends):
            past = replace(model, id=ChangeId(f"chg_{number}"), state=end, basis=basis)
            await tx.changes.add(past)
            await bench.ledger.learning.moved(tx, State.VERIFYING, past)
    await bench.ledger.withdraw(bench.sam, model.id)


async def trusted(bench: Workbench) -> None:
    """A person has let the playbook act alone on this model."""
    async with bench.store.begin() as tx:
        for standing in await tx.autonomy.list(bench.device.tenant):
            await tx.autonomy.put(replace(standing, level=Level.ALONE))


async def asked(bench: Workbench) -> ChangeRecord:
    """What becomes of it when the job asks."""
    proposal = replace(bench.proposal(), asked_by=job(bench).id)
    return await bench.ledger.submit(proposal, job(bench))


async def test_with_enough_behind_it_the_job_needs_nobody(bench: Workbench) -> None:
    await tried(bench, held=73)
    await trusted(bench)

    record = await asked(bench)

    assert record.state is State.APPROVED
    assert (await bench.run(record.id)).state is State.SUCCEEDED
    assert bench.tree[CHANNEL] == "11"


@pytest.mark.parametrize(
    ("held", "failed", "firmware"),
    [(0, 0, "1.0"), (29, 0, "1.0"), (72, 0, "1.0"), (90, 2, "1.0"), (200, 0, "0.9")],
)
async def test_with_less_a_person_looks_at_it_first(
    bench: Workbench, held: int, failed: int, firmware: str
) -> None:
    await tried(bench, held=held, failed=failed, firmware=firmware)
    await trusted(bench)

    record = await asked(bench)

    assert record.state is State.AWAITING_APPROVAL
    assert "asker.machine_unproven" in {each.code for each in record.verdict.findings}
    await bench.run(record.id)
    assert bench.world.writes == []


async def test_a_good_record_lets_no_job_act_alone_before_a_person_does(bench: Workbench) -> None:
    await tried(bench, held=73)

    record = await asked(bench)

    assert record.state is State.AWAITING_APPROVAL
    assert {each.code for each in record.verdict.findings} == {"unattended.not_alone"}
    await bench.run(record.id)
    assert bench.world.writes == []


async def test_a_record_of_nothing_in_particular_speaks_for_nothing(bench: Workbench) -> None:
    await tried(bench, held=200)
    async with bench.store.begin() as tx:
        await tx.devices.put(replace(bench.device, model=""))

    record = await asked(bench)

    assert record.state is State.DENIED  # nobody knows the model, so nobody said that it works
    found = {each.code for each in record.verdict.findings}
    assert {"asker.machine_unproven", "compatibility.unknown"} <= found


async def test_a_record_that_turned_bad_meanwhile_stops_the_write(bench: Workbench) -> None:
    await tried(bench, held=73)
    await trusted(bench)
    record = await asked(bench)
    async with bench.store.begin() as tx:
        for number in range(5):
            late = replace(record, id=ChangeId(f"chg_late{number}"), state=State.ROLLED_BACK)
            await tx.changes.add(late)
            await bench.ledger.learning.moved(tx, State.VERIFYING, late)

    end = await bench.run(record.id)

    assert end.state is State.AWAITING_APPROVAL
    assert bench.world.writes == []
