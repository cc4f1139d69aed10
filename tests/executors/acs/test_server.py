"""The server over HTTP: who is heard, what is answered, and what is turned away."""

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from brain.domain.errors import Forbidden, StoreUnavailable
from brain.domain.identity import DeviceId
from brain.domain.ports import NewId
from executors.acs import messages as m
from executors.acs.conversation import Conversation
from executors.acs.digest import Doorkeeper
from executors.acs.mailroom import Mailroom
from executors.acs.nonces import Nonces
from executors.acs.server import CwmpServer
from executors.acs.sessions import Sessions
from executors.acs.soap import Envelope, build

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
USERNAME, PASSWORD, URL = "homes", "let-me-in", "http://acs/"
DEVICE = DeviceId("001122-Box-S1")
READ = m.GetParameterValues(("Device.A",))


@dataclass
class Host:
    """Remembers what it was told."""

    informed_of: list[m.Inform] = field(default_factory=list)
    told_of: list[m.Message] = field(default_factory=list)
    failure: Exception | None = None

    async def informed(self, inform: m.Inform) -> DeviceId:
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        self.informed_of.append(inform)
        return DeviceId(f"001122-Box-{inform.device.serial}")

    def entered(self, device: DeviceId, inform: m.Inform) -> None:
        """Nothing to do."""

    async def told(self, device: DeviceId, message: m.Message) -> None:
        self.told_of.append(message)


@dataclass
class Site:
    """A server with everything around it in memory."""

    new_id: NewId
    host: Host = field(default_factory=Host)
    seconds: float = 1_000_000.0
    by_connection: bool = True
    most_sessions: int = 100

    def __post_init__(self) -> None:
        def now() -> float:
            return self.seconds

        self.room = Mailroom(new_id=self.new_id, patience=0.5)
        self.sessions = Sessions(
            token=lambda: self.new_id("cookie").replace("_", "-"),
            seconds=now,
            idle=60,
            by_connection=self.by_connection,
        )
        nonces = Nonces(
            secret=b"k" * 32, seconds=now, random=lambda: self.new_id("n")[-16:], life=300
        )
        self.app = CwmpServer(
            doorkeeper=Doorkeeper(username=USERNAME, password=PASSWORD, nonces=nonces),
            sessions=self.sessions,
            converse=lambda: Conversation(host=self.host, mailroom=self.room, linger=0.05),
            most_sessions=self.most_sessions,
        )


@pytest.fixture
def site(new_id: NewId) -> Site:
    return Site(new_id)


def client(site: Site) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(site.app))


async def test_a_session_without_work_is_four_requests(site: Site, connect: Connect) -> None:
    device = connect(site.app)

    await device.session("2 PERIODIC")

    assert device.statuses == [200, 204]  # and a 401 that the client answered by itself
    assert device.told == [m.InformResponse()]
    assert device.asked == []
    assert len(site.sessions) == 0
    assert not site.room.is_live(DEVICE)


async def test_work_is_asked_in_order_and_answered(site: Site, connect: Connect) -> None:
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
    site: Site, connect: Connect
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


async def test_without_a_password_nothing_is_stored_and_nothing_is_parsed(site: Site) -> None:
    async with client(site) as stranger:
        answer = await stranger.post(URL, content=build(Envelope(m.Reboot())))

    assert answer.status_code == 401
    assert [each.split()[0] for each in answer.headers.get_list("www-authenticate")] == [
        "Digest"
    ] * 2
    assert answer.content == b""
    assert site.host.informed_of == []
    assert len(site.sessions) == 0


async def test_a_wrong_password_is_refused(site: Site, connect: Connect) -> None:
    device = connect(site.app, auth=httpx.DigestAuth(USERNAME, "wrong"))

    with pytest.raises(AssertionError):
        await device.session()

    assert device.statuses == [401]
    assert site.host.informed_of == []


async def test_a_device_that_keeps_no_cookie_is_known_by_its_connection(
    site: Site, connect: Connect
) -> None:
    device = connect(site.app, cookies=False, tree={"Device.A": "7"})
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await asyncio.sleep(0)

    await device.session()

    assert device.asked == [READ]
    assert await asking is not None


async def test_behind_a_proxy_a_shared_connection_is_nobodys(
    new_id: NewId, connect: Connect
) -> None:
    site = Site(new_id, by_connection=False)
    device = connect(site.app, cookies=False, tree={"Device.A": "7"})
    asking = asyncio.create_task(site.room.ask(DEVICE, READ, repeatable=True))
    await asyncio.sleep(0)

    await device.session()

    assert device.asked == []
    assert site.room.is_live(DEVICE)
    await asyncio.wait([asking])
    assert asking.exception() is not None


async def test_the_cookie_alone_goes_on_with_a_session_and_opens_none(
    site: Site, connect: Connect
) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))
    cookie = {"cookie": "; ".join(f"{k}={v}" for k, v in device.client.cookies.items())}

    async with client(site) as bare:
        inform = build(Envelope(device.inform("1 BOOT")))
        opening = await bare.post(URL, content=inform, headers=cookie)
        going_on = await bare.post(URL, headers=cookie)
        guessed = await bare.post(URL, headers={"cookie": "gatewright=" + "A" * 32})

    assert opening.status_code == 401
    assert going_on.status_code == 204
    assert guessed.status_code == 401
    assert len(site.host.informed_of) == 1


