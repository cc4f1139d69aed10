"""Devices are read on request, and only what they said is taken for said."""

import asyncio
from typing import Any

import pytest

from brain.domain.errors import ControllerRefused
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs

DEVICE = DeviceId("001122-Box-S1")
TENANT = TenantId("default")
INTERVAL = ParameterPath("Device.ManagementServer.PeriodicInformInterval")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
BAND = ParameterPath("Device.WiFi.Radio.1.OperatingFrequencyBand")
KEY = ParameterPath("Device.ManagementServer.ParameterKey")


async def test_reading_gives_canonical_values_and_leaves_out_what_is_not_there(
    home: Any, acs: Acs, store: Store, known: Any
) -> None:
    paths = [CHANNEL, ParameterPath("Device.WiFi.Radio.9.Channel"), BAND, KEY]
    reading = asyncio.create_task(acs.read(await known(store), paths))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    snapshot = await reading
    assert snapshot.values == {CHANNEL: "1", BAND: "2.4GHz", KEY: ""}
    asked = [each.names for each in home.asked]
    assert max(len(names) for names in asked) == 3
    assert all(asked)


@pytest.mark.parametrize(
    ("said", "kept"), [("300", 300), ("4294967295", 10_000_000), ("often", None), ("-1", None)]
)
async def test_how_often_a_device_will_call_is_kept_beside_it(
    home: Any, acs: Acs, store: Store, known: Any, said: str, kept: int | None
) -> None:
    home.tree[INTERVAL] = said
    reading = asyncio.create_task(acs.read(await known(store), [INTERVAL]))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    await reading
    assert (await known(store)).inform_every == kept


async def test_an_object_that_was_read_forgets_the_rows_that_are_gone(
    home: Any, acs: Acs, store: Store, known: Any
) -> None:
    del home.tree[BAND]
    reading = asyncio.create_task(acs.read(await known(store), [ParameterPath("Device.WiFi.")]))
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")
    await reading

    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)

    assert snapshot is not None
    assert snapshot.get(BAND) is None
    assert snapshot.get(CHANNEL) == "1"


async def test_too_many_at_once_are_halved(home: Any, acs: Acs, store: Store, known: Any) -> None:
    answer = home._values
    home.answers[m.GetParameterValues] = lambda asked: (
        m.Fault(9004) if len(asked.names) > 1 else answer(asked)
    )
    reading = asyncio.create_task(acs.read(await known(store), [CHANNEL, BAND, KEY]))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await reading).values == {CHANNEL: "1", BAND: "2.4GHz", KEY: ""}


async def test_a_device_that_will_not_say_is_not_taken_for_one_without(
    home: Any, acs: Acs, store: Store, known: Any
) -> None:
    home.answers[m.GetParameterValues] = lambda _: m.Fault(9001)
    reading = asyncio.create_task(acs.read(await known(store), [CHANNEL]))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    with pytest.raises(ControllerRefused) as caught:
        await reading
    assert caught.value.fault == "9001"


async def test_a_device_that_is_asked_nothing_was_not_heard_from(
    home: Any, acs: Acs, store: Store, clock: Any, known: Any
) -> None:
    before = await known(store)
    clock.advance(minutes=5)

    snapshot = await acs.read(before, [])

    assert snapshot.values == {}
    assert await known(store) == before
