"""No live permit for exactly this plan: nothing is spent, and nothing may be sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.change import Plan, SetParameter
from brain.domain.device import Device
from brain.domain.errors import PermitRefused
from brain.domain.identity import (
    CaseId,
    ChangeId,
    DeviceId,
    PermitId,
    PlanDigest,
    PrincipalId,
    ProposalId,
    TenantId,
)
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.domain.ports import Clock
from brain.domain.proposal import Author, Cause
from brain.domain.record import Basis, ChangeRecord
from brain.domain.verdict import Decision, Point, Verdict
from brain.store.store import Store
from executors.permits import PermitDesk

GATE = Ed25519PrivateKey.from_private_bytes(b"g" * 32)
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
DEVICE = Device(
    id=DeviceId("001122-S1"), tenant=TenantId("north"), oui="001122", product_class="", serial="S1"
)


def plan(after: str = "6", device: DeviceId = DEVICE.id) -> Plan:
    change = SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="1", after=after)
    return Plan(device=device, changes=(change,))


def signed(permit: Permit, key: Ed25519PrivateKey = GATE) -> Permit:
    return replace(permit, signature=key.sign(permit.signed_bytes))


@pytest.fixture
def minted(clock: Clock) -> Permit:
    return signed(
        Permit(
            id=PermitId("prm_1"),
            tenant=DEVICE.tenant,
            change=ChangeId("chg_1"),
            device=DEVICE.id,
            plan_digest=plan().digest,
            policy_revision="r1",
            fence=1,
            minted_at=clock(),
            expires_at=clock() + timedelta(minutes=5),
        )
    )


@pytest.fixture
async def desk(store: Store, clock: Clock, minted: Permit) -> PermitDesk:
    """A store in which the device is leased and the permit is kept."""
    now = clock()
    verdict = Verdict(
        decision=Decision.ALLOW,
        point=Point.SUBMIT,
        plan_digest=plan().digest,
        policy_revision="r1",
        engine="embedded",
        decision_id="dec_1",
        decided_at=now,
    )
    record = ChangeRecord(
        id=minted.change,
        tenant=DEVICE.tenant,
        device=DEVICE.id,
        case=CaseId("case_1"),
        proposal=ProposalId("prp_1"),
        plan=plan(),
        basis=Basis(values=(), firmware="", data_model_version=""),
        cause=Cause.REQUESTED,
        author=Author.PERSON,
        asked_by=PrincipalId("ana"),
        on_behalf_of="",
        effect=None,
        state=State.APPROVED,
        verdict=verdict,
        approval_expires_at=now,
        created_at=now,
        updated_at=now,
    )
    async with store.begin() as tx:
        await tx.devices.put(DEVICE)
        await tx.changes.add(record)
        await tx.permits.add(minted)
        assert await tx.leases.take(DEVICE.id, "run-1", now, now + timedelta(minutes=5)) == 1
    return PermitDesk(public_key=GATE.public_key(), store=store, clock=clock)


async def unspent(store: Store) -> bool:
    async with store.read() as tx:
        return not await tx.permits.spent_for(DEVICE.tenant, ChangeId("chg_1"), plan().digest)


async def test_a_live_permit_is_taken_once(desk: PermitDesk, store: Store, minted: Permit) -> None:
    await desk.spend(minted, DEVICE, plan())

    assert not await unspent(store)
    with pytest.raises(PermitRefused, match="used already"):
        await desk.spend(minted, DEVICE, plan())


async def test_a_plan_changed_in_one_value_is_another_plan(
    desk: PermitDesk, store: Store, minted: Permit
) -> None:
    with pytest.raises(PermitRefused, match="not the one"):
        await desk.spend(minted, DEVICE, plan(after="7"))

    assert await unspent(store)


@pytest.mark.parametrize(
    "device", [replace(DEVICE, id=DeviceId("001122-S2")), replace(DEVICE, tenant=TenantId("south"))]
)
async def test_a_permit_for_another_device_or_tenant_is_refused(
    desk: PermitDesk, store: Store, minted: Permit, device: Device
) -> None:
    with pytest.raises(PermitRefused, match="another"):
        await desk.spend(minted, device, plan())

    assert await unspent(store)


async def test_a_plan_for_another_device_is_refused_even_with_a_permit_for_it(
    desk: PermitDesk, store: Store, minted: Permit
) -> None:
    other = plan(device=DeviceId("001122-S2"))

    with pytest.raises(PermitRefused, match="another device"):
        await desk.spend(signed(replace(minted, plan_digest=other.digest)), DEVICE, other)

    assert await unspent(store)


@pytest.mark.parametrize(
    "forge",
    [
        lambda permit: replace(permit, signature=b""),
        lambda permit: replace(permit, signature=bytes(64)),
        lambda permit: signed(permit, Ed25519PrivateKey.from_private_bytes(b"x" * 32)),
        lambda permit: replace(permit, expires_at=permit.expires_at + timedelta(days=1)),
        lambda permit: replace(permit, plan_digest=PlanDigest("0" * 64)),
        lambda permit: replace(permit, fence=2),
        lambda permit: replace(permit, change=ChangeId("chg_2")),
        lambda permit: replace(permit, id=PermitId("prm_2")),
        lambda permit: replace(permit, policy_revision="r2"),
    ],
)
async def test_what_the_gate_did_not_sign_is_refused(
    desk: PermitDesk, store: Store, minted: Permit, forge: Callable[[Permit], Permit]
) -> None:
    with pytest.raises(PermitRefused, match="not signed"):
        await desk.spend(forge(minted), DEVICE, plan())

    assert await unspent(store)


async def test_a_permit_ends_at_the_moment_it_says(
    desk: PermitDesk, store: Store, minted: Permit, clock: Any
) -> None:
    clock.set(minted.expires_at)

    with pytest.raises(PermitRefused, match="expired"):
        await desk.spend(minted, DEVICE, plan())

    assert await unspent(store)


async def test_a_permit_minted_before_another_took_the_device_is_stale(
    desk: PermitDesk, store: Store, minted: Permit, clock: Any
) -> None:
    later = clock() + timedelta(minutes=6)
    async with store.begin() as tx:
        assert await tx.leases.take(DEVICE.id, "run-2", later, later + timedelta(minutes=5)) == 2

    with pytest.raises(PermitRefused, match="another writer"):
        await desk.spend(minted, DEVICE, plan())

    assert await unspent(store)


async def test_a_signed_permit_that_was_never_kept_is_refused(
    desk: PermitDesk, store: Store, minted: Permit
) -> None:
    with pytest.raises(PermitRefused, match="used already"):
        await desk.spend(signed(replace(minted, id=PermitId("prm_9"))), DEVICE, plan())

    assert await unspent(store)
