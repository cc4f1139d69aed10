"""What is kept of who may come in: credentials, registrations, strangers, ways."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import Device
from brain.domain.enrolment import Answer, Registration, Stranger, Why
from brain.domain.errors import Conflict, Unreadable
from brain.domain.identity import DeviceId, PrincipalId, TenantId
from brain.domain.reachability import Reachability, Tried, Way
from brain.store import strangers
from brain.store.store import Store

NORTH = TenantId("north")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def credentials(device: Device, username: str = "box-1") -> DeviceCredentials:
    return DeviceCredentials(
        device=device.id,
        tenant=device.tenant,
        username=username,
        offered=Passwords(own="own", wake="wake"),
    )


def stranger(serial: str, *, at: datetime = NOW) -> Stranger:
    return Stranger(
        tenant=NORTH,
        device=DeviceId(serial),
        oui="001122",
        product_class="Box",
        serial=serial,
        manufacturer="Acme",
        firmware="1.0",
        root="Device.",
        why=Why.UNKNOWN,
        first_at=at,
        last_at=at,
    )


async def test_credentials_are_found_by_name_and_by_device(
    any_store: Store, device: Device
) -> None:
    kept = credentials(device)
    async with any_store.begin() as tx:
        await tx.credentials.put(credentials(device, "another name"))
        await tx.credentials.put(kept)

    async with any_store.read() as tx:
        assert await tx.credentials.named(["box-1", "another name"]) == {"box-1": kept}
        assert await tx.credentials.of([device.id, DeviceId("nobody")]) == {device.id: kept}


async def test_two_devices_never_share_a_name(any_store: Store, device: Device) -> None:
    other = replace(device, id=DeviceId("other"))
    async with any_store.begin() as tx:
        await tx.devices.put(other)
        await tx.credentials.put(credentials(device))

    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.credentials.put(credentials(other))


async def test_credentials_moved_to_another_name_are_an_error(
    any_store: Store, device: Device
) -> None:
    async with any_store.begin() as tx:
        await tx.credentials.put(credentials(device))
    async with any_store._engines.write.begin() as connection:
        await connection.execute(text("UPDATE device_credentials SET username = 'mine'"))

    async with any_store.read() as tx:
        with pytest.raises(Unreadable):
            await tx.credentials.named(["mine"])


async def test_a_registration_is_found_by_its_mac(any_store: Store, device: Device) -> None:
    mac = "00:11:22:33:44:55"
    said = Registration(
        tenant=device.tenant, device=device.id, mac=mac, firmware="1", at=NOW, by=PrincipalId("o")
    )
    async with any_store.begin() as tx:
        await tx.registrations.put(said)

    async with any_store.read() as tx:
        assert await tx.registrations.get(device.tenant, device.id) == said
        assert await tx.registrations.with_macs(device.tenant, [mac]) == {mac: device.id}


async def test_strangers_who_wait_are_shown_before_those_who_were_answered(
    any_store: Store,
) -> None:
    async with any_store.begin() as tx:
        later = NOW + timedelta(hours=1)
        await tx.strangers.put(replace(stranger("S1", at=later), answer=Answer.REJECTED))
        await tx.strangers.put(stranger("S2"))
        await tx.strangers.put(stranger("S3", at=later))

    async with any_store.read() as tx:
        shown = [each.serial for each in await tx.strangers.list(NORTH, limit=9)]
    assert shown == ["S3", "S2", "S1"]


async def test_one_stranger_too_many_takes_the_place_of_the_oldest(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "MOST", 2)
    async with any_store.begin() as tx:
        for hour, serial in enumerate(["S1", "S2", "S3"]):
            await tx.strangers.put(stranger(serial, at=NOW + timedelta(hours=hour)))

    async with any_store.read() as tx:
        kept = {each.serial for each in await tx.strangers.list(NORTH, limit=9)}
    assert kept == {"S2", "S3"}


async def test_a_stranger_that_was_let_in_is_none(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await tx.strangers.put(stranger("S1"))
        assert await tx.strangers.remove(NORTH, DeviceId("S1"))
        assert not await tx.strangers.remove(NORTH, DeviceId("S1"))
        assert await tx.strangers.get(NORTH, DeviceId("S1")) is None


async def test_the_ways_to_a_device_are_void_once_it_is_reset(
    any_store: Store, device: Device
) -> None:
    known = Reachability(tenant=device.tenant, device=device.id).noted(
        Way.HTTP, Tried().failed(NOW, "silent")
    )
    async with any_store.begin() as tx:
        await tx.reachabilities.put(known)
        assert await tx.reachabilities.get(device.tenant, device.id) == known
        await tx.reachabilities.forget(device.tenant, device.id)
        assert await tx.reachabilities.get(device.tenant, device.id) is None
