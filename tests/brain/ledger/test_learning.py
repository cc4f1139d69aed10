"""What became of a change is learned in the transaction of its outcome, and counted once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.autonomy import Evidence, Level, Standing, Subject
from brain.domain.fared import Fared
from brain.domain.identity import ChangeId
from brain.domain.life import State
from brain.domain.proposal import Cause
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import UTILISATION, Workbench, promise, workbench

PLAYBOOK = Subject(cause=Cause.CONGESTED_CHANNEL, manufacturer="Acme", model="G1")


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


async def learned(bench: Workbench, change: ChangeId) -> Fared | None:
    async with bench.store.read() as tx:
        return await tx.fared.get(bench.device.tenant, change)


async def stands(bench: Workbench) -> Standing | None:
    async with bench.store.read() as tx:
        return await tx.autonomy.get(bench.device.tenant, PLAYBOOK)


async def trusted(bench: Workbench) -> None:
    """The playbook acts alone on this model, with a long record behind it."""
    behind = Evidence(tried=80, succeeded=80, in_a_row=80)
    standing = Standing(
        tenant=bench.device.tenant, subject=PLAYBOOK, level=Level.ALONE, evidence=behind
    )
    async with bench.store.begin() as tx:
        await tx.autonomy.put(standing)


async def audited(bench: Workbench) -> list[str]:
    async with bench.store.read() as tx:
        entries = await tx.audit.range(bench.device.tenant)
    return [each.kind for each in entries if each.kind.startswith("autonomy.")]


async def test_what_was_promised_is_kept_with_what_came_of_it(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise(by=40)))
    bench.tree[UTILISATION] = "45"

    await bench.run(change.id)

    known = await learned(bench, change.id)
    assert known is not None
    assert known.metric == "Device.WiFi.DataElements.Network.Device.{i}.Radio.{i}.Utilization"
    assert (known.promised, known.before, known.after, known.gain) == (40, 180, 45, 135)
    assert known.share == 0.75
    assert known.held is True
    assert known.watched is not None
    assert timedelta() < known.watched <= timedelta(seconds=10)
    standing = await stands(bench)
    assert standing is not None
    assert standing.evidence == Evidence(tried=1, succeeded=1, in_a_row=1)


async def test_what_was_taken_back_keeps_the_reading_that_decided(bench: Workbench) -> None:
    await trusted(bench)
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "225"

    end = await bench.run(change.id)

    known, standing = await learned(bench, change.id), await stands(bench)
    assert end.state is State.ROLLED_BACK
    assert known is not None
    assert (known.after, known.gain, known.held) == (225, -45, False)
    assert standing is not None
    assert standing.level is Level.PROPOSE
    assert str(change.id) in standing.why
    assert await audited(bench) == ["autonomy.lowered"]


async def test_the_level_falls_in_the_transaction_of_the_outcome_or_neither_is_kept(
    bench: Workbench,
) -> None:
    await trusted(bench)
    record = await at_verifying(bench)

    with pytest.raises(ZeroDivisionError):
        await fails_after(bench, record)

    standing = await stands(bench)
    assert standing is not None
    assert standing.level is Level.ALONE
    assert (await bench.ledger.get(record.id)).state is State.VERIFYING
    assert await learned(bench, record.id) is None


async def test_harm_that_shows_later_lowers_it_before_anything_is_taken_back(
    bench: Workbench,
) -> None:
    await trusted(bench)
    record = await at_verifying(bench)
    record = await bench.ledger.move(record, State.SUCCEEDED, reason="it helped")

    taken = await bench.ledger.move(record, State.VERIFYING, reason="it did harm")

    standing = await stands(bench)
    assert standing is not None
    assert standing.level is Level.PROPOSE
    assert standing.evidence == Evidence(tried=81, succeeded=80, in_a_row=0)
    await bench.ledger.move(taken, State.ROLLED_BACK, reason="taken back")
    again = await stands(bench)
    assert again is not None
    assert again.evidence == standing.evidence


async def test_silence_counts_against_it_until_the_device_is_back_and_well(
    bench: Workbench,
) -> None:
    record = await at_verifying(bench)

    silent = await bench.ledger.move(record, State.UNKNOWN, reason="silent")
    during = await stands(bench)
    await bench.ledger.move(silent, State.SUCCEEDED, reason="back")
    after = await stands(bench)

    assert during is not None
    assert during.evidence == Evidence(tried=1, succeeded=0, in_a_row=0)
    assert after is not None
    assert after.evidence == Evidence(tried=1, succeeded=1, in_a_row=0)


async def test_what_failed_before_anything_was_sent_says_nothing(bench: Workbench) -> None:
    await trusted(bench)
    record = await bench.approved()
    begun = await bench.ledger.move(record, State.EXECUTING, reason="begun")

    await bench.ledger.move(begun, State.FAILED, reason="the device did not come in time")

    standing = await stands(bench)
    assert standing is not None
    assert standing.level is Level.ALONE
    assert await learned(bench, record.id) is None


async def test_on_a_box_that_nobody_knows_no_playbook_gets_a_standing(bench: Workbench) -> None:
    record = await at_verifying(bench)
    async with bench.store.begin() as tx:
        await tx.devices.put(replace(bench.device, model=""))

    await bench.ledger.move(record, State.SUCCEEDED, reason="it helped")

    known = await learned(bench, record.id)
    assert known is not None
    assert known.held is True
    async with bench.store.read() as tx:
        assert await tx.autonomy.list(bench.device.tenant) == []


async def test_it_says_once_that_a_person_could_let_it_act_alone(bench: Workbench) -> None:
    almost = Standing(
        tenant=bench.device.tenant,
        subject=PLAYBOOK,
        level=Level.WITH_APPROVAL,
        evidence=Evidence(tried=34, succeeded=34, in_a_row=34),
    )
    async with bench.store.begin() as tx:
        await tx.autonomy.put(almost)

    for number in range(2):
        record = await at_verifying(bench, case=f"cas_{number}")
        await bench.ledger.move(record, State.SUCCEEDED, reason="it helped")

    standing = await stands(bench)
    assert standing is not None
    assert standing.level is Level.WITH_APPROVAL
    assert await audited(bench) == ["autonomy.raise_proposed"]


async def at_verifying(bench: Workbench, case: str = "cas_1") -> ChangeRecord:
    """A change that is written, and of which nobody knows yet what it does."""
    record = await bench.approved(bench.proposal(case=case))
    begun = await bench.ledger.move(record, State.EXECUTING, reason="begun")
    return await bench.ledger.move(begun, State.VERIFYING, reason="applied")


async def fails_after(bench: Workbench, record: ChangeRecord) -> None:
    """The outcome is written down, and then its transaction does not end well."""
    async with bench.store.begin() as tx:
        await bench.ledger.steps.advance(tx, record, State.ROLLED_BACK, reason="it did not help")
        kept = await tx.autonomy.get(bench.device.tenant, PLAYBOOK)
        assert kept is not None
        assert kept.level is Level.PROPOSE
        raise ZeroDivisionError
