"""Measures are kept by device and time, read by path, and forgotten by whole pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from brain.domain.device import Device
from brain.domain.errors import Conflict, Unreadable
from brain.domain.history import Point
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath
from brain.store import measures
from brain.store.store import Store

Make = Callable[..., Device]
LIGHT = ParameterPath("Device.Optical.Interface.1.OpticalSignalLevel")
NOISE = ParameterPath("Device.WiFi.Radio.1.Stats.Noise")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def points(*values: str, days: float = 10) -> list[Point]:
    """One every so many days; ten days apart, some lie on other pages."""
    return [
        Point(BEGIN + number * timedelta(days=days), each) for number, each in enumerate(values)
    ]


async def keep(store: Store, device: Device, **by_path: list[Point]) -> None:
    names = {"light": LIGHT, "noise": NOISE}
    async with store.begin() as tx:
        given = {names[name]: each for name, each in by_path.items()}
        await tx.measures.add({(device.tenant, device.id): given})


async def test_points_come_back_by_path_oldest_first(any_store: Store, device: Device) -> None:
    light = points("-21.5", "-22", "18446744073709551615", "-24", "-25", "-26")
    await keep(any_store, device, light=light[3:], noise=points("-90"))
    await keep(any_store, device, light=light[:3])

    async with any_store.read() as tx:
        found = await tx.measures.of_device(device.tenant, device.id)
        other = await tx.measures.of_device(TenantId("south"), device.id)

    assert found == {LIGHT: light, NOISE: points("-90")}
    assert other == {}


async def test_only_the_time_and_the_paths_that_are_asked_for(store: Store, a_device: Make) -> None:
    device = await _known(store, a_device)
    light = points("1", "2", "3", "4")
    await keep(store, device, light=light, noise=points("5", "6"))

    async with store.read() as tx:
        found = await tx.measures.of_device(
            device.tenant, device.id, since=light[1].at, until=light[3].at, paths=[LIGHT]
        )

    assert found == {LIGHT: light[1:3]}


async def test_a_point_said_twice_is_kept_once(store: Store, a_device: Make) -> None:
    device = await _known(store, a_device)
    await keep(store, device, light=points("1"))
    await keep(store, device, light=[Point(BEGIN + timedelta(milliseconds=400), "2")])

    async with store.read() as tx:
        found = await tx.measures.of_device(device.tenant, device.id)

    assert found == {LIGHT: [Point(BEGIN, "2")]}


async def test_whole_pages_are_forgotten_so_many_at_a_time(
    any_store: Store, device: Device
) -> None:
    light = points(*"123456789", days=28)
    await keep(any_store, device, light=light)

    async with any_store.begin() as tx:
        counts = [await tx.measures.forget(light[4].at, limit=3) for _ in range(3)]
    async with any_store.read() as tx:
        left = await tx.measures.of_device(device.tenant, device.id)

    assert counts == [3, 1, 0]
    assert left == {LIGHT: light[4:]}


async def test_a_device_that_is_not_stored_has_no_measures(store: Store, a_device: Make) -> None:
    device = await _known(store, a_device)
    stranger = replace(device, id=DeviceId("stranger"))

    with pytest.raises(Conflict):
        await keep(store, stranger, light=points("1"))


async def test_a_page_of_another_device_is_unreadable(store: Store, a_device: Make) -> None:
    device = await _known(store, a_device)
    await keep(store, device, light=points("1"))
    async with store._engines.write.begin() as connection:
        await connection.exec_driver_sql("UPDATE measures SET page = page + 1")

    async with store.read() as tx:
        with pytest.raises(Unreadable):
            await tx.measures.of_device(device.tenant, device.id)


async def test_a_page_that_cannot_be_read_gives_way_to_what_is_said_now(
    store: Store, a_device: Make
) -> None:
    device = await _known(store, a_device)
    await keep(store, device, light=points("1"))
    async with store._engines.write.begin() as connection:
        await connection.exec_driver_sql("UPDATE measures SET sealed = x'00'")

    with capture_logs() as logs:
        await keep(store, device, noise=points("-90"))
        await keep(store, device, light=points("2"))

    async with store.read() as tx:
        found = await tx.measures.of_device(device.tenant, device.id)
    assert found == {LIGHT: points("2"), NOISE: points("-90")}
    assert [(each["log_level"], each["event"]) for each in logs] == [
        ("error", "measures_begun_anew")
    ]
    assert "-90" not in str(logs)


async def _known(store: Store, a_device: Make) -> Device:
    device = a_device()
    async with store.begin() as tx:
        await tx.devices.put(device)
    return device


async def test_a_page_that_is_full_takes_no_more_and_the_next_one_does(
    store: Store, a_device: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = await _known(store, a_device)
    monkeypatch.setattr(measures, "_FULL", 2)
    light = points("1", "2", "3", days=1)
    await keep(store, device, light=light)

    with capture_logs() as logs:
        await keep(store, device, light=points("9", "9", "9", "9", days=1))
        await keep(store, device, light=points("1", "2", "3", "4", "5", days=14)[4:])

    async with store.read() as tx:
        found = await tx.measures.of_device(device.tenant, device.id)
    assert [each.value for each in found[LIGHT]] == ["1", "2", "3", "5"]
    assert [each["event"] for each in logs] == ["measures_full"]
