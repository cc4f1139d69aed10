"""Whole sessions over HTTP with a small controller: in order, authenticated, and tried again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from evals.homes.build import build
from evals.homes.client import HomeClient, SessionFailed
from evals.homes.faults import Loss
from evals.homes.home import Home
from executors.acs import messages as m

MakeHome = Callable[..., Home]
Acs = Callable[..., Any]
CHANNEL = "Device.WiFi.Radio.1.Channel"
SET = m.SetParameterValues((m.ParameterValue(CHANNEL, "11", "unsignedInt"),), "chg_1")


@pytest.fixture
async def transport() -> AsyncIterator[httpx.AsyncHTTPTransport]:
    async with httpx.AsyncHTTPTransport() as transport:
        yield transport


@pytest.fixture
def connect(transport: httpx.AsyncHTTPTransport) -> Callable[..., HomeClient]:
    """A client for this home and controller, with the right password unless told otherwise."""

    def make(home: Home, acs: Any, *, password: str | None = None) -> HomeClient:
        server = home.model.root + "ManagementServer."
        home.provision(
            {
                server + "URL": acs.url,
                server + "Username": acs.username,
                server + "Password": acs.password if password is None else password,
            }
        )
        return HomeClient(home, transport=transport, timeout=5)

    return make


async def test_a_session_reports_obeys_and_ends(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()
    script = (m.GetRPCMethods(), SET, m.GetParameterValues((CHANNEL,)))

    async with scripted_acs(script) as acs:
        client = connect(home, acs)
        await client.session()

    inform = acs.informs[0]
    assert inform.device == home.identity
    assert inform.has("0 BOOTSTRAP")
    assert inform.has("1 BOOT")
    assert [type(each) for each in acs.answers] == [
        m.GetRPCMethodsResponse,
        m.SetParameterValuesResponse,
        m.GetParameterValuesResponse,
    ]
    assert acs.answers[2].values == (m.ParameterValue(CHANNEL, "11", "unsignedInt"),)
    assert (acs.ended, client.sessions, home.events) == (1, 1, [])
    assert home.radio(1).channel == 11


async def test_an_inform_carries_what_it_must_and_the_key_of_the_last_change(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()

    async with scripted_acs((SET,)) as acs:
        client = connect(home, acs)
        await client.session()
        await client.session()

    first, second = ({each.name: each.value for each in said.parameters} for said in acs.informs)
    assert set(first) == set(home.model.forced_inform)
    assert first["Device.ManagementServer.ParameterKey"] == ""
    assert second["Device.ManagementServer.ParameterKey"] == "chg_1"


async def test_a_changed_value_is_told_once_with_its_event(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()
    code = "Device.DeviceInfo.ProvisioningCode"

    async with scripted_acs() as acs:
        client = connect(home, acs)
        await client.session()
        home.local_change(code, "shop")
        await client.session()
        await client.session()

    assert acs.informs[1].has("4 VALUE CHANGE")
    assert m.ParameterValue(code, "shop") in acs.informs[1].parameters
    assert acs.informs[2].events == ()


async def test_a_wrong_password_opens_nothing_and_stays_pending(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()

    async with scripted_acs((SET,)) as acs:
        client = connect(home, acs, password="wrong")
        with pytest.raises(SessionFailed, match="HTTP 401"):
            await client.session()

    assert acs.informs == []
    assert [each.code for each in home.events] == ["0 BOOTSTRAP", "1 BOOT"]
    assert home.radio(1).channel == 6


async def test_a_failed_session_is_counted_in_the_next_inform(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()

    async with scripted_acs(status=503) as acs:
        client = connect(home, acs)
        with pytest.raises(SessionFailed, match="HTTP 503"):
            await client.session()
        acs.status = 200
        await client.session()

    assert [each.retry_count for each in acs.informs] == [0, 1]
    assert acs.informs[1].has("0 BOOTSTRAP")
    assert client.failures == 0


@pytest.mark.parametrize(("loss", "channel"), [(Loss.BEFORE, 6), (Loss.AFTER, 11)])
async def test_a_line_lost_at_a_set_tells_nobody_whether_it_was_applied(
    make_home: MakeHome,
    scripted_acs: Acs,
    connect: Callable[..., HomeClient],
    loss: Loss,
    channel: int,
) -> None:
    home = make_home()
    home.faults.lose_line, home.faults.silent_after_loss = loss, 60.0

    async with scripted_acs((SET,)) as acs:
        with pytest.raises(SessionFailed, match="LineLost"):
            await connect(home, acs).session()

    assert acs.answers == []
    assert [each.code for each in home.events] == ["0 BOOTSTRAP", "1 BOOT"], "to be tried again"
    assert home.radio(1).channel == channel
    assert home.silent
    assert home.faults.lose_line is None


async def test_a_changed_value_is_told_again_when_the_session_broke(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()
    code = "Device.DeviceInfo.ProvisioningCode"
    home.local_change(code, "shop")
    home.faults.lose_line = Loss.BEFORE

    async with scripted_acs((SET,)) as acs:
        client = connect(home, acs)
        with pytest.raises(SessionFailed):
            await client.session()
        acs.script = ()
        await client.session()

    assert m.ParameterValue(code, "shop") in acs.informs[1].parameters
    assert home.to_report == {}


async def test_what_is_no_inform_response_opens_no_session(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()

    async with scripted_acs((SET,), welcome=m.Fault(8001, "no")) as acs:
        with pytest.raises(SessionFailed, match="no InformResponse"):
            await connect(home, acs).session()

    assert home.events != []
    assert home.radio(1).channel == 6


async def test_a_home_is_busy_as_long_as_its_session_lasts(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()
    home.faults.slow = 0.05

    async with scripted_acs() as acs:
        client = connect(home, acs)
        session = asyncio.create_task(client.session())
        await asyncio.sleep(0.02)
        meanwhile = client.busy
        await session

    assert meanwhile
    assert not client.busy


async def test_an_unreadable_answer_breaks_the_session(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()

    async with scripted_acs((SET,)) as acs:
        client = connect(home, acs)
        await client.session()
        home.faults.garble = True
        with pytest.raises(SessionFailed):
            await client.session()

    assert len(acs.informs) == 1


async def test_a_home_that_forgets_cookies_loses_its_session_here(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    home = make_home()
    home.faults.forgets_cookies = True

    async with scripted_acs((SET,)) as acs:
        with pytest.raises(SessionFailed, match="HTTP 400"):
            await connect(home, acs).session()

    assert home.radio(1).channel == 6


async def test_a_reboot_begins_after_the_session_and_is_reported_in_the_next(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient], clock: Any
) -> None:
    home = make_home()

    async with scripted_acs((m.Reboot("chg_2"),)) as acs:
        client = connect(home, acs)
        await client.session()
        assert home.silent
        clock.advance(seconds=10)
        acs.script = ()
        await client.session()

    assert acs.ended == 2
    assert m.InformEvent("M Reboot", "chg_2") in acs.informs[1].events


async def test_a_controller_that_is_not_there_fails_the_session(
    make_home: MakeHome, scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    async with scripted_acs() as acs:
        client = connect(make_home(), acs)

    with pytest.raises(SessionFailed, match="ConnectError"):
        await asyncio.wait_for(client.session(), 5)


async def test_a_home_of_a_world_is_mended_over_the_wire_as_in_memory(
    scripted_acs: Acs, connect: Callable[..., HomeClient]
) -> None:
    world = build({"faults": [{"kind": "wifi.congested_channel"}]}, 1)
    world.home.happened("6 CONNECTION REQUEST")
    move = m.SetParameterValues((m.ParameterValue(CHANNEL, "1", "unsignedInt"),), "chg_1")
    assert world.quality().broken

    async with scripted_acs((move,)) as acs:
        await connect(world.home, acs).session()

    assert acs.answers == [m.SetParameterValuesResponse()]
    assert world.quality().well
