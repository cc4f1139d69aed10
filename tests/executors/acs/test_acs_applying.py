"""Plans are carried out under a permit: once, whole, or certainly not at all."""

import asyncio
from typing import Any

import pytest

from brain.domain.change import AddObject, Command, DeleteObject, Plan, SetParameter
from brain.domain.errors import DeviceUnreachable, PermitRefused
from brain.domain.history import EventKind
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs

DEVICE = DeviceId("001122-Box-S1")
TENANT = TenantId("default")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
KEY = ParameterPath("Device.ManagementServer.ParameterKey")
CHANGE = ChangeId("chg_00000000000000000000000001")
PLAN = Plan(
    device=DEVICE,
    changes=(SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="1", after="11"),),
)
TABLE = ParameterPath("Device.NAT.PortMapping.")


async def test_a_plan_is_set_in_one_request_with_the_change_as_its_key(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Any, known: Any, permit: Any
) -> None:
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    outcome = await applying
    assert outcome.progress is Progress.APPLIED
    assert not outcome.needs_reboot
    wanted = m.ParameterValue(CHANNEL, "11", "unsignedInt")
    assert home.asked == [m.SetParameterValues((wanted,), CHANGE)]
    assert [each.id for each in permits.spent] == ["prm_1"]


async def test_reading_back_in_the_same_session_shows_it(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    async def write_and_read() -> str | None:
        device = await known(store)
        await acs.apply(device, PLAN, permit(clock))
        return (await acs.read(device, [CHANNEL, KEY])).get(CHANNEL)

    running = asyncio.create_task(write_and_read())
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")

    assert await running == "11"
    assert home.tree[KEY] == CHANGE


async def test_without_a_permit_the_device_is_not_even_woken(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Any, known: Any, permit: Any
) -> None:
    permits.refusal = "no permit for this plan"

    with pytest.raises(PermitRefused):
        await acs.apply(await known(store), PLAN, permit(clock))
    await home.session("2 PERIODIC")

    assert home.asked == []
    assert home.tree[CHANNEL] == "01"


async def test_a_plan_is_not_handed_over_after_its_permit_has_run_out(
    home: Any, acs: Acs, store: Store, clock: Any, known: Any, permit: Any
) -> None:
    leave = permit(clock)
    clock.advance(minutes=6)

    applying = asyncio.create_task(acs.apply(await known(store), PLAN, leave))
    await asyncio.sleep(0.01)
    await home.session("2 PERIODIC")

    with pytest.raises(DeviceUnreachable):
        await applying
    assert home.asked == []


async def test_a_device_that_hangs_up_on_a_write_leaves_it_unknown_and_gets_it_once(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    home.drop_on = m.SetParameterValues
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)
    with pytest.raises(ConnectionResetError):
        await home.session("6 CONNECTION REQUEST")

    await home.session("1 BOOT")

    assert (await applying).progress is Progress.UNKNOWN
    assert len(home.asked) == 1


async def test_a_device_reset_meanwhile_is_not_sent_what_was_meant_for_it_before(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("0 BOOTSTRAP", "1 BOOT")

    with pytest.raises(DeviceUnreachable):
        await applying
    assert not any(isinstance(each, m.SetParameterValues) for each in home.asked)


async def test_a_refusal_names_the_parameter_and_never_what_the_device_wrote(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    home.answers[m.SetParameterValues] = lambda _: m.Fault(
        9003, "bad value 'secret'", (m.ParameterFault(CHANNEL, 9007, "secret is too short"),)
    )
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    outcome = await applying
    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "9003")
    assert f"{CHANNEL}: 9007 invalid parameter value" in outcome.detail
    assert "secret" not in outcome.detail
    async with store.read() as tx:
        faults = await tx.events.of_device(TENANT, DEVICE, kinds=[EventKind.FAULT])
    assert [(each.path, each.value, each.detail) for each in faults] == [
        (CHANNEL, "9003", outcome.detail)
    ]


async def test_status_one_needs_a_reboot(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    home.answers[m.SetParameterValues] = lambda _: m.SetParameterValuesResponse(1)
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).needs_reboot


async def test_a_status_without_a_meaning_is_not_a_success(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    home.answers[m.SetParameterValues] = lambda _: m.SetParameterValuesResponse(7)
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).progress is Progress.UNKNOWN


@pytest.mark.parametrize(
    ("path", "request_"),
    [("Device.Reboot()", m.Reboot(CHANGE)), ("Device.FactoryReset()", m.FactoryReset())],
)
async def test_a_command_has_a_request_of_its_own(
    home: Any,
    acs: Acs,
    store: Store,
    clock: Clock,
    path: str,
    request_: m.Request,
    known: Any,
    permit: Any,
) -> None:
    plan = Plan(device=DEVICE, changes=(Command(path=ParameterPath(path)),))
    home.answers[m.FactoryReset] = lambda _: m.FactoryResetResponse()
    applying = asyncio.create_task(acs.apply(await known(store), plan, permit(clock, plan)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).progress is Progress.APPLIED
    assert home.asked == [request_]


async def test_a_command_that_cwmp_does_not_have_is_refused_and_not_sent(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    plan = Plan(device=DEVICE, changes=(Command(path=ParameterPath("Device.SelfTest()")),))

    outcome = await acs.apply(await known(store), plan, permit(clock, plan))
    await home.session("2 PERIODIC")

    assert outcome.progress is Progress.REFUSED
    assert home.asked == []


@pytest.mark.parametrize(
    ("setting", "asked", "progress"),
    [
        (m.SetParameterValuesResponse(0), 2, Progress.APPLIED),
        (m.Fault(9003), 3, Progress.REFUSED),
    ],
)
async def test_a_row_with_values_is_added_whole_or_taken_out_again(
    home: Any,
    acs: Acs,
    store: Store,
    clock: Clock,
    setting: m.Message,
    asked: int,
    progress: Progress,
    known: Any,
    permit: Any,
) -> None:
    plan = Plan(device=DEVICE, changes=(AddObject(path=TABLE, values=(("ExternalPort", "80"),)),))
    home.answers |= {
        m.AddObject: lambda _: m.AddObjectResponse(7),
        m.SetParameterValues: lambda _: setting,
        m.DeleteObject: lambda _: m.DeleteObjectResponse(),
    }
    applying = asyncio.create_task(acs.apply(await known(store), plan, permit(clock, plan)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).progress is progress
    value = m.ParameterValue(f"{TABLE}7.ExternalPort", "80", "unsignedInt")
    expected = [
        m.AddObject(TABLE, CHANGE),
        m.SetParameterValues((value,), CHANGE),
        m.DeleteObject(f"{TABLE}7."),
    ]
    assert home.asked == expected[:asked]


async def test_a_row_is_deleted(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    row = ParameterPath(f"{TABLE}7.")
    plan = Plan(device=DEVICE, changes=(DeleteObject(path=row),))
    home.answers[m.DeleteObject] = lambda _: m.DeleteObjectResponse()
    applying = asyncio.create_task(acs.apply(await known(store), plan, permit(clock, plan)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).progress is Progress.APPLIED
    assert home.asked == [m.DeleteObject(row, CHANGE)]
