"""A diagnostic over CWMP: one request, in the device's own words, and the session ends."""

import asyncio
from typing import Any

import pytest

from brain.domain.change import Command, Plan
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs

DEVICE = DeviceId("001122-Box-S1")
CHANGE = ChangeId("chg_00000000000000000000000001")
AT = "Device.IP.Diagnostics.IPPing."
OLD = "InternetGatewayDevice.IPPingDiagnostics."
PLAN = Plan(
    device=DEVICE,
    changes=(
        Command(
            path=ParameterPath("Device.IP.Diagnostics.IPPing()"),
            arguments=(("Host", "192.0.2.1"), ("NumberOfRepetitions", "4")),
        ),
    ),
)


async def apply(home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any) -> Any:
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock, PLAN)))
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")
    return await applying


async def test_inputs_and_request_go_in_one_and_nothing_follows(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    home.tree |= {f"{AT}{leaf}": "" for leaf in ("Host", "NumberOfRepetitions", "DiagnosticsState")}

    outcome = await apply(home, acs, store, clock, known, permit)

    assert outcome.progress is Progress.APPLIED
    values = (
        m.ParameterValue(f"{AT}Host", "192.0.2.1", "string"),
        m.ParameterValue(f"{AT}NumberOfRepetitions", "4", "unsignedInt"),
        m.ParameterValue(f"{AT}DiagnosticsState", "Requested", "string"),
    )
    assert home.asked == [m.SetParameterValues(values, CHANGE)]


async def test_a_device_of_the_old_model_is_asked_in_its_own_words(
    connect: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    tree = {
        "InternetGatewayDevice.DeviceInfo.SoftwareVersion": "1.0",
        "InternetGatewayDevice.ManagementServer.ParameterKey": "",
    } | {f"{OLD}{leaf}": "0" for leaf in ("Host", "NumberOfRepetitions", "DiagnosticsState")}
    home = connect(acs.app, tree=tree)
    await home.session("0 BOOTSTRAP")
    await acs.settled()
    home.asked.clear()

    outcome = await apply(home, acs, store, clock, known, permit)

    assert outcome.progress is Progress.APPLIED
    (asked,) = home.asked
    assert [(each.name, each.value) for each in asked.values] == [
        (f"{OLD}Host", "192.0.2.1"),
        (f"{OLD}NumberOfRepetitions", "4"),
        (f"{OLD}DiagnosticsState", "Requested"),
    ]


async def test_a_device_that_is_busy_with_another_refuses_and_is_not_asked_again(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> None:
    home.answers[m.SetParameterValues] = lambda _: m.Fault(9004)

    outcome = await apply(home, acs, store, clock, known, permit)

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "9004")
    assert "later" in outcome.detail
    assert len(home.asked) == 1


@pytest.mark.parametrize("event", ["8 DIAGNOSTICS COMPLETE", "8 Diagnostics Complete", "8"])
async def test_the_end_of_a_diagnostic_is_in_the_timeline(
    home: Any, acs: Acs, store: Store, event: str
) -> None:
    await home.session(event)

    async with store.read() as tx:
        found = await tx.events.of_device(TenantId("default"), DEVICE)
    assert found[0].detail == "8 DIAGNOSTICS COMPLETE"
