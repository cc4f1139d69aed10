"""One human is one seat of a change, however many principals they come in as."""

from dataclasses import replace

import pytest

from api.binding import bind
from api.books import Books
from api.people import NewUser, add_user
from brain.domain.approval import Answer
from brain.domain.entrance import identity_of
from brain.domain.errors import Conflict, Forbidden
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role
from brain.domain.incident import Case
from brain.domain.life import State
from brain.ledger.seats import provided_as, who_counts
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


async def identity(bench: Workbench, *, name: str = "Sam Moreau", called: str = "") -> Principal:
    """Somebody who came in through the provider, called so there."""
    who = replace(bench.sam, id=IDENTITY)
    async with bench.store.begin() as tx:
        await tx.principals.put(who, name, names=frozenset({called} - {""}))
    return who


async def make_local(bench: Workbench) -> Principal:
    groups = bench.alex.groups
    new = NewUser(
        name="sam.moreau",
        tenant=bench.alex.tenant,
        roles=frozenset({Role.APPROVER}),
        groups=groups,
    )
    async with bench.store.begin() as tx:
        books = Books(tx=tx, audit=bench.ledger.steps.audit, by="boss", at=bench.clock())
        await add_user(books, new, "hash", must_change=True)
        made = await tx.principals.get(new.tenant, PrincipalId(new.name))
    assert made is not None
    return made


ALIKE = pytest.mark.parametrize(
    ("name", "called"),
    [("sam.moreau", ""), ("Sam Moreau", ""), ("The boss", "sam.moreau"), ("7", "SAM-Moreau")],
)


@ALIKE
async def test_nobody_gets_a_password_while_their_namesake_has_something_open(
    bench: Workbench, name: str, called: str
) -> None:
    asker = await identity(bench, name=name, called=called)
    record = await bench.ledger.submit(replace(bench.proposal(), asked_by=asker.id), asker)

    with pytest.raises(Conflict, match=f"change {record.id}"):
        await make_local(bench)

    async with bench.store.read() as tx:
        assert await tx.principals.get(asker.tenant, PrincipalId("sam.moreau")) is None
        assert await tx.users.by_name("sam.moreau") is None


async def test_once_it_is_over_they_get_one(bench: Workbench) -> None:
    asker = await identity(bench)
    record = await bench.ledger.submit(replace(bench.proposal(), asked_by=asker.id), asker)
    await bench.ledger.answer(bench.ben, record.id, digest=record.plan.digest, answer=Answer.REJECT)

    assert (await make_local(bench)).id == "sam.moreau"


@ALIKE
async def test_nobody_approves_what_their_namesake_asked_for_at_that_very_moment(
    bench: Workbench, name: str, called: str
) -> None:
    asker = await identity(bench, name=name, called=called)
    local = await make_local(bench)
    record = await bench.ledger.submit(replace(bench.proposal(), asked_by=asker.id), asker)

    with pytest.raises(Forbidden, match="asked for"):
        await bench.approve(record, local)

    assert (await bench.ledger.get(record.id)).answers == 0
    assert (await bench.approve(record, bench.ben)).state is State.APPROVED


async def test_what_an_identity_approved_counts_no_more_once_a_namesake_is_known_here(
    bench: Workbench,
) -> None:
    approver = await identity(bench, name="7", called="sam.moreau")
    async with bench.store.read() as tx:
        before = await who_counts(tx, approver.tenant, besides=())
    await make_local(bench)

    async with bench.store.read() as tx:
        after = await who_counts(tx, approver.tenant, besides=())
    assert approver.id in before
    assert before.keys() - after.keys() == {approver.id}
    assert after.keys() - before.keys() == {"sam.moreau"}


async def test_what_an_identity_is_called_stays_known_when_it_is_shut_out_or_trusted_otherwise(
    bench: Workbench,
) -> None:
    asker = await identity(bench, name="7", called="sam.moreau")
    async with bench.store.begin() as tx:
        await tx.principals.put(replace(asker, groups=frozenset()), "7")
        await tx.principals.disable(asker.tenant, asker.id, disabled=True)

    async with bench.store.read() as tx:
        assert await provided_as(tx, asker.tenant, "sam.moreau") == [asker.id]
        assert await provided_as(tx, asker.tenant, "somebody.else") == []
