"""A halt also stops what waits for the device, and the second of two requests."""

import asyncio
from typing import Any

import pytest

from brain.domain.change import AddObject, Plan, SetParameter
from brain.domain.errors import Halted
from brain.domain.identity import ChangeId, DeviceId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs

DEVICE = DeviceId("001122-Box-S1")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
CHANGE = ChangeId("chg_00000000000000000000000001")
PLAN = Plan(
    device=DEVICE,
    changes=(SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="1", after="11"),),
)
TABLE = ParameterPath("Device.NAT.PortMapping.")
ROW = Plan(device=DEVICE, changes=(AddObject(path=TABLE, values=(("ExternalPort", "80"),)),))


async def test_what_waits_for_the_device_is_not_handed_over_once_changes_are_halted(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Any, known: Any, permit: Any
) -> None:
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)
    permits.halted = True

    await home.session("6 CONNECTION REQUEST")

    with pytest.raises(Halted):
        await applying
    assert len(permits.spent) == 1
    assert home.asked == []
    assert home.tree[CHANNEL] == "01"


async def test_a_reading_goes_on_while_changes_are_halted(
    home: Any, acs: Acs, store: Store, permits: Any, known: Any
) -> None:
    permits.halted = True
    reading = asyncio.create_task(acs.read(await known(store), [CHANNEL]))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await reading).get(CHANNEL) is not None


async def test_a_halt_between_two_requests_stops_the_second_and_it_is_said_why(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Any, known: Any, permit: Any
) -> None:
    def added(_: m.Message) -> m.Message:
        permits.halted = True
        return m.AddObjectResponse(7)

    home.answers[m.AddObject] = added
    applying = asyncio.create_task(acs.apply(await known(store), ROW, permit(clock, ROW)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    outcome = await applying
    assert outcome.progress is Progress.UNKNOWN
    assert "changes were halted" in outcome.detail
    assert home.asked == [m.AddObject(TABLE, CHANGE)]


async def test_a_halt_leaves_a_row_whose_values_were_refused_where_it_is(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Any, known: Any, permit: Any
) -> None:
    def refused(_: m.Message) -> m.Message:
        permits.halted = True
        return m.Fault(9003)

    home.answers |= {
        m.AddObject: lambda _: m.AddObjectResponse(7),
        m.SetParameterValues: refused,
    }
    applying = asyncio.create_task(acs.apply(await known(store), ROW, permit(clock, ROW)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    outcome = await applying
    assert outcome.progress is Progress.UNKNOWN
    assert "changes were halted" in outcome.detail
    assert not any(isinstance(each, m.DeleteObject) for each in home.asked)
