"""A permit is spent once, by one of however many try at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.errors import Conflict
from brain.domain.identity import ChangeId, PermitId, PlanDigest, TenantId
from brain.domain.permit import Permit
from brain.domain.record import ChangeRecord
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")


@pytest.fixture
async def permit(any_store: Store, change: ChangeRecord) -> Permit:
    permit = Permit(
        id=PermitId("prm_1"),
        tenant=change.tenant,
        change=change.id,
        device=change.device,
        plan_digest=change.plan.digest,
        policy_revision="r1",
        fence=3,
        minted_at=change.created_at,
        expires_at=change.created_at + timedelta(minutes=5),
        signature=b"\x00\xffsigned",
    )
    async with any_store.begin() as tx:
        await tx.permits.add(permit)
    return permit


async def test_a_permit_comes_back_with_its_signature(any_store: Store, permit: Permit) -> None:
    async with any_store.read() as tx:
        assert await tx.permits.of_change(NORTH, permit.change) == [permit]
        assert await tx.permits.of_change(SOUTH, permit.change) == []


async def test_one_of_twenty_at_once_spends_it(any_store: Store, permit: Permit) -> None:
    async def spend() -> bool:
        async with any_store.begin() as tx:
            return await tx.permits.spend(permit.id, permit.minted_at)

    spent = await asyncio.gather(*(spend() for _ in range(20)))

    assert spent.count(True) == 1
    assert not await spend()


async def test_what_is_rolled_back_is_not_spent(any_store: Store, permit: Permit) -> None:
    async def spend_and_fail() -> None:
        async with any_store.begin() as tx:
            assert await tx.permits.spend(permit.id, permit.minted_at)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await spend_and_fail()

    async with any_store.begin() as tx:
        assert await tx.permits.spend(permit.id, permit.minted_at)


async def test_a_permit_never_kept_cannot_be_spent(any_store: Store, permit: Permit) -> None:
    async with any_store.begin() as tx:
        assert not await tx.permits.spend(PermitId("prm_2"), permit.minted_at)


async def test_how_often_something_may_have_been_sent(any_store: Store, permit: Permit) -> None:
    async def sent(tenant: TenantId, digest: PlanDigest) -> int:
        async with any_store.read() as tx:
            return await tx.permits.spent_for(tenant, permit.change, digest)

    before = await sent(NORTH, permit.plan_digest)
    async with any_store.begin() as tx:
        await tx.permits.spend(permit.id, permit.minted_at)

    assert before == 0
    assert await sent(NORTH, permit.plan_digest) == 1
    assert await sent(NORTH, PlanDigest("another")) == 0
    assert await sent(SOUTH, permit.plan_digest) == 0


async def test_a_permit_is_for_a_change_that_is_kept_and_is_kept_once(
    any_store: Store, permit: Permit
) -> None:
    for wrong in (
        permit,
        replace(permit, id=PermitId("prm_2"), change=ChangeId("nothing")),
        replace(permit, id=PermitId("prm_2"), tenant=SOUTH),
    ):
        with pytest.raises(Conflict):
            async with any_store.begin() as tx:
                await tx.permits.add(wrong)
