"""Sessions over HTTP: work in order, and what becomes of it when one breaks or is replaced."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from brain.domain.identity import DeviceId
from executors.acs import messages as m
from executors.acs.envelope import Envelope, Header
from executors.acs.soap import build, parse

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
URL = "http://acs/"
DEVICE = DeviceId("001122-Box-S1")
READ = m.GetParameterValues(("Device.A",))


async def test_a_session_without_work_is_four_requests(site: Any, connect: Connect) -> None:
    device = connect(site.app)

    await device.session("2 PERIODIC")

    assert device.statuses == [200, 204]  # and a 401 that the client answered by itself
    assert device.told == [m.InformResponse()]
    assert device.asked == []
    assert len(site.sessions) == 0
    assert not site.room.is_live(DEVICE)


async def test_work_is_asked_in_order_and_answered(site: Any, connect: Connect) -> None:
    device = connect(site.app, tree={"Device.A": "7"})
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    rebooting = asyncio.create_task(site.room.ask(DEVICE, m.Reboot("k"), repeatable=False))
    await asyncio.sleep(0)

    await device.session(says=(m.TransferComplete("k"),))

    assert device.asked == [READ, m.Reboot("k")]
    values = (m.ParameterValue("Device.A", "7"),)
    assert await asking == m.GetParameterValuesResponse(values)
    assert await rebooting == m.RebootResponse()
    assert device.told == [m.InformResponse(), m.TransferCompleteResponse()]
    assert site.host.told_of == [m.TransferComplete("k")]


async def test_who_got_an_answer_may_ask_the_next_thing_in_the_same_session(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app, tree={"Device.A": "7"})

    async def twice() -> list[object]:
        first = await site.room.ask(DEVICE, READ, repeatable=True)
        await asyncio.sleep(0.01)
        return [first, await site.room.ask(DEVICE, READ, repeatable=True)]

    asking = asyncio.create_task(twice())
    await asyncio.sleep(0)
    await device.session()

    assert device.asked == [READ, READ]
    assert None not in await asking


async def test_a_device_that_keeps_no_cookie_is_known_by_its_connection(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app, cookies=False, tree={"Device.A": "7"})
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await asyncio.sleep(0)

    await device.session()

    assert device.asked == [READ]
    assert await asking is not None


async def test_behind_a_proxy_a_shared_connection_is_nobodys(
    make_site: Any, connect: Connect
) -> None:
    site = make_site(by_connection=False)
    device = connect(site.app, cookies=False, tree={"Device.A": "7"})
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await asyncio.sleep(0)

    await device.session()

    assert device.asked == []
    assert site.room.is_live(DEVICE)
    await asyncio.wait([asking])
    assert asking.exception() is not None


async def test_a_device_that_hangs_up_leaves_a_write_unknown_and_a_question_waiting(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app, tree={"Device.A": "7"}, drop_on=m.Reboot)
    rebooting = asyncio.create_task(site.room.ask(DEVICE, m.Reboot(), repeatable=False))
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await asyncio.sleep(0)
    with pytest.raises(ConnectionResetError):
        await device.session()

    device.drop_on = None
    await device.say(device.inform("1 BOOT"))
    await asyncio.wait({rebooting}, timeout=0.2)  # the room's patience is longer
    assert rebooting.done()
    await device.session("1 BOOT")

    assert await rebooting is None
    assert await asking is not None
    assert device.asked == [m.Reboot(), READ]


async def test_a_question_that_a_device_hung_up_on_is_asked_in_its_next_session(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app, tree={"Device.A": "7"}, drop_on=m.GetParameterValues)
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await asyncio.sleep(0)
    with pytest.raises(ConnectionResetError):
        await device.session()

    device.drop_on = None
    await device.session()

    assert await asking is not None
    assert device.asked == [READ, READ]


async def test_a_request_that_a_device_skips_is_unanswered_and_the_next_one_follows(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app, tree={"Device.A": "7"})
    rebooting = asyncio.create_task(site.room.ask(DEVICE, m.Reboot(), repeatable=False))
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await device.say(device.inform("1 BOOT"))
    await device.post(None)

    asked = await device.post(None)

    await asyncio.wait({rebooting}, timeout=0.2)  # the room's patience is longer
    assert rebooting.done()
    assert await rebooting is None
    assert asked is not None
    assert asked.message == READ
    await device.post(device.answer(READ), said_id=asked.id)
    assert await asking is not None


async def test_a_session_that_another_one_replaced_takes_no_work(
    site: Any, connect: Connect
) -> None:
    first, second = (connect(site.app, tree={"Device.A": "7"}) for _ in range(2))
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await first.say(first.inform("1 BOOT"))
    asked = await first.post(None)
    assert asked is not None

    lingering = asyncio.create_task(first.post(first.answer(READ), said_id=asked.id))
    await asking
    await second.say(second.inform("1 BOOT"))
    rebooting = asyncio.create_task(site.room.ask(DEVICE, m.Reboot(), repeatable=False))

    assert await lingering is None
    taken = await second.post(None)
    assert taken is not None
    assert taken.message == m.Reboot()
    await second.post(m.RebootResponse(), said_id=taken.id)
    assert await rebooting == m.RebootResponse()


async def test_garbage_ends_the_session(site: Any, connect: Connect) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))

    answer = await device.client.post(URL, content=b"<garbage")

    assert answer.status_code == 400
    assert len(site.sessions) == 0


async def test_an_inform_on_top_of_another_begins_anew(site: Any, connect: Connect) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))

    await device.say(device.inform("1 BOOT"))

    assert len(site.sessions) == 1
    assert await device.post(None) is None


async def test_a_silent_session_is_ended_when_another_one_comes(
    site: Any, connect: Connect
) -> None:
    silent = connect(site.app)
    await silent.say(silent.inform("1 BOOT"))

    site.seconds += 61
    await connect(site.app, serial="S2").session()

    assert len(site.sessions) == 0
    assert not site.room.is_live(DEVICE)


async def test_a_device_that_asks_for_more_time_gets_it_within_reason(
    site: Any, connect: Connect
) -> None:
    for serial, timeout in (("S1", 300), ("S2", 10**8), ("S3", 0)):
        device = connect(site.app, serial=serial)
        inform = Envelope(device.inform("1 BOOT"), header=Header(session_timeout=timeout))
        await device.client.post(URL, content=build(inform))
    alive = []

    for later in (61, 240, 300):
        site.seconds += later
        await connect(site.app, serial="S9").session()
        alive.append([n for n in range(1, 4) if site.room.is_live(DeviceId(f"001122-Box-S{n}"))])

    assert alive == [[1, 2], [2], []]


async def test_a_device_without_a_version_in_common_is_told_so_and_leaves_no_session(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app)
    header = Header(supported_versions=("2.0",))
    inform = Envelope(device.inform("1 BOOT"), id="7", header=header)

    answer = await device.client.post(URL, content=build(inform))

    assert parse(answer.content).message == m.Fault(8006, "ACS version incompatible with CPE")
    assert parse(answer.content).id == "7"
    assert site.host.informed_of == []
    assert len(site.sessions) == 0


async def test_speaking_out_of_turn_ends_the_session(site: Any, connect: Connect) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))

    answer = await device.client.post(URL, content=build(Envelope(m.RebootResponse())))

    assert answer.status_code == 400
    assert len(site.sessions) == 0
    assert not site.room.is_live(DEVICE)


async def test_two_posts_at_once_in_one_session_are_one_too_many(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app, tree={"Device.A": "7"})
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await device.say(device.inform("1 BOOT"))
    asked = await device.post(None)
    assert asked is not None
    response = build(Envelope(device.answer(asked.message), id=asked.id))

    answers = await asyncio.gather(
        device.client.post(URL, content=response), device.client.post(URL, content=b"")
    )

    assert sorted(each.status_code for each in answers) == [204, 400]
    await asking
