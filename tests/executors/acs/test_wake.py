"""Connection requests: where they go, what they say, and how often."""

import asyncio
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from executors.acs.digest import Admission, Doorkeeper
from executors.acs.nonces import Nonces
from executors.acs.wake import ConnectionRequests, Woken, connection_request_client

URL = "http://192.0.2.7:30005/abc"


class Home:
    """A device's connection request server: digest first, then the status it was told to give."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.seen: list[httpx.Request] = []
        self.failures: list[Exception] = []
        nonces = Nonces(secret=b"d", seconds=lambda: 1e6, unique=lambda: "r" * 16, life=60)
        self.keeper = Doorkeeper(username="acs", password="wake", nonces=nonces)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if self.failures:
            raise self.failures.pop()
        said = request.headers.get("authorization", "")
        if self.keeper.check("GET", request.url.path, said) is Admission.GRANTED:
            headers = {"location": "http://192.0.2.8/", "set-cookie": "a=b"}
            return httpx.Response(self.status, headers=headers)
        challenges = [("www-authenticate", each) for each in self.keeper.challenges(stale=False)]
        return httpx.Response(401, headers=challenges)


class Seconds:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def requests(home: Home, **options: Any) -> ConnectionRequests:
    client = httpx.AsyncClient(transport=httpx.MockTransport(home))
    return ConnectionRequests(client, **{"seconds": Seconds(), **options})


@pytest.mark.parametrize(
    ("status", "woken"),
    [
        (200, Woken.COMING),
        (204, Woken.COMING),
        (503, Woken.BUSY),
        (302, Woken.REFUSED),
        (404, Woken.REFUSED),
    ],
)
async def test_what_the_device_answers(status: int, woken: Woken) -> None:
    home = Home(status)

    assert await requests(home).request(URL, username="acs", password="wake") is woken
    assert len(home.seen) == 2
    assert {each.url.host for each in home.seen} == {"192.0.2.7"}


async def test_a_password_that_is_not_the_devices_own_is_refused() -> None:
    home = Home()

    assert await requests(home).request(URL, username="acs", password="no") is Woken.REFUSED


async def test_a_device_that_drops_the_connection_after_the_challenge_is_asked_again() -> None:
    home = Home()
    home.failures = [httpx.RemoteProtocolError("dropped")]

    assert await requests(home).request(URL, username="acs", password="wake") is Woken.COMING


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), ValueError("hostile")]
)
async def test_a_device_that_is_not_there_is_silent(failure: Exception) -> None:
    home = Home()
    home.failures = [failure, failure, failure]

    assert await requests(home).request(URL, username="acs", password="wake") is Woken.SILENT


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "http://[::ffff:169.254.169.254]/",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "ftp://192.0.2.7/",
        "file:///etc/passwd",
        "gopher://192.0.2.7:70/",
        "http://",
        "/relative",
        "",
    ],
)
async def test_some_places_are_never_called(url: str) -> None:
    home = Home()

    assert await requests(home).request(url, username="acs", password="wake") is Woken.FORBIDDEN
    assert home.seen == []


@pytest.mark.parametrize("url", ["http://[", "http://a b/", "http://x\x00/", "http://x:99999/"])
async def test_a_url_that_is_none_is_not_called(url: str) -> None:
    home = Home()

    woken = await requests(home).request(url, username="acs", password="wake")

    assert woken in (Woken.FORBIDDEN, Woken.SILENT)
    assert home.seen == []


async def test_an_operator_can_say_where_devices_are() -> None:
    home = Home()
    narrowed = requests(home, networks=[ip_network("192.0.2.0/25")])

    assert await narrowed.request(URL, username="acs", password="wake") is Woken.COMING
    seen = len(home.seen)
    outside = await narrowed.request("http://192.0.2.200/", username="acs", password="wake")
    loopback = await narrowed.request("http://localhost/", username="acs", password="wake")
    assert (outside, loopback) == (Woken.FORBIDDEN, Woken.FORBIDDEN)
    assert len(home.seen) == seen


async def test_a_name_is_called_at_the_address_that_was_checked() -> None:
    home = Home()

    await requests(home).request("http://localhost:30005/x", username="acs", password="wake")

    assert {each.url.host for each in home.seen} <= {"127.0.0.1", "::1"}
    assert {each.headers["host"] for each in home.seen} == {"localhost:30005"}


async def test_one_device_is_not_asked_again_at_once() -> None:
    home = Home()
    paced = requests(home, pause=0.05)
    loop = asyncio.get_running_loop()
    started = loop.time()

    await paced.request(URL, username="acs", password="wake")
    await paced.request("http://192.0.2.9/", username="acs", password="wake")
    assert loop.time() - started < 0.05
    await paced.request(URL, username="acs", password="wake")

    assert loop.time() - started >= 0.05


async def test_our_client_keeps_nothing_between_devices() -> None:
    home = Home()
    client = connection_request_client()
    client._transport = httpx.MockTransport(home)
    async with client:
        paced = ConnectionRequests(client, seconds=Seconds(), pause=0.0)
        await paced.request(URL, username="acs", password="wake")
        await paced.request(URL, username="acs", password="wake")

    assert not any("cookie" in each.headers for each in home.seen)