@pytest.mark.parametrize("style", ['gatewright="{}"', "a=b, gatewright={}", "gatewright={};Path=/"])
async def test_a_cookie_is_known_however_it_comes_back(
    site: Site, connect: Connect, style: str
) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))
    cookie = device.client.cookies["gatewright"]

    async with client(site) as bare:
        answer = await bare.post(URL, headers={"cookie": style.format(cookie)})

    assert answer.status_code == 204


async def test_a_device_that_hangs_up_leaves_a_write_unknown_and_a_question_waiting(
    site: Site, connect: Connect
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
    site: Site, connect: Connect
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
    site: Site, connect: Connect
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
    site: Site, connect: Connect
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


async def test_garbage_ends_the_session(site: Site, connect: Connect) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))

    answer = await device.client.post(URL, content=b"<garbage")

    assert answer.status_code == 400
    assert len(site.sessions) == 0


async def test_an_inform_on_top_of_another_begins_anew(site: Site, connect: Connect) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))

    await device.say(device.inform("1 BOOT"))

    assert len(site.sessions) == 1
    assert await device.post(None) is None


async def test_a_silent_session_is_ended_when_another_one_comes(
    site: Site, connect: Connect
) -> None:
    silent = connect(site.app)
    await silent.say(silent.inform("1 BOOT"))

    site.seconds += 61
    await connect(site.app, serial="S2").session()

    assert len(site.sessions) == 0
    assert not site.room.is_live(DEVICE)


async def test_a_store_that_fails_makes_the_device_come_again(site: Site, connect: Connect) -> None:
    device = connect(site.app)
    site.host.failure = StoreUnavailable("the disk is full")

    with pytest.raises(AssertionError):
        await device.session()

    assert device.statuses == [503]
    assert len(site.sessions) == 0


async def test_a_device_that_may_not_enrol_is_forbidden(site: Site, connect: Connect) -> None:
    device = connect(site.app)
    site.host.failure = Forbidden("the device is not in the inventory")

    with pytest.raises(AssertionError):
        await device.session()

    assert device.statuses == [403]


async def test_too_many_sessions_are_asked_to_come_later(new_id: NewId, connect: Connect) -> None:
    site = Site(new_id, most_sessions=1)
    first, second = connect(site.app), connect(site.app, serial="S2")
    await first.say(first.inform("1 BOOT"))

    with pytest.raises(AssertionError):
        await second.session()

    assert second.statuses == [503]
    assert len(site.host.informed_of) == 1


async def test_speaking_out_of_turn_ends_the_session(site: Site, connect: Connect) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))

    answer = await device.client.post(URL, content=build(Envelope(m.RebootResponse())))

    assert answer.status_code == 400
    assert len(site.sessions) == 0
    assert not site.room.is_live(DEVICE)


async def test_a_goodbye_too_many_is_harmless(site: Site, connect: Connect) -> None:
    device = connect(site.app)
    await device.session()

    assert await device.post(None) is None


@pytest.mark.parametrize(
    ("method", "url", "content", "headers", "status"),
    [
        ("GET", URL, b"", {}, 405),
        ("POST", URL + "other", b"", {}, 404),
        ("POST", URL, b"x" * (4 * 1024 * 1024 + 1), {}, 413),
        (
            "POST",
            URL,
            gzip.compress(b"x" * (4 * 1024 * 1024 + 1)),
            {"content-encoding": "gzip"},
            413,
        ),
        ("POST", URL, b"x", {"content-encoding": "gzip"}, 400),
        ("POST", URL, b"x", {"content-encoding": "br"}, 415),
        ("POST", URL, b"<html/>", {}, 400),
        ("POST", URL, b"<a/>", {"content-type": "text/xml; charset=nonsense"}, 400),
    ],
)
async def test_what_is_no_cwmp_is_turned_away(
    site: Site,
    connect: Connect,
    method: str,
    url: str,
    content: bytes,
    headers: dict[str, str],
    status: int,
) -> None:
    device = connect(site.app)

    answer = await device.client.request(method, url, content=content, headers=headers)

    assert answer.status_code == status
    assert site.host.informed_of == []


async def test_a_packed_body_and_a_named_charset_are_understood(
    site: Site, connect: Connect
) -> None:
    device = connect(site.app)
    body = (
        "<Envelope><Body><Inform><DeviceId><Manufacturer>é</Manufacturer><OUI>001122</OUI>"
        "<SerialNumber>S1</SerialNumber></DeviceId></Inform></Body></Envelope>"
    )

    answer = await device.client.post(
        URL,
        content=gzip.compress(body.encode("latin-1")),
        headers={"content-encoding": "gzip", "content-type": 'application/x; charset="ISO-8859-1"'},
    )

    assert answer.status_code == 200
    assert site.host.informed_of[0].device.manufacturer == "é"


async def test_two_posts_at_once_in_one_session_are_one_too_many(
    site: Site, connect: Connect
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
