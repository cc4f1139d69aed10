"""What works unattended goes as far as its level, and people say how far that may be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.autonomy import Evidence, Level, Standing, Subject
from brain.domain.change import SetParameter
from brain.domain.errors import Conflict, Forbidden, InvalidInput, InvalidPlan
from brain.domain.history import By, Event, EventKind
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Cause, Proposal
from brain.domain.record import ChangeRecord
from brain.domain.shadow import Agreement, Shadow
from brain.store.store import Store
from evals.workbench import CHANNEL, RADIO, Workbench, to_channel, workbench

PLAYBOOK = Subject(cause=Cause.CONGESTED_CHANNEL, manufacturer="Acme", model="G1")
STRONG = Evidence(tried=40, succeeded=40, in_a_row=40)


@pytest.fixture
async def bench(store: Store) -> Workbench:
    bench = await workbench(store)
    async with store.begin() as tx:
        await tx.principals.put(job(bench), "nightly")
    return bench


def job(bench: Workbench) -> Principal:
    return Principal(
        id=PrincipalId("nightly"),
        tenant=bench.device.tenant,
        kind=PrincipalKind.MACHINE,
        roles=frozenset({Role.AUTOMATION}),
        owner=bench.ben.id,
    )


def planned(bench: Workbench) -> Proposal:
    return replace(bench.proposal(), asked_by=job(bench).id)


async def stands_at(bench: Workbench, level: Level, evidence: Evidence = STRONG) -> None:
    standing = Standing(
        tenant=bench.device.tenant, subject=PLAYBOOK, level=level, evidence=evidence
    )
    async with bench.store.begin() as tx:
        await tx.autonomy.put(standing)


async def shadows(bench: Workbench) -> Sequence[Shadow]:
    async with bench.store.read() as tx:
        return await tx.shadows.list(bench.device.tenant)


async def level(bench: Workbench) -> Level:
    async with bench.store.read() as tx:
        return await bench.ledger.autonomy.level(tx, PLAYBOOK.cause, bench.device)


async def kept(bench: Workbench) -> Shadow:
    taken = await bench.ledger.unattended(planned(bench), job(bench))
    assert isinstance(taken, Shadow)
    return taken


@pytest.mark.parametrize("at", [None, Level.OBSERVE, Level.PROPOSE])
async def test_below_acting_nothing_is_submitted(bench: Workbench, at: Level | None) -> None:
    if at is not None:
        await stands_at(bench, at)

    shadow = await kept(bench)

    assert await shadows(bench) == [shadow]
    assert shadow.end is Agreement.OPEN
    async with bench.store.read() as tx:
        assert await tx.changes.list(bench.device.tenant) == []
    assert bench.woken == []
    assert bench.world.writes == []


async def test_with_approval_it_submits_and_a_person_is_asked(bench: Workbench) -> None:
    await stands_at(bench, Level.WITH_APPROVAL)

    record = await bench.ledger.unattended(planned(bench), job(bench))

    assert isinstance(record, ChangeRecord)
    assert record.state is State.AWAITING_APPROVAL
    assert "unattended.not_alone" in {each.code for each in record.verdict.findings}
    assert await shadows(bench) == []


async def test_acting_alone_is_no_leave_to_go_past_policy(bench: Workbench) -> None:
    await stands_at(bench, Level.ALONE)

    record = await bench.ledger.unattended(planned(bench), job(bench))

    assert isinstance(record, ChangeRecord)
    found = {each.code for each in record.verdict.findings}
    assert not {code for code in found if code.startswith("unattended.")}
    assert "asker.machine_unproven" in found  # this firmware has no record of its own
    assert record.state is State.AWAITING_APPROVAL


async def test_a_shadow_is_a_plan_that_could_be_applied(bench: Workbench) -> None:
    wrong = replace(planned(bench), changes=(to_channel("6"),))

    with pytest.raises(InvalidPlan):
        await bench.ledger.unattended(wrong, job(bench))

    assert await shadows(bench) == []


async def test_of_a_box_that_nobody_knows_nothing_is_learned(bench: Workbench) -> None:
    async with bench.store.begin() as tx:
        await tx.devices.put(replace(bench.device, manufacturer=""))

    with pytest.raises(InvalidInput, match="nobody knows the manufacturer"):
        await bench.ledger.unattended(planned(bench), job(bench))


async def test_people_who_do_the_same_agree_with_it(bench: Workbench) -> None:
    await kept(bench)

    change = await bench.approved()
    await bench.run(change.id)

    (shadow,) = await shadows(bench)
    assert (shadow.end, shadow.seen) == (Agreement.AGREED, change.id)
    async with bench.store.read() as tx:
        standing = await tx.autonomy.get(bench.device.tenant, PLAYBOOK)
    assert standing is not None
    assert standing.shadows == Evidence(tried=1, succeeded=1, in_a_row=1)


async def test_a_job_that_does_the_same_is_no_person(bench: Workbench) -> None:
    await kept(bench)
    await stands_at(bench, Level.WITH_APPROVAL)
    record = await bench.ledger.unattended(planned(bench), job(bench))
    assert isinstance(record, ChangeRecord)

    await bench.run((await bench.approve(record)).id)

    assert bench.tree[CHANNEL] == "11"
    assert [each.end for each in await shadows(bench)] == [Agreement.OPEN]


@pytest.mark.parametrize(
    ("path", "by", "end", "seen"),
    [
        ("Device.WiFi.Radio.2.Channel", By.SUBSCRIBER, Agreement.AGREED, "at the box"),
        ("Device.WiFi.Radio.1.Channel", By.CONTROLLER, Agreement.AGREED, "at the box"),
        ("Device.WiFi.Radio.1.Channel", By.DEVICE, Agreement.NOTHING, ""),
        ("Device.WiFi.Radio.1.Channel", By.UNKNOWN, Agreement.NOTHING, ""),
        ("Device.WiFi.Radio.1.TransmitPower", By.SUBSCRIBER, Agreement.NOTHING, ""),
        ("", None, Agreement.NOTHING, ""),
    ],
)
async def test_what_was_changed_at_the_box_counts_when_its_time_is_up(
    bench: Workbench, path: str, by: By | None, end: Agreement, seen: str
) -> None:
    shadow = await kept(bench)
    bench.clock.advance(3600)
    if path:
        event = Event(
            tenant=bench.device.tenant,
            device=bench.device.id,
            kind=EventKind.VALUE_CHANGE,
            at=bench.clock(),
            path=path,
            by=by,
        )
        async with bench.store.begin() as tx:
            await tx.events.add(event)
    assert await bench.ledger.shadows.close_due() == 0

    bench.clock.advance(timedelta(days=3).total_seconds())

    assert await bench.ledger.shadows.close_due() == 1
    (ended,) = await shadows(bench)
    assert (ended.end, ended.seen, ended.ended_at) == (end, seen, bench.clock())
    assert shadow.until <= bench.clock()


async def test_people_who_change_something_else_do_not_agree(bench: Workbench) -> None:
    await kept(bench)
    record = replace(await bench.submit(), cause=Cause.WRONG_DNS)
    elsewhere = replace(record, plan=replace(record.plan, changes=(_power(),)))
    async with bench.store.begin() as tx:
        await bench.ledger.shadows.applied(tx, elsewhere)
    bench.clock.advance(timedelta(days=4).total_seconds())

    await bench.ledger.shadows.close_due()

    (shadow,) = await shadows(bench)
    assert (shadow.end, shadow.seen) == (Agreement.OTHERWISE, record.id)


def _power() -> SetParameter:
    return replace(to_channel("50"), path=ParameterPath(f"{RADIO}TransmitPower"))


async def test_a_person_of_the_group_raises_it_to_what_was_earned(bench: Workbench) -> None:
    await stands_at(bench, Level.WITH_APPROVAL)
    who = replace(bench.alex, groups=frozenset({"policy"}))

    await bench.ledger.autonomy.raise_to(who, PLAYBOOK, Level.ALONE, reason="it held all winter")

    assert await level(bench) is Level.ALONE
    async with bench.store.read() as tx:
        entry = (await tx.audit.range(bench.device.tenant))[-1]
    assert (entry.kind, entry.actor) == ("autonomy.raised", who.id)
    assert "winter" not in entry.payload  # what people type is kept beside the trail


async def test_nobody_else_raises_it(bench: Workbench) -> None:
    await stands_at(bench, Level.WITH_APPROVAL)
    autonomy = bench.ledger.autonomy
    machine = replace(job(bench), groups=frozenset({"policy"}))

    for who, said in ((bench.alex, "not in the group policy"), (machine, "only people")):
        with pytest.raises(Forbidden, match=said):
            await autonomy.raise_to(who, PLAYBOOK, Level.ALONE, reason="please")

    assert await level(bench) is Level.WITH_APPROVAL


async def test_nobody_raises_it_beyond_the_evidence_or_without_a_reason(bench: Workbench) -> None:
    await stands_at(bench, Level.WITH_APPROVAL, Evidence(tried=9, succeeded=9, in_a_row=9))
    who = replace(bench.alex, groups=frozenset({"policy"}))

    with pytest.raises(Conflict, match="and no more"):
        await bench.ledger.autonomy.raise_to(who, PLAYBOOK, Level.ALONE, reason="please")
    with pytest.raises(InvalidInput, match="a reason"):
        await bench.ledger.autonomy.lower_to(who, PLAYBOOK, Level.OBSERVE, reason=" ")

    assert await level(bench) is Level.WITH_APPROVAL


async def test_what_a_person_lowers_is_not_submitted_any_more(bench: Workbench) -> None:
    await stands_at(bench, Level.ALONE)

    await bench.ledger.autonomy.lower_to(
        bench.olga, PLAYBOOK, Level.OBSERVE, reason="complaints from the north"
    )

    assert await level(bench) is Level.OBSERVE
    assert (await kept(bench)).end is Agreement.OPEN
