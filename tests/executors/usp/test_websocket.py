"""The WebSocket server lets in who proves who they are, one link an agent, and bounds each."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from executors.usp import requests as q
from executors.usp.admission import by_certificate
from executors.usp.records import DisconnectRecord
from executors.usp.websocket import SUBPROTOCOL

AGENT, OTHER = "os::001122-S1", "os::001122-S2"
BOOT = q.Notify("boot", True, q.Event("Device.", "Boot!"))


async def refused(url: str, **options: Any) -> int:
    """The status that a handshake was refused with."""
    options.setdefault("subprotocols", [SUBPROTOCOL])
    with pytest.raises(InvalidStatus) as raised:
        async with connect(url, **options):
            pass
    return raised.value.response.status_code


async def test_both_ends_speak_v1_usp_or_not_at_all(site: Any) -> None:
    agent = await site.agent()

    assert agent.socket.subprotocol == "v1.usp"
    assert await refused(f"{site.url}?eid={OTHER}", subprotocols=None) == 400
    assert await refused(f"{site.url}?eid={OTHER}", subprotocols=["v2.usp"]) == 400
    assert len(site.exchange.links) == 1


async def test_who_names_no_endpoint_or_none_that_is_one_is_refused(site: Any) -> None:
    assert await refused(site.url) == 403
    assert await refused(f"{site.url}?eid=me") == 403
    assert await refused(site.url.replace("/usp", "/other")) == 404
    assert site.exchange.links.counts == {"not_admitted": 2}
    assert len(site.exchange.links) == 0


async def test_a_percent_sign_in_an_endpoint_id_is_encoded_once_more(site: Any) -> None:
    options = {"subprotocols": [SUBPROTOCOL]}

    async with connect(f"{site.url}?eid=os::001122-S%252D1", **options):  # R-WS.10c
        await asyncio.sleep(0.01)
        assert site.exchange.links.of("os::001122-S%2D1") is not None


async def test_an_older_agent_names_itself_in_the_extension(site: Any) -> None:
    header = {"Sec-WebSocket-Extensions": f'bbf-usp-protocol; eid="{AGENT}"'}

    async with connect(
        site.url, subprotocols=[SUBPROTOCOL], additional_headers=header, compression=None
    ):
        await asyncio.sleep(0.01)
        assert site.exchange.links.of(AGENT) is not None


async def test_an_agent_that_comes_again_has_the_newer_link_alone(site: Any) -> None:
    first = await site.agent()
    second = await site.agent()

    goodbye = await first.hear()
    with pytest.raises(ConnectionClosed):
        await first.hear()
    await second.say(BOOT)

    assert isinstance(goodbye, DisconnectRecord)
    assert (await second.heard()).msg_id == "a1"
    assert len(site.exchange.links) == 1


async def test_an_agent_that_left_is_here_no_more(site: Any) -> None:
    agent = await site.agent()
    await agent.socket.close()
    await asyncio.sleep(0.02)

    assert site.exchange.links.of(AGENT) is None


@pytest.mark.parametrize("frame", [b"\xff\xff", b"", "text"])
async def test_a_frame_that_is_no_record_closes_the_link_with_1003(site: Any, frame: Any) -> None:
    agent = await site.agent()

    await agent.socket.send(frame)
    with pytest.raises(ConnectionClosed):
        await agent.hear()

    assert agent.socket.close_code == 1003
    assert site.reports.notes == []


async def test_a_record_that_is_too_large_is_not_read(open_site: Any) -> None:
    site = await open_site(most_bytes=1000)
    agent = await site.agent()

    await agent.socket.send(bytes(1001))
    with pytest.raises(ConnectionClosed):
        await agent.hear()

    assert agent.socket.close_code == 1009


async def test_an_agent_that_floods_is_cut_off_and_the_others_are_not(open_site: Any) -> None:
    site = await open_site(records_per_second=1)
    agent, other = await site.agent(), await site.agent(OTHER)

    for _ in range(11):
        await agent.say(q.Notify("vc", False, q.ValueChange("Device.X.P", "1")))
    with pytest.raises(ConnectionClosed):
        await agent.hear()
    await other.say(BOOT)

    assert agent.socket.close_code == 1008
    assert len([note for note in site.reports.notes if note[0] == AGENT]) == 10
    assert (await other.heard()).msg_id == "a1"
    assert site.exchange.links.counts == {"floods": 1}


async def test_no_more_agents_than_there_is_room_for(open_site: Any) -> None:
    site = await open_site(most_agents=1)
    await site.agent()

    assert await refused(f"{site.url}?eid={OTHER}") == 503


@pytest.fixture
def theirs(papers: Path) -> Any:
    """The agent's side of TLS, with this paper."""

    def context(paper: str) -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=papers / "ca")
        made.check_hostname = False
        made.load_cert_chain(papers / paper)
        return made

    return context


@pytest.fixture
async def guarded(open_site: Any, papers: Path) -> Any:
    """A controller that wants a certificate of the fleet."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=papers / "ca")
    tls.load_cert_chain(papers / "server")
    tls.verify_mode = ssl.CERT_REQUIRED
    return await open_site(tls=tls, admission=by_certificate)


async def test_a_certificate_says_who_the_agent_is(guarded: Any, theirs: Any) -> None:
    agent = await guarded.agent(ssl=theirs("agent"))
    await agent.say(BOOT)

    assert (await agent.heard()).msg_id == "a1"
    assert [note[0] for note in guarded.reports.notes] == [AGENT]


async def test_a_certificate_of_another_endpoint_does_not_open_the_door(
    guarded: Any, theirs: Any
) -> None:
    assert await refused(f"{guarded.url}?eid={OTHER}", ssl=theirs("agent")) == 403
    assert await refused(f"{guarded.url}?eid={AGENT}", ssl=theirs("nameless")) == 403
    assert len(guarded.exchange.links) == 0


async def test_without_a_certificate_of_the_fleet_there_is_no_connection(
    guarded: Any, theirs: Any, papers: Path
) -> None:
    bare = ssl.create_default_context(cafile=papers / "ca")
    bare.check_hostname = False

    with pytest.raises((OSError, ConnectionClosed, InvalidHandshake)):
        async with connect(
            f"{guarded.url}?eid={AGENT}", subprotocols=[SUBPROTOCOL], ssl=bare
        ) as socket:
            await socket.recv()
    assert len(guarded.exchange.links) == 0
