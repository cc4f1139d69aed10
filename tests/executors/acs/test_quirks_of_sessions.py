"""How real devices hold a session otherwise than the standard, and are served all the same."""

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from executors.acs import messages as m
from executors.acs.soap import parse

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
URL = "http://acs/"
INFORM = (
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
    b'xmlns:cwmp="urn:dslforum-org:cwmp-1-0"><soap:Header>%s</soap:Header><soap:Body>'
    b"<cwmp:Inform><DeviceId><Manufacturer>Acme</Manufacturer><OUI>001122</OUI>"
    b"<ProductClass>Box</ProductClass><SerialNumber>S1</SerialNumber></DeviceId>%s</cwmp:Inform>"
    b"</soap:Body></soap:Envelope>"
)


@pytest.mark.parametrize(
    ("header", "said_id"),
    [
        (b"", None),
        (b'<cwmp:ID soap:mustUnderstand="1"></cwmp:ID>', ""),
        (b'<cwmp:ID soap:mustUnderstand="1"/>', ""),
        (b"<cwmp:ID> 0x1F&amp; </cwmp:ID>", " 0x1F& "),
    ],
)
async def test_an_id_is_echoed_as_it_came_and_none_where_there_was_none(
    site: Any, connect: Connect, header: bytes, said_id: str | None
) -> None:
    answer = await connect(site.app).client.post(URL, content=INFORM % (header, b""))

    assert parse(answer.content).id == said_id
    assert parse(answer.content).message == m.InformResponse()


async def test_an_envelope_without_a_header_opens_a_session(site: Any, connect: Connect) -> None:
    body = INFORM.replace(b"<soap:Header>%s</soap:Header>", b"") % b""

    answer = await connect(site.app).client.post(URL, content=body)

    assert parse(answer.content).message == m.InformResponse()
    assert b"cwmp:ID" not in answer.content


@pytest.mark.parametrize(
    "style",
    [
        'gatewright="{}"',
        "other=1, gatewright={}",
        'gatewright="{}"; $Path="/other"',
        "gatewright={}; Path=/wrong; HttpOnly",
        "x=y,gatewright={},z=1",
    ],
)
async def test_a_cookie_is_known_however_it_comes_back(
    site: Any, connect: Connect, style: str
) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))
    cookie = device.client.cookies["gatewright"]

    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app)) as bare:
        answer = await bare.post(URL, headers={"cookie": style.format(cookie)})

    assert answer.status_code == 204
    assert len(site.sessions) == 0


async def test_a_device_that_opens_a_connection_for_every_post_is_known_by_its_cookie(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app)
    await device.say(device.inform("1 BOOT"))
    cookie = device.client.cookies["gatewright"]
    elsewhere = httpx.ASGITransport(site.app, client=("192.0.2.1", 9))

    async with httpx.AsyncClient(transport=elsewhere) as another:
        answer = await another.post(URL, headers={"cookie": f"gatewright={cookie}"})

    assert answer.status_code == 204


def in_pieces(app: Any) -> Any:
    """The application as it is when a body comes chunked, some bytes at a time."""

    async def chunked(scope: Any, receive: Any, send: Any) -> None:
        event = await receive()
        body = event.get("body", b"")
        parts = [body[start : start + 100] for start in range(0, len(body), 100)] or [b""]
        scope["headers"] = [each for each in scope["headers"] if each[0] != b"content-length"]

        async def piece() -> Any:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        await app(scope, piece, send)

    return chunked


async def test_pieces_in_latin_1_without_an_action_are_put_together(
    site: Any, connect: Connect
) -> None:
    body = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + (INFORM % (b"", b"")).replace(
        b"Acme", "Thömsön".encode("latin-1")
    )

    client = connect(in_pieces(site.app)).client
    headers = {"soapaction": "", "content-type": "text/xml; charset=ISO-8859-1"}
    answer = await client.post(URL, content=body, headers=headers)

    assert answer.status_code == 200
    assert site.host.informed_of[0].device.manufacturer == "Thömsön"


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/html", "", "xml", ";;="])
async def test_the_content_type_does_not_matter(site: Any, connect: Connect, kind: str) -> None:
    answer = await connect(site.app).client.post(
        URL, content=INFORM % (b"", b""), headers={"content-type": kind}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate"])
async def test_packed_bodies_are_unpacked(site: Any, connect: Connect, encoding: str) -> None:
    body = INFORM % (b"", b"")
    packed = zlib.compress(body) if encoding == "deflate" else gzip.compress(body)

    answer = await connect(site.app).client.post(
        URL, content=packed, headers={"content-encoding": encoding}
    )

    assert answer.status_code == 200
    assert len(site.host.informed_of) == 1


async def test_a_device_that_says_goodbye_three_times_is_answered_each_time(
    site: Any, connect: Connect
) -> None:
    device = connect(site.app)
    await device.say(device.inform("2 PERIODIC"))

    assert [await device.post(None) for _ in range(3)] == [None] * 3
    assert len(site.sessions) == 0
