"""Whoever tries to break the glass and may not is on record, and a person is called."""

import json
from dataclasses import replace
from typing import Any

import pytest

from brain.domain.audit import AuditRecord
from brain.domain.errors import (
    Conflict,
    Forbidden,
    GatewrightError,
    InvalidInput,
    NotFound,
    PolicyUnavailable,
)
from brain.domain.identity import ChangeId, PrincipalId, PrincipalKind, TenantId
from brain.domain.record import ChangeRecord
from brain.domain.webhook import EventType, Webhook, WebhookId, new_secret
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, workbench


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


async def trail(bench: Workbench) -> list[AuditRecord]:
    async with bench.store.read() as tx:
        return list(await tx.audit.range(TENANT, 0, 1000))


async def attempt(bench: Workbench, record: ChangeRecord, who: Any, **but: str) -> None:
    said = {"digest": record.plan.digest, "ticket": "INC-7", "reason": "no alarm"} | but
    await bench.ledger.break_glass(who, record.id, **said)


async def halted(bench: Workbench) -> None:
    async with bench.store.begin() as tx:
        await tx.halts.set(TENANT, True, PrincipalId("olga"), bench.clock())


@pytest.mark.parametrize(
    ("name", "kind", "but", "error"),
    [
        ("olga", PrincipalKind.PERSON, {"ticket": ""}, InvalidInput),
        ("olga", PrincipalKind.PERSON, {"reason": " "}, InvalidInput),
        ("olga", PrincipalKind.MACHINE, {}, Forbidden),
        ("sam", PrincipalKind.PERSON, {}, Forbidden),
    ],
    ids=["no ticket", "no reason", "a machine", "not in the role"],
)
async def test_an_attempt_that_is_refused_is_kept_and_calls_a_person(
    bench: Workbench,
    name: str,
    kind: PrincipalKind,
    but: dict[str, str],
    error: type[GatewrightError],
) -> None:
    record = await bench.submit()
    who = replace(getattr(bench, name), kind=kind)

    with pytest.raises(error):
        await attempt(bench, record, who, **but)

    refused, paged = (await trail(bench))[-2:]
    assert (refused.kind, refused.actor) == ("change.break_glass_refused", name)
    assert json.loads(refused.payload)["change"] == record.id
    assert json.loads(refused.payload)["code"] == error.code
    assert (paged.kind, paged.actor) == ("change.paged", "gatewright")
    assert await bench.ledger.get(record.id) == record
    assert record.id not in bench.woken


async def test_what_is_denied_to_everybody_is_kept_with_the_rule(bench: Workbench) -> None:
    record = await bench.submit()
    await halted(bench)

    with pytest.raises(Forbidden):
        await attempt(bench, record, bench.olga)

    refused, paged = (await trail(bench))[-2:]
    assert "core.halted" in json.loads(refused.payload)["why"]
    assert paged.kind == "change.paged"
    assert await bench.ledger.get(record.id) == record


async def test_an_engine_that_does_not_answer_is_no_leave_and_calls_a_person(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await bench.submit()

    async def away(*_: object) -> None:
        raise PolicyUnavailable("it is away")

    monkeypatch.setattr(type(bench.gate.engine), "ask", away)
    with pytest.raises(PolicyUnavailable):
        await attempt(bench, record, bench.olga)

    assert [each.kind for each in await trail(bench)][-2:] == [
        "change.break_glass_refused",
        "change.paged",
    ]


async def test_what_came_too_late_is_kept_and_calls_nobody(bench: Workbench) -> None:
    record = await bench.submit()
    await attempt(bench, record, bench.olga)

    with pytest.raises(Conflict):
        await attempt(bench, record, bench.olga)

    assert (await trail(bench))[-1].kind == "change.break_glass_refused"


async def test_neither_ticket_nor_reason_of_a_refused_attempt_is_kept(bench: Workbench) -> None:
    record = await bench.submit()

    with pytest.raises(InvalidInput):
        await attempt(bench, record, bench.olga, ticket="Mrs. Jones, 0171!", reason="her alarm")

    said = "".join(each.payload for each in await trail(bench))
    assert "Jones" not in said
    assert "alarm" not in said


async def test_another_tenants_change_leaves_no_trace_anywhere(bench: Workbench) -> None:
    record = await bench.submit()
    stranger = replace(bench.olga, tenant=TenantId("elsewhere"))
    before = await trail(bench)

    with pytest.raises(NotFound):
        await attempt(bench, record, stranger)

    assert await trail(bench) == before
    async with bench.store.read() as tx:
        assert await tx.audit.range(TenantId("elsewhere"), 0, 10) == []


async def test_webhooks_are_told_of_a_refused_attempt(bench: Workbench) -> None:
    hook = Webhook(
        id=WebhookId("hook_1"),
        tenant=TENANT,
        url="https://pager.example.net",
        secret=new_secret(bytes(32)),
        events=frozenset({EventType.GLASS_REFUSED}),
        created_at=bench.clock(),
    )
    async with bench.store.begin() as tx:
        await tx.webhooks.add(hook)
    record = await bench.submit()

    with pytest.raises(Forbidden):
        await attempt(bench, record, bench.sam)

    async with bench.store.read() as tx:
        (sent,) = await tx.deliveries.of_webhook(TENANT, hook.id)
    assert sent.type is EventType.GLASS_REFUSED
    assert json.loads(sent.data)["change"] == record.id


async def test_who_tries_again_and_again_is_on_record_each_time_and_calls_somebody_once(
    bench: Workbench,
) -> None:
    record, other = await bench.submit(), "change.break_glass_refused"
    for _ in range(5):
        with pytest.raises(Forbidden):
            await attempt(bench, record, bench.sam)
    kinds = [each.kind for each in await trail(bench)]
    assert (kinds.count(other), kinds.count("change.paged")) == (5, 1)

    with pytest.raises(InvalidInput):
        await attempt(bench, record, bench.olga, ticket="")
    bench.clock.advance(11 * 60)
    with pytest.raises(Forbidden):
        await attempt(bench, record, bench.sam)

    kinds = [each.kind for each in await trail(bench)]
    assert (kinds.count(other), kinds.count("change.paged")) == (7, 3)


async def test_an_attempt_on_a_change_that_is_not_there_keeps_nobody_from_being_called(
    bench: Workbench,
) -> None:
    record = await bench.submit()
    with pytest.raises(GatewrightError):
        await bench.ledger.break_glass(
            bench.sam, ChangeId("chg_none"), digest="0", ticket="INC-7", reason="no alarm"
        )

    with pytest.raises(Forbidden):
        await attempt(bench, record, bench.sam)

    assert (await trail(bench))[-1].kind == "change.paged"
