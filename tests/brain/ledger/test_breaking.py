"""In an emergency a person goes ahead without approval: once, for minutes, and on the record."""

import asyncio
import json
from dataclasses import replace

import pytest

from brain.domain.approval import Answer
from brain.domain.change import SetParameter
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from brain.domain.identity import PrincipalKind, Role, TenantId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author
from brain.domain.record import ChangeRecord
from brain.ledger.audit_words import said_at
from brain.ledger.steps import Steps
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, to_channel, workbench


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


async def kinds(bench: Workbench, change: ChangeRecord) -> list[str]:
    async with bench.store.read() as tx:
        entries = await tx.audit.range(TENANT, 0, 1000)
    return [each.kind for each in entries if json.loads(each.payload).get("change") == change.id]


async def untouched(bench: Workbench, record: ChangeRecord) -> bool:
    """The change is as it was, nobody was woken, and no glass is kept."""
    async with bench.store.read() as tx:
        glasses = await tx.broken_glasses.list(TENANT)
    now = await bench.ledger.get(record.id)
    return now == record and not glasses and record.id not in bench.woken


async def test_it_moves_the_change_on_and_wakes_the_executors(bench: Workbench) -> None:
    record = await bench.submit()

    broken = await bench.broken(record)

    assert broken.state is State.APPROVED
    assert broken.reason == "olga broke the glass for it"
    assert bench.woken == [record.id]
    assert broken.break_glass is not None
    assert broken.execution_expires_at == broken.break_glass.expires_at
    assert (broken.break_glass.expires_at - bench.clock()).total_seconds() == 600


async def test_it_leaves_exactly_one_record_more_than_the_ordinary_way(bench: Workbench) -> None:
    ordinary = await bench.approved()
    await bench.run(ordinary.id)
    hasty = await bench.broken(await bench.submit(bench.proposal([to_channel("1")])))
    await bench.run(hasty.id)

    usual, more = await kinds(bench, ordinary), await kinds(bench, hasty)

    assert usual[-1] == more[-1] == "change.succeeded"
    assert len(more) == len(usual) + 1
    assert more == [
        "change.submitted",
        "change.break_glass",
        "change.paged",
        "change.approved",
        "change.executing",
        "change.verifying",
        "change.succeeded",
    ]


async def test_neither_ticket_nor_reason_is_in_the_audit_trail_but_beside_it(
    bench: Workbench,
) -> None:
    await bench.broken(await bench.submit())

    async with bench.store.read() as tx:
        entries = await tx.audit.range(TENANT, 0, 100)
        said = await said_at(tx, entries)
    trail = "".join(each.payload for each in entries)
    assert "INC-7" not in trail
    assert "call for help" not in trail
    (words,) = [each for each in said if each.words]
    assert (words.words["ticket"], words.as_written) == ("INC-7", True)


async def test_the_one_who_asked_may_break_it_too_if_they_may(bench: Workbench) -> None:
    async with bench.store.begin() as tx:
        both = replace(bench.sam, roles=frozenset({Role.SUPPORT, Role.OPERATOR}))
        await tx.principals.put(both, "sam")
    record = await bench.submit()

    assert (await bench.broken(record, both)).state is State.APPROVED


async def test_an_approved_change_that_waits_goes_at_once_and_not_for_long(
    bench: Workbench,
) -> None:
    record = await bench.approved()

    broken = await bench.broken(record)

    assert (broken.state, broken.version) == (State.APPROVED, record.version + 1)
    assert broken.execution_expires_at is not None
    assert record.execution_expires_at is not None
    assert broken.execution_expires_at < record.execution_expires_at


@pytest.mark.parametrize("who", ["sam", "alex"])
async def test_who_may_not_is_told_so_and_nothing_happens(bench: Workbench, who: str) -> None:
    record = await bench.submit()

    with pytest.raises(Forbidden, match=r"break_glass\.not_entitled"):
        await bench.broken(record, getattr(bench, who))

    assert await untouched(bench, record)


async def test_a_machine_never_breaks_it_whatever_its_roles(bench: Workbench) -> None:
    record = await bench.submit()
    job = replace(bench.olga, kind=PrincipalKind.MACHINE)

    with pytest.raises(Forbidden, match="machine"):
        await bench.broken(record, job)

    assert await untouched(bench, record)


async def test_what_the_store_says_of_the_breaker_counts_not_what_they_say(
    bench: Workbench,
) -> None:
    record = await bench.submit()
    claims = replace(bench.alex, roles=frozenset({Role.OPERATOR}))

    with pytest.raises(Forbidden, match=r"break_glass\.not_entitled"):
        await bench.broken(record, claims)

    assert await untouched(bench, record)


