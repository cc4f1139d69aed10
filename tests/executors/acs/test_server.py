"""The server's door: who is let in, and what is turned away."""

import gzip
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from brain.domain.errors import Forbidden, StoreUnavailable
from brain.domain.identity import DeviceId
from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.acs.soap import build

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
USERNAME, URL = "homes", "http://acs/"
DEVICE = DeviceId("001122-Box-S1")
READ = m.GetParameterValues(("Device.A",))


def client(site: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(site.app))


async def test_without_a_password_nothing_is_stored_and_nothing_is_parsed(site: Any) -> None:
    async with client(site) as stranger:
        answer = await stranger.post(URL, content=build(Envelope(m.Reboot())))

    assert answer.status_code == 401
    assert [each.split()[0] for each in answer.headers.get_list("www-authenticate")] == [
        "Digest"
    ] * 2
    assert answer.content == b""
    assert site.host.informed_of == []
    assert len(site.sessions) == 0


async def test_a_wrong_password_is_refused(site: Any, connect: Connect) -> None:
    device = connect(site.app, auth=httpx.DigestAuth(USERNAME, "wrong"))

    with pytest.raises(AssertionError):
        await device.session()

    assert device.statuses == [401]
    assert site.host.informed_of == []


async def test_the_cookie_alone_goes_on_with_a_session_and_opens_none(
    site: Any, connect: Connect
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


async def test_a_store_that_fails_makes_the_device_come_again(site: Any, connect: Connect) -> None:
    device = connect(site.app)
    site.host.failure = StoreUnavailable("the disk is full")

    with pytest.raises(AssertionError):
        await device.session()

    assert device.statuses == [503]
    assert len(site.sessions) == 0


async def test_a_device_that_may_not_enrol_is_forbidden(site: Any, connect: Connect) -> None:
    device = connect(site.app)
    site.host.failure = Forbidden("the device is not in the inventory")

    with pytest.raises(AssertionError):
        await device.session()

    assert device.statuses == [403]


async def test_too_many_sessions_are_asked_to_come_later(make_site: Any, connect: Connect) -> None:
    site = make_site(most_sessions=1)
    first, second = connect(site.app), connect(site.app, serial="S2")
    await first.say(first.inform("1 BOOT"))

    with pytest.raises(AssertionError):
        await second.session()

    assert second.statuses == [503]
    assert len(site.host.informed_of) == 1


async def test_a_goodbye_too_many_is_harmless(site: Any, connect: Connect) -> None:
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
    site: Any,
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
    site: Any, connect: Connect
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
