"""TCP connections of devices: too many, too slow, and sent away before anything is parsed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from executors.acs import messages as m
from tests.executors.acs.by_bytes import gone, listening, post, said


@pytest.fixture
async def door(site: Any) -> AsyncIterator[Callable[[], Any]]:
    async with listening(site.app) as connect:
        yield connect


def crowd(site: Any) -> None:
    for number in range(64):
        site.control.ask(f"001122-Box-C{number}", "awaited", known=True)


async def test_in_a_crowd_a_device_is_sent_away_before_it_is_asked_for_its_password(
    site: Any, door: Callable[[], Any]
) -> None:
    crowd(site)
    peer = await door()
    head = await said(peer, post())

    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: " in head
    assert await gone(peer)
    assert site.control.backlog == 1
    assert site.host.informed_of == []


async def test_in_a_crowd_a_bootstrap_is_asked_for_its_password(
    site: Any, door: Callable[[], Any]
) -> None:
    crowd(site)

    assert (await said(await door(), post("S1", "0 BOOTSTRAP"))).startswith(b"HTTP/1.1 401 ")
    assert site.control.backlog == 0


async def test_in_a_crowd_a_device_that_somebody_waits_for_is_asked_for_its_password(
    site: Any, door: Callable[[], Any]
) -> None:
    crowd(site)
    asking = asyncio.create_task(
        site.room.ask("001122-Box-S1", m.GetParameterValues(("Device.A",)), repeatable=True)
    )
    await asyncio.sleep(0)
    awaited = await said(await door(), post("S1", "2 PERIODIC"))
    other = await said(await door(), post("S2", "2 PERIODIC"))
    asking.cancel()

    assert awaited.startswith(b"HTTP/1.1 401 ")
    assert other.startswith(b"HTTP/1.1 503 ")


async def test_a_request_that_comes_in_pieces_is_sent_away_all_the_same(
    site: Any, door: Callable[[], Any]
) -> None:
    crowd(site)
    peer = await door()
    whole = post()
    peer[1].write(whole[:200])
    await asyncio.sleep(0.02)

    head = await said(peer, whole[200:])

    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: " in head


async def test_without_a_crowd_nobody_is_sent_away(site: Any, door: Callable[[], Any]) -> None:
    assert (await said(await door(), post())).startswith(b"HTTP/1.1 401 ")


async def test_one_that_is_refused_unheard_does_not_stay(
    site: Any, door: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("executors.acs.device_connection._PARTING", 0.05)
    site.app.connections.most = 0
    reader, _ = await door()

    assert b" 503 " in await reader.readuntil(b"\r\n\r\n")
    assert await gone((reader, _))
    assert site.app.connections.parting == 0


async def test_after_one_that_was_sent_away_nothing_more_is_heard(
    site: Any, door: Callable[[], Any]
) -> None:
    crowd(site)
    peer = await door()
    head = await said(peer, post() + post("S2"))

    assert head.startswith(b"HTTP/1.1 503 ")
    assert await gone(peer)
    assert site.control.backlog == 1


async def test_a_sender_that_does_not_finish_its_head_is_cut_off(
    site: Any, door: Callable[[], Any]
) -> None:
    site.app.connections.patience = 0.05
    silent, slow = await door(), await door()
    slow[1].write(b"POST / HT")

    assert await gone(silent)
    assert await gone(slow)
    assert site.app.connections.open == 0


async def test_a_second_request_that_does_not_finish_its_head_is_cut_off(
    site: Any, door: Callable[[], Any]
) -> None:
    peer = await door()
    assert (await said(peer, post())).startswith(b"HTTP/1.1 401 ")
    site.app.connections.patience = 0.05
    peer[1].write(b"POST /")

    assert await gone(peer)


async def test_one_source_cannot_take_all_connections(site: Any, door: Callable[[], Any]) -> None:
    site.app.connections.most_of_a_source = 2
    first, second, third = await door(), await door(), await door()

    assert b" 503 " in await third[0].readuntil(b"\r\n\r\n")
    assert (await said(first, post())).startswith(b"HTTP/1.1 401 ")
    assert site.app.connections.refused == 1
    second[1].close()
    await asyncio.sleep(0.02)
    assert (await said(await door(), post())).startswith(b"HTTP/1.1 401 ")


async def test_file_descriptors_are_left_for_everything_else(
    site: Any, door: Callable[[], Any]
) -> None:
    site.app.connections.most = 1
    first, second = await door(), await door()

    assert b" 503 " in await second[0].readuntil(b"\r\n\r\n")
    assert (await said(first, post())).startswith(b"HTTP/1.1 401 ")
    assert site.app.connections.open == 1


async def test_one_that_is_refused_unheard_can_send_and_still_read_why(
    site: Any, door: Callable[[], Any]
) -> None:
    site.app.connections.most = 1
    await door()
    reader, writer = await door()
    await asyncio.sleep(0.02)
    writer.write(post())
    await asyncio.sleep(0.02)

    assert b"retry-after: " in await reader.readuntil(b"\r\n\r\n")
    assert site.app.connections.parting == 1
    writer.close()
    await asyncio.sleep(0.02)
    assert site.app.connections.parting == 0