async def test_another_tenants_change_is_not_found(bench: Workbench) -> None:
    record = await bench.submit()

    with pytest.raises(NotFound):
        await bench.broken(record, replace(bench.olga, tenant=TenantId("other")))

    assert await untouched(bench, record)


async def test_another_digest_is_not_what_was_shown(bench: Workbench) -> None:
    record = await bench.submit()

    with pytest.raises(Conflict, match="not the one you were shown"):
        await bench.ledger.break_glass(
            bench.olga, record.id, digest="0" * 64, ticket="INC-7", reason="now"
        )

    assert await untouched(bench, record)


@pytest.mark.parametrize(
    ("ticket", "reason", "field"),
    [
        ("", "now", "ticket"),
        (" ", "now", "ticket"),
        ("-1", "now", "ticket"),
        ("x" * 65, "now", "ticket"),
        ("INC-7\n", "now", "ticket"),
        ("ÏNC-7", "now", "ticket"),
        ("INC-7", "", "reason"),
        ("INC-7", " \n", "reason"),
        ("INC-7", "x" * 1001, "reason"),
    ],
)
async def test_without_ticket_and_reason_there_is_no_emergency(
    bench: Workbench, ticket: str, reason: str, field: str
) -> None:
    record = await bench.submit()

    with pytest.raises(InvalidInput) as refused:
        await bench.ledger.break_glass(
            bench.olga, record.id, digest=record.plan.digest, ticket=ticket, reason=reason
        )

    assert refused.value.field == field
    assert await untouched(bench, record)


async def test_it_is_broken_once(bench: Workbench) -> None:
    record = await bench.submit()
    await bench.broken(record)

    with pytest.raises(Conflict, match="already"):
        await bench.broken(record)

    assert bench.woken == [record.id]
    assert (await kinds(bench, record)).count("change.break_glass") == 1


async def test_two_who_break_it_at_once_break_it_once(bench: Workbench) -> None:
    record = await bench.submit()

    ends = await asyncio.gather(bench.broken(record), bench.broken(record), return_exceptions=True)

    assert sorted(type(end).__name__ for end in ends) == ["ChangeRecord", "Conflict"]
    assert bench.woken == [record.id]
    assert (await kinds(bench, record)).count("change.break_glass") == 1


async def test_a_rejection_is_not_overruled(bench: Workbench) -> None:
    record = await bench.submit()
    await bench.ledger.answer(
        bench.alex, record.id, digest=record.plan.digest, answer=Answer.REJECT
    )

    with pytest.raises(Conflict, match="rejected"):
        await bench.broken(record)

    assert bench.woken == []


@pytest.mark.parametrize("minutes", [15, 60])
async def test_what_waited_too_long_is_planned_anew(bench: Workbench, minutes: int) -> None:
    record = await bench.submit()
    bench.clock.advance(minutes * 60)

    with pytest.raises(Conflict, match="too long"):
        await bench.broken(record)

    assert await untouched(bench, record)


async def test_what_a_model_composed_freely_waits_for_a_second_person(bench: Workbench) -> None:
    switch = ParameterPath("Device.WiFi.Radio.1.Enable")
    bench.tree[switch] = "false"
    await bench.executor.read(bench.device, [ParameterPath("Device.")])
    on = SetParameter(path=switch, type=ParameterType.BOOLEAN, before="false", after="true")
    record = await bench.submit(replace(bench.proposal([on]), author=Author.LLM_COMPOSED))

    with pytest.raises(Forbidden, match=r"break_glass\.composed_freely"):
        await bench.broken(record)

    assert await untouched(bench, record)


async def test_a_crash_on_the_way_leaves_the_glass_whole(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await bench.submit()

    async def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Steps, "advance", crash)
        with pytest.raises(KeyboardInterrupt):
            await bench.broken(record)

    assert await untouched(bench, record)
    assert await kinds(bench, record) == ["change.submitted"]
    assert (await bench.broken(record)).state is State.APPROVED


async def test_after_three_without_a_review_the_glass_stays_whole(bench: Workbench) -> None:
    for number in range(3):
        await bench.broken(await bench.submit(bench.proposal(case=f"cas_{number}")))
    record = await bench.submit(bench.proposal(case="cas_more"))

    with pytest.raises(Forbidden, match=r"break_glass\.unreviewed"):
        await bench.broken(record)

    assert (await bench.ledger.get(record.id)).state is State.AWAITING_APPROVAL
    assert record.id not in bench.woken


async def test_many_at_once_do_not_slip_past_that_limit(bench: Workbench) -> None:
    records = [await bench.submit(bench.proposal(case=f"cas_{n}")) for n in range(5)]

    ends = await asyncio.gather(*map(bench.broken, records), return_exceptions=True)

    assert sum(isinstance(end, ChangeRecord) for end in ends) == 3
    assert sum(isinstance(end, Forbidden) for end in ends) == 2
