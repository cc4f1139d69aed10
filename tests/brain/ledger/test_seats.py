"""One human is one seat of a change, however many principals they come in as."""

from dataclasses import replace

import pytest

from api.binding import bind
from api.books import Books
from brain.domain.entrance import identity_of
from brain.domain.errors import Conflict, Forbidden
from brain.domain.identity import Principal, PrincipalId, PrincipalKind
from brain.domain.incident import Case
from brain.domain.life import State
from brain.store.store import Store
from evals.workbench import Workbench, workbench

ISSUER = "https://login.example.net"
IDENTITY = identity_of(ISSUER, "7")


@pytest.fixture
async def bench(any_store: Store) -> Workbench:
    return await workbench(any_store)


async def keep(bench: Workbench, who: Principal) -> Principal:
    async with bench.store.begin() as tx:
        await tx.principals.put(who, "somebody")
    return who


async def link(bench: Workbench, name: PrincipalId) -> None:
    async with bench.store.begin() as tx:
        books = Books(tx=tx, audit=bench.ledger.steps.audit, by="boss", at=bench.clock())
        await bind(books, bench.sam.tenant, name, ISSUER, "7")


async def open_case(bench: Workbench, opener: PrincipalId) -> None:
    asked = bench.proposal()
    case = Case(
        id=asked.case,
        tenant=asked.tenant,
        device=asked.device,
        opened_by=opener,
        opened_at=bench.clock(),
    )
    async with bench.store.begin() as tx:
        await tx.cases.add(case)


async def job_of(bench: Workbench, owner: Principal) -> Principal:
    kind = PrincipalKind.MACHINE
    return await keep(bench, replace(bench.sam, id=PrincipalId("job"), kind=kind, owner=owner.id))


async def test_whoever_opened_a_case_by_the_provider_approves_nothing_of_it_once_they_are_linked(
    bench: Workbench,
) -> None:
    await keep(bench, replace(bench.alex, id=IDENTITY))
    await open_case(bench, IDENTITY)
    await link(bench, bench.alex.id)
    job = await job_of(bench, bench.olga)

    record = await bench.ledger.submit(replace(bench.proposal(), asked_by=job.id), job)

    with pytest.raises(Forbidden, match="asked for"):
        await bench.approve(record, bench.alex)
    assert (await bench.ledger.get(record.id)).answers == 0
    assert (await bench.approve(record, bench.ben)).state is State.APPROVED


async def test_an_identity_behind_a_broken_glass_is_not_linked_before_its_review(
    bench: Workbench,
) -> None:
    await keep(bench, replace(bench.alex, id=IDENTITY))
    await open_case(bench, IDENTITY)
    job = await job_of(bench, bench.olga)
    record = await bench.ledger.submit(replace(bench.proposal(), asked_by=job.id), job)
    await bench.broken(record)
    ended = await bench.run(record.id)
    assert ended.state is State.SUCCEEDED

    with pytest.raises(Conflict, match="a broken glass"):
        await link(bench, bench.alex.id)

    async with bench.store.read() as tx:
        assert await tx.bindings.list(bench.alex.tenant) == []
