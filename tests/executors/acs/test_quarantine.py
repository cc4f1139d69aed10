"""A request at which a device's sessions die is not sent for ever."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pytest

from brain.domain.errors import ControllerRefused, DeviceUnreachable
from brain.domain.history import EventKind
from brain.domain.identity import DeviceId, PermitId, TenantId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock, NewId
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.options import AcsOptions

DEVICE = DeviceId("001122-Box-S1")
TENANT = TenantId("default")
RADIO = ParameterPath("Device.WiFi.Radio.1.")
READ = m.GetParameterValues((RADIO,))


async def die_at(home: Any, acs: Acs, known: Any, store: Store, kind: type[m.Message]) -> None:
    """One read at which the device hangs up each time that it is asked, twice a read."""
    home.drop_on = kind
    reading = asyncio.create_task(acs.read(await known(store), [RADIO]))
    await asyncio.sleep(0.01)
    for _ in range(3):
        with suppress(ConnectionResetError):
            await home.session("1 BOOT")
    with suppress(DeviceUnreachable, ControllerRefused):
        await reading
    home.drop_on = None
    await acs._quarantine.settled()


async def read(home: Any, acs: Acs, known: Any, store: Store) -> Any:
    reading = asyncio.create_task(acs.read(await known(store), [RADIO]))
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")
    return await reading


async def faults(store: Store) -> list[str]:
    async with store.read() as tx:
        found = await tx.events.of_device(TENANT, DEVICE, kinds=[EventKind.FAULT])
    return [each.detail for each in found]


@pytest.fixture
async def killed(home: Any, acs: Acs, known: Any, store: Store) -> Any:
    """A device whose sessions died three times at one request."""
    await die_at(home, acs, known, store, m.GetParameterValues)
    await die_at(home, acs, known, store, m.GetParameterValues)
    home.asked.clear()
    return home


async def test_a_request_that_kills_a_device_is_quarantined_and_said_so(
    killed: Any, acs: Acs, known: Any, store: Store
) -> None:
    with pytest.raises(ControllerRefused, match="quarantined") as refused:
        await read(killed, acs, known, store)

    assert killed.asked == []
    assert await faults(store) == [
        f"GetParameterValues of {RADIO} is quarantined: the session died at it 3 times"
    ]
    assert "3 times" in str(refused.value)


async def test_another_request_is_still_asked(
    killed: Any, acs: Acs, known: Any, store: Store
) -> None:
    reading = asyncio.create_task(acs.read(await known(store), [ParameterPath("Device.WiFi.")]))
    await asyncio.sleep(0.01)
    await killed.session("6 CONNECTION REQUEST")

    assert (await reading).values
    assert killed.asked == [m.GetParameterValues(("Device.WiFi.",))]


async def test_two_deaths_are_forgiven_by_an_answer(
    home: Any, acs: Acs, known: Any, store: Store
) -> None:
    for _ in range(2):
        await die_at(home, acs, known, store, m.FactoryReset)  # nothing dies of a reset
        home.drop_on = m.GetParameterValues
        reading = asyncio.create_task(acs.read(await known(store), [RADIO]))
        await asyncio.sleep(0.01)
        with suppress(ConnectionResetError):
            await home.session("1 BOOT")
        home.drop_on = None
        await home.session("1 BOOT")
        assert (await reading).values
        await acs._quarantine.settled()

    async with store.read() as tx:
        assert await tx.deadly_requests.times(await known(store), "x") == 0
    assert (await read(home, acs, known, store)).values
    assert await faults(store) == []


async def test_another_worker_knows_it_too(
    killed: Any, store: Store, clock: Clock, new_id: NewId, permits: Any, connect: Any, known: Any
) -> None:
    options = AcsOptions(
        enrol=True,
        tenant=TENANT,
        username="homes",
        password="let-me-in",
        connection_request_username="",
        connection_request_password="",
    )
    other = Acs(store=store, permits=permits, clock=clock, new_id=new_id, options=options)
    device = connect(other.app, tree=killed.tree)

    with pytest.raises(ControllerRefused, match="quarantined"):
        await read(device, other, known, store)

    assert device.asked == []
    await other.close()


@pytest.mark.parametrize("event", ["0 BOOTSTRAP", "1 BOOT"])
async def test_a_reset_or_other_firmware_lifts_it(
    killed: Any, acs: Acs, known: Any, store: Store, event: str
) -> None:
    if event == "1 BOOT":
        killed.tree["Device.DeviceInfo.SoftwareVersion"] = "2.0"
    await killed.session(event)
    await acs.settled()

    assert (await read(killed, acs, known, store)).values
    assert killed.asked[-1] == READ


async def test_a_write_that_kills_a_device_is_refused_and_not_sent(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any, plan: Any
) -> None:
    async def apply() -> Any:
        fresh = replace(permit(clock), id=PermitId(token_hex(4)))
        applying = asyncio.create_task(acs.apply(await known(store), plan, fresh))
        await asyncio.sleep(0.01)
        with suppress(ConnectionResetError):
            await home.session("6 CONNECTION REQUEST")
        await home.say(home.inform("1 BOOT"))  # it comes back, and the session before has ended
        await acs._quarantine.settled()
        return await applying

    home.drop_on = m.SetParameterValues
    ends = [(await apply()).progress for _ in range(3)]
    home.drop_on = None
    home.asked.clear()

    outcome = await apply()

    assert ends == [Progress.UNKNOWN] * 3
    assert outcome.progress is Progress.REFUSED
    assert "quarantined" in outcome.detail
    assert home.asked == []
    assert plan.changes[0].after not in "".join(await faults(store))


async def test_a_device_that_dies_of_listing_everything_is_asked_level_by_level(
    acs: Acs, connect: Any, store: Store, tree: dict[str, str]
) -> None:
    whole = m.GetParameterNames("Device.", next_level=False)
    device = connect(acs.app, tree=tree)

    def answer(message: m.Message) -> m.Message:
        if message == whole:
            raise ConnectionResetError
        found = [m.ParameterInfo(name) for name in tree]
        return m.GetParameterNamesResponse(tuple(found))

    device.answers[m.GetParameterNames] = answer
    for _ in range(5):
        with suppress(ConnectionResetError):
            await device.session("1 BOOT")
        await acs._quarantine.settled()
    await acs.settled()

    async with store.read() as tx:
        names = await tx.models.get(TENANT, DEVICE)
    assert names is not None
    assert set(tree) <= set(names)
    assert device.asked.count(whole) == 3
