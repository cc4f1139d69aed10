"""Homes that are switched on: they call, wait to be woken, and answer only who knows how to ask."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import httpx
import pytest

from evals.homes.fleet import build_fleet
from evals.homes.running import Fleet, Line, running_fleet
from executors.acs import messages as m
from executors.acs.wake import ConnectionRequests, Woken, connection_request_client

Acs = Callable[..., Any]
URL = "Device.ManagementServer.ConnectionRequestURL"


def now() -> datetime:
    return datetime.now(UTC)


def line(acs: Any) -> Line:
    return Line(
        acs_url=acs.url, username=acs.username, password=acs.password, wake_password="wake me"
    )


async def until(told: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not told():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def wake(fleet: Fleet, *, password: str = "wake me") -> Woken:
    client = fleet.clients[0]
    async with connection_request_client(timeout=2) as http:
        asked = ConnectionRequests(http, seconds=monotonic)
        url = client.home.tree.read(URL)
        return await asked.request(url, username="gatewright", password=password)


async def test_every_home_of_the_demo_comes_by_itself(scripted_acs: Acs) -> None:
    residents = build_fleet(24, seed=1, clock=now)

    async with (
        scripted_acs((m.GetParameterNames(""),)) as acs,
        running_fleet([each.home for each in residents], line(acs)) as fleet,
    ):
        await fleet.until_up(seconds=30)

    assert {each.device.serial for each in acs.informs} == {
        each.home.household.serial for each in residents
    }
    assert all(each.has("0 BOOTSTRAP") for each in acs.informs)
    assert len(acs.answers) >= 24


async def test_a_woken_home_calls_at_once_and_says_why(scripted_acs: Acs) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home

    async with scripted_acs() as acs, running_fleet([home], line(acs)) as fleet:
        await fleet.until_up()
        woken = await wake(fleet)
        await until(lambda: len(acs.informs) == 2)

    assert woken is Woken.COMING
    assert [each.code for each in acs.informs[1].events] == ["6 CONNECTION REQUEST"]


async def test_who_does_not_know_the_password_wakes_nobody(scripted_acs: Acs) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home

    async with scripted_acs() as acs, running_fleet([home], line(acs)) as fleet:
        await fleet.until_up()
        woken = await wake(fleet, password="guess")
        async with httpx.AsyncClient() as http:
            elsewhere = await http.get(str(httpx.URL(home.tree.read(URL)).join("/other")))
        await asyncio.sleep(0.1)

    assert woken is Woken.REFUSED
    assert elsewhere.status_code == 404
    assert len(acs.informs) == 1


async def test_a_controller_may_change_what_a_connection_request_must_know(
    scripted_acs: Acs,
) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home
    password = m.ParameterValue("Device.ManagementServer.ConnectionRequestPassword", "new one")

    async with (
        scripted_acs((m.SetParameterValues((password,), ""),)) as acs,
        running_fleet([home], line(acs)) as fleet,
    ):
        await fleet.until_up()
        old, new = await wake(fleet), await wake(fleet, password="new one")

    assert (old, new) == (Woken.REFUSED, Woken.COMING)


@pytest.mark.parametrize(("fault", "woken"), [("busy", Woken.BUSY), ("deaf", Woken.SILENT)])
async def test_a_home_may_be_busy_or_deaf(scripted_acs: Acs, fault: str, woken: Woken) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home

    async with scripted_acs() as acs, running_fleet([home], line(acs)) as fleet:
        await fleet.until_up()
        setattr(home.faults, fault, True)

        assert await wake(fleet) is woken
        assert len(acs.informs) == 1


async def test_a_home_calls_periodically_as_often_as_it_is_told(scripted_acs: Acs) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home
    home.provision({"Device.ManagementServer.PeriodicInformInterval": "1"})

    async with scripted_acs() as acs, running_fleet([home], line(acs)):
        await until(lambda: len(acs.informs) == 3)

    assert [each.code for each in acs.informs[2].events] == ["2 PERIODIC"]


async def test_a_home_told_not_to_call_periodically_stays_quiet(scripted_acs: Acs) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home
    server = "Device.ManagementServer."
    home.provision(
        {server + "PeriodicInformInterval": "1", server + "PeriodicInformEnable": "false"}
    )

    async with scripted_acs() as acs, running_fleet([home], line(acs)) as fleet:
        await fleet.until_up()
        await asyncio.sleep(1.3)

    assert len(acs.informs) == 1


async def test_a_home_reports_by_itself_that_a_diagnostic_is_done(scripted_acs: Acs) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home
    state = "Device.WiFi.NeighboringWiFiDiagnostic.DiagnosticsState"
    script = (m.SetParameterValues((m.ParameterValue(state, "Requested"),), ""),)

    async with scripted_acs(script) as acs, running_fleet([home], line(acs)) as fleet:
        await fleet.until_up()
        acs.script = ()
        await until(lambda: len(acs.informs) == 2)

    assert [each.code for each in acs.informs[1].events] == ["8 DIAGNOSTICS COMPLETE"]


async def test_a_home_that_starts_anew_calls_when_it_is_back(scripted_acs: Acs) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home

    async with scripted_acs((m.Reboot("chg_1"),)) as acs, running_fleet([home], line(acs)) as fleet:
        await fleet.until_up()
        acs.script = ()
        await until(lambda: len(acs.informs) == 2)

    assert {each.code for each in acs.informs[1].events} == {"1 BOOT", "M Reboot"}
    assert home.clock() >= home.started


async def test_paths_differ_from_home_to_home_and_cannot_be_guessed(scripted_acs: Acs) -> None:
    residents = build_fleet(5, seed=1, clock=now)

    async with (
        scripted_acs() as acs,
        running_fleet([each.home for each in residents], line(acs)) as fleet,
    ):
        await fleet.until_up()
        paths = {httpx.URL(each.home.tree.read(URL)).path for each in residents}

    assert len(paths) == 5
    assert all(len(path) == 21 for path in paths)


async def test_switching_off_ends_everything(scripted_acs: Acs) -> None:
    home = build_fleet(1, seed=1, clock=now)[0].home

    async with scripted_acs() as acs:
        async with running_fleet([home], line(acs)) as fleet:
            await fleet.until_up()
        url = home.tree.read(URL)

        assert all(task.done() for task in fleet.tasks.values())
        async with httpx.AsyncClient(trust_env=False) as http:
            with pytest.raises(httpx.ConnectError):
                await http.get(url)
