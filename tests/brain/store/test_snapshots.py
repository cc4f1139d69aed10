"""A snapshot grows with what the device says: newer replaces older, path by path."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from brain.domain.device import Device
from brain.domain.errors import NotFound, Unreadable
from brain.domain.history import Difference
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.parts import Part, differences, merged, said_again
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")
CHANNEL, SSID, UPTIME = "Device.WiFi.Radio.1.Channel", "Device.WiFi.SSID.1.SSID", "Device.UpTime"
HOST = "Device.Hosts.Host."


def said(
    device: Device,
    values: Mapping[str, str],
    *,
    minutes: int = 0,
    writable: Mapping[str, bool] | None = None,
) -> Snapshot:
    assert device.last_seen is not None
    return Snapshot(
        device=device.id,
        taken_at=device.last_seen + timedelta(minutes=minutes, microseconds=7),
        values={ParameterPath(path): value for path, value in values.items()},
        writable={ParameterPath(path): flag for path, flag in (writable or {}).items()},
    )


async def test_what_was_said_comes_back(any_store: Store, device: Device) -> None:
    snapshot = said(device, {CHANNEL: "1", SSID: "", UPTIME: "7"}, writable={CHANNEL: True})

    async with any_store.begin() as tx:
        assert await tx.snapshots.latest(NORTH, device.id) is None
        await tx.snapshots.merge(NORTH, snapshot)

    async with any_store.read() as tx:
        assert await tx.snapshots.latest(NORTH, device.id) == snapshot
        assert await tx.snapshots.latest(SOUTH, device.id) is None


async def test_newer_values_replace_older_ones_and_the_rest_stays(
    any_store: Store, device: Device
) -> None:
    first = said(device, {CHANNEL: "1", SSID: "home"}, writable={CHANNEL: True})
    second = said(device, {CHANNEL: "6", UPTIME: "9"}, minutes=5)

    async with any_store.begin() as tx:
        await tx.snapshots.merge(NORTH, first)
        await tx.snapshots.merge(NORTH, second)
        latest = await tx.snapshots.latest(NORTH, device.id)

    assert latest == said(
        device,
        {CHANNEL: "6", SSID: "home", UPTIME: "9"},
        minutes=5,
        writable={CHANNEL: True},
    )


async def test_what_is_said_at_once_is_all_kept(any_store: Store, device: Device) -> None:
    values = {f"{HOST}{number}.Active": "true" for number in range(12)}

    async def hear(path: str, value: str) -> None:
        async with any_store.begin() as tx:
            await tx.snapshots.merge(NORTH, said(device, {path: value}))

    await asyncio.gather(*(hear(path, value) for path, value in values.items()))

    async with any_store.read() as tx:
        assert await tx.snapshots.latest(NORTH, device.id) == said(device, values)


async def test_an_older_snapshot_that_comes_late_replaces_nothing_newer(
    any_store: Store, device: Device
) -> None:
    new, late = said(device, {CHANNEL: "6"}, minutes=5), said(device, {CHANNEL: "1", SSID: "home"})

    async with any_store.begin() as tx:
        await tx.snapshots.merge(NORTH, new)
        await tx.snapshots.merge(NORTH, late, whole=["Device.WiFi.Radio."])
        latest = await tx.snapshots.latest(NORTH, device.id)

    assert latest == said(device, {CHANNEL: "6", SSID: "home"}, minutes=5)


async def test_what_is_gone_from_an_object_read_whole_is_forgotten(
    any_store: Store, device: Device
) -> None:
    before = said(device, {f"{HOST}1.Active": "true", f"{HOST}2.Active": "true", SSID: "home"})
    after = said(device, {f"{HOST}2.Active": "false"}, minutes=1)

    async with any_store.begin() as tx:
        await tx.snapshots.merge(NORTH, before)
        await tx.snapshots.merge(NORTH, after, whole=[HOST])
        latest = await tx.snapshots.latest(NORTH, device.id)

    assert latest == said(device, {f"{HOST}2.Active": "false", SSID: "home"}, minutes=1)


async def test_saying_nothing_changes_nothing(any_store: Store, device: Device) -> None:
    first = said(device, {CHANNEL: "1"})

    async with any_store.begin() as tx:
        await tx.snapshots.merge(NORTH, said(device, {}))
        assert await tx.snapshots.latest(NORTH, device.id) is None
        await tx.snapshots.merge(NORTH, first)
        await tx.snapshots.merge(NORTH, said(device, {}, minutes=1))
        assert await tx.snapshots.latest(NORTH, device.id) == first


async def test_a_device_read_whole_has_said_nothing_else(any_store: Store, device: Device) -> None:
    before = said(device, {CHANNEL: "1", f"{HOST}1.Active": "true", UPTIME: "1"})
    after = said(device, {CHANNEL: "6"}, minutes=1)

    async with any_store.begin() as tx:
        await tx.snapshots.merge(NORTH, before)
        await tx.snapshots.merge(NORTH, after, whole=["Device."])
        latest = await tx.snapshots.latest(NORTH, device.id)

    assert latest == after


async def test_some_objects_alone_can_be_asked_for(any_store: Store, device: Device) -> None:
    async with any_store.begin() as tx:
        await tx.snapshots.merge(NORTH, said(device, {CHANNEL: "1", f"{HOST}1.Active": "true"}))
        wifi = await tx.snapshots.latest(NORTH, device.id, below=["Device.WiFi.Radio."])
        all_of_it = await tx.snapshots.latest(NORTH, device.id, below=["Device."])
        none = await tx.snapshots.latest(NORTH, device.id, below=["Device.Optical."])

    assert wifi == said(device, {CHANNEL: "1"})
    assert all_of_it == said(device, {CHANNEL: "1", f"{HOST}1.Active": "true"})
    assert none is None


async def test_a_snapshot_of_an_unknown_device_is_refused(any_store: Store, device: Device) -> None:
    for tenant, name in ((NORTH, DeviceId("nobody")), (SOUTH, device.id)):
        stranger = Snapshot(
            device=name, taken_at=said(device, {}).taken_at, values={ParameterPath(UPTIME): "1"}
        )
        with pytest.raises(NotFound):
            async with any_store.begin() as tx:
                await tx.snapshots.merge(tenant, stranger)

    async with any_store.read() as tx:
        assert await tx.snapshots.latest(NORTH, device.id) is None


async def test_values_moved_to_another_place_are_an_error(any_store: Store, device: Device) -> None:
    async with any_store.begin() as tx:
        await tx.snapshots.merge(NORTH, said(device, {CHANNEL: "1"}))
        await tx.snapshots._db.run(text("UPDATE snapshots SET part = 'Device.Hosts'"))

    with pytest.raises(Unreadable):
        async with any_store.read() as tx:
            await tx.snapshots.latest(NORTH, device.id)


PARTS: st.SearchStrategy[Part] = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.tuples(st.sampled_from(["1", "2"]), st.booleans(), st.integers(0, 3)),
)


@given(PARTS, PARTS)
def test_merging_keeps_every_path_at_its_newest(old: Part, new: Part) -> None:
    both = merged(old, new)

    assert both.keys() == old.keys() | new.keys()
    for path, entry in both.items():
        heard = [part[path] for part in (old, new) if path in part]
        assert entry in heard
        assert entry[2] == max(each[2] for each in heard)
    assert merged(both, new) == both


GAPPY: st.SearchStrategy[Part] = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.tuples(
        st.sampled_from([None, "1", "2"]),
        st.sampled_from([None, True, False]),
        st.integers(0, 3),
    ),
)


@given(GAPPY, GAPPY)
def test_in_one_go_is_merged_and_compared_what_is_in_two(known: Part, said: Part) -> None:
    before = {path: known[path] for path in said if path in known}
    after = merged(before, said)

    now, found = said_again(known, said)

    assert now == after
    assert sorted(found, key=_path) == sorted(differences(before, after), key=_path)


def _path(found: Difference) -> str:
    return found.path
