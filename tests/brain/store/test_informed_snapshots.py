"""What Informs say and what is read of a device are one snapshot, in whatever order they come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from brain.domain.device import Device
from brain.domain.history import Difference
from brain.domain.identity import TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.parts import (
    Part,
    by_part,
    differences,
    merged,
    said_in,
    snapshot_of,
    ticks,
    without,
)
from brain.store.store import Store

NORTH = TenantId("north")
FIRMWARE, UPTIME = "Device.DeviceInfo.SoftwareVersion", "Device.DeviceInfo.UpTime"
CHANNEL = "Device.WiFi.Radio.1.Channel"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def said(device: Device, values: Mapping[str, str], *, minutes: int = 0) -> Snapshot:
    found = {ParameterPath(path): value for path, value in values.items()}
    return Snapshot(device=device.id, taken_at=NOON + timedelta(minutes=minutes), values=found)


async def informs(store: Store, snapshot: Snapshot) -> list[Difference]:
    async with store.begin() as tx:
        return (await tx.snapshots.merge_informs([(NORTH, snapshot)]))[snapshot.device]


async def reads(store: Store, snapshot: Snapshot, *whole: str) -> list[Difference]:
    async with store.begin() as tx:
        return await tx.snapshots.merge(NORTH, snapshot, whole=whole)


async def latest(store: Store, device: Device, *below: str) -> Mapping[ParameterPath, str]:
    async with store.read() as tx:
        found = await tx.snapshots.latest(NORTH, device.id, below=below)
    return found.values if found else {}


async def rows_of(store: Store, device: Device) -> list[str]:
    async with store.read() as tx:
        rows = await tx.snapshots._rows({"tenant": NORTH, "device": device.id}, ())
    return sorted(row.part for row in rows)


async def test_an_inform_rewrites_one_row_whatever_it_speaks_of(
    any_store: Store, device: Device
) -> None:
    for minute in range(2):
        await informs(any_store, said(device, {FIRMWARE: "1", CHANNEL: "6"}, minutes=minute))

    assert await rows_of(any_store, device) == [""]
    assert await latest(any_store, device) == {FIRMWARE: "1", CHANNEL: "6"}


async def test_only_what_was_asked_for_is_given_of_what_informs_said(
    any_store: Store, device: Device
) -> None:
    await informs(any_store, said(device, {FIRMWARE: "1", CHANNEL: "6"}))

    assert await latest(any_store, device, "Device.WiFi.") == {CHANNEL: "6"}
    async with any_store.read() as tx:
        of_all = await tx.snapshots.latest_of(NORTH, [device.id], below=["Device.DeviceInfo."])
        heard = await tx.snapshots.heard(NORTH, device.id, [CHANNEL])
    assert of_all[device.id].values == {FIRMWARE: "1"}
    assert {path: point.value for path, point in heard.items()} == {CHANNEL: "6"}


async def test_an_inform_differs_from_what_was_read_before_it(
    any_store: Store, device: Device
) -> None:
    await reads(any_store, said(device, {CHANNEL: "6", UPTIME: "1"}))
    found = await informs(any_store, said(device, {CHANNEL: "11", UPTIME: "1"}, minutes=1))

    assert [(each.path, each.before, each.after) for each in found] == [(CHANNEL, "6", "11")]


async def test_a_reading_differs_from_what_an_inform_said_before_it(
    any_store: Store, device: Device
) -> None:
    await informs(any_store, said(device, {CHANNEL: "6", UPTIME: "1"}))
    found = await reads(any_store, said(device, {CHANNEL: "11"}, minutes=1))

    assert [(each.path, each.before, each.after) for each in found] == [(CHANNEL, "6", "11")]
    assert await latest(any_store, device) == {CHANNEL: "11", UPTIME: "1"}


async def test_what_an_inform_said_is_forgotten_where_its_object_is_read_without_it(
    any_store: Store, device: Device
) -> None:
    await informs(any_store, said(device, {CHANNEL: "6", UPTIME: "1"}))
    await reads(any_store, said(device, {}, minutes=1), "Device.WiFi.")

    assert await latest(any_store, device) == {UPTIME: "1"}
    await reads(any_store, said(device, {}, minutes=2), "Device.")
    assert await latest(any_store, device) == {}


async def test_a_late_inform_replaces_nothing_newer(any_store: Store, device: Device) -> None:
    await reads(any_store, said(device, {CHANNEL: "11"}, minutes=9))

    assert await informs(any_store, said(device, {CHANNEL: "6"})) == []
    assert await latest(any_store, device) == {CHANNEL: "11"}


async def test_a_device_that_informs_of_very_much_has_it_where_it_belongs(
    any_store: Store, device: Device
) -> None:
    many = {f"Device.Hosts.Host.{number}.Active": "1" for number in range(257)}
    await informs(any_store, said(device, {FIRMWARE: "1"}))
    await informs(any_store, said(device, many, minutes=1))

    assert await rows_of(any_store, device) == ["", "Device.DeviceInfo", "Device.Hosts"]
    assert await latest(any_store, device) == {FIRMWARE: "1", **many}
    assert await informs(any_store, said(device, many, minutes=2)) == []


@pytest.mark.parametrize("seed", range(12))
async def test_in_whatever_order_they_come_nothing_is_lost_or_told_twice(
    seed: int, any_store: Store, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brain.store.snapshots._MOST_FRESH", 5)
    draw, known = Random(seed), Part()
    paths = [f"Device.{part}.X.{row}" for part in ("A", "B", "C") for row in (1, 2, 3)]
    for turn in range(25):
        now = drawn(draw, device, paths, minutes=turn - draw.choice([0, 0, 0, 5]))
        whole = draw.choice([(), (), ("Device.A.",), ("Device.",)])
        if draw.random() < 0.6:
            found, whole = await informs(any_store, now), ()
        else:
            found = await reads(any_store, now, *whole)
        after = merged(without(known, whole, ticks(now.taken_at)), said_in(now))
        before, since = by_part(known), by_part(after)
        expected = [
            each
            for part in before.keys() | since.keys()
            for each in differences(before.get(part, {}), since.get(part, {}), whole)
        ]
        assert sorted(found, key=str) == sorted(expected, key=str)
        known = after
        assert await all_of(any_store, device) == (snapshot_of(device.id, known) if known else None)


def drawn(draw: Random, device: Device, paths: list[str], *, minutes: int) -> Snapshot:
    some = draw.sample(paths, draw.randrange(1, 6))
    values = said(device, {path: draw.choice("12") for path in some}, minutes=minutes)
    writable = {ParameterPath(path): draw.random() < 0.5 for path in draw.sample(paths, 2)}
    return replace(values, writable=writable)


async def all_of(store: Store, device: Device) -> Snapshot | None:
    async with store.read() as tx:
        return await tx.snapshots.latest(NORTH, device.id)
