"""A rollout that cannot be read is told of, and keeps no other from being seen and carried on."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import update
from structlog.testing import capture_logs

from brain.domain.device import Device
from brain.domain.rollout import RolloutId
from brain.store.rollouts import rollouts
from brain.store.store import Store
from tests.brain.store.rolled_out import ROLLOUT, rolled_out

AT = datetime(2026, 1, 1, tzinfo=UTC)


async def test_the_others_are_listed_and_carried_on(any_store: Store, device: Device) -> None:
    async with any_store.begin() as tx:
        await rolled_out(tx, device, "guests", AT)
        found = await tx.rollouts.get(device.tenant, ROLLOUT)
        assert found is not None
        ((target, _),) = await tx.rollouts.devices(device.tenant, ROLLOUT)
        other = RolloutId("rol_2")
        await tx.rollouts.add(replace(found, id=other), [replace(target, rollout=other)])
        broken = update(rollouts).where(rollouts.c.id == ROLLOUT).values(sealed=b"rubbish")
        await tx.rollouts._db.run(broken)

    with capture_logs() as logs:
        async with any_store.read() as tx:
            seen = [*await tx.rollouts.live(), *await tx.rollouts.newest(device.tenant)]

    assert [each.id for each in seen] == ["rol_2", "rol_2"]
    assert [(each["event"], each["rollout"]) for each in logs] == [
        ("rollout_unreadable", ROLLOUT)
    ] * 2
