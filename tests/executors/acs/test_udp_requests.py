"""A device behind a NAT is woken through the binding that it keeps alive with us."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit

import pytest

from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import Device
from brain.domain.identity import DeviceId, TenantId
from brain.domain.reachability import Reachability
from executors.acs.digest import Key
from executors.acs.ladder import Means
from executors.acs.stun import Address
from executors.acs.udp_requests import UdpRequests, connection_request
from executors.acs.wake import Woken
from tests.executors.acs.test_stun import BINDING, NAME, request, signed

TENANT, DEVICE = TenantId("t"), DeviceId("001122-S1")
KEY = Key("box-1", "wake")
KNOWN = DeviceCredentials(
    device=DEVICE, tenant=TENANT, username="box-1", current=Passwords(own="own", wake="wake")
)


@dataclass
class Box(asyncio.DatagramProtocol):
    """A device's UDP port, or the far side of its NAT: it lets in who was spoken to."""

    spoken_to: set[Address] = field(default_factory=set)
    heard: "asyncio.Queue[bytes]" = field(default_factory=asyncio.Queue)
    transport: asyncio.DatagramTransport | None = None

    async def open(self) -> Address:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )
        address: Address = self.transport.get_extra_info("sockname")
        return address

    def say(self, datagram: bytes, to: Address) -> None:
        assert self.transport is not None
        self.spoken_to.add(to)
        self.transport.sendto(datagram, to)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if addr in self.spoken_to:
            self.heard.put_nowait(data)

    async def next(self) -> bytes:
        return await asyncio.wait_for(self.heard.get(), 5)


@pytest.fixture
async def stun() -> AsyncIterator[tuple[UdpRequests, Address]]:
    async def find(username: str) -> DeviceCredentials | None:
        return KNOWN if username == "box-1" else None

    made = UdpRequests(find=find, seconds=lambda: 1_700_000_000.0)
    yield made, await made.listen("127.0.0.1", 0)
    await made.close()


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    made = Box()
    await made.open()
    yield made
    assert made.transport is not None
    made.transport.close()


def means(udp: str = "") -> Means:
    return Means(
        device=Device(id=DEVICE, tenant=TENANT, oui="001122", product_class="", serial="S1"),
        url="",
        udp=udp,
        jid="",
        keys=(KEY,),
        known=Reachability(tenant=TENANT, device=DEVICE),
    )


async def test_a_bound_device_is_woken_through_its_nat(
    stun: tuple[UdpRequests, Address], box: Box
) -> None:
    server, address = stun
    box.say(signed(b"wake", BINDING, NAME), address)
    answer = await box.next()

    woken = await server.ask(means())

    said = (await box.next()).decode()
    assert answer[:2] == b"\x01\x01"
    assert woken is Woken.COMING
    query = parse_qs(urlsplit(said.split()[1]).query)
    text = "".join(query[name][0] for name in ("ts", "id", "un", "cn"))
    assert query["un"] == ["box-1"]
    assert query["sig"] == [hmac.digest(b"wake", text.encode(), "sha1").hex().upper()]
    assert "wake" not in said
    assert [await box.next(), await box.next()] == [said.encode()] * 2


async def test_a_nat_lets_nothing_in_from_where_the_device_never_sent(
    stun: tuple[UdpRequests, Address], box: Box
) -> None:
    server, _ = stun
    assert box.transport is not None
    host, port = box.transport.get_extra_info("sockname")

    await server.ask(means(f"{host}:{port}"))
    await asyncio.sleep(0.05)

    assert box.heard.empty()


@pytest.mark.parametrize(
    "datagram", [request(BINDING), request(BINDING, NAME), signed(b"guess", BINDING, NAME)]
)
async def test_who_does_not_prove_its_name_is_not_bound(
    stun: tuple[UdpRequests, Address], box: Box, datagram: bytes
) -> None:
    server, address = stun
    box.say(datagram, address)

    answer = await box.next()

    assert answer[:2] == b"\x01\x11"
    assert await server.ask(means()) is Woken.SILENT


async def test_a_device_that_only_looks_for_its_nat_is_answered(
    stun: tuple[UdpRequests, Address], box: Box
) -> None:
    server, address = stun
    box.say(request(), address)

    assert (await box.next())[:2] == b"\x01\x01"
    assert await server.ask(means()) is Woken.SILENT


async def test_an_answer_never_goes_to_another_box(
    stun: tuple[UdpRequests, Address], box: Box
) -> None:
    _, address = stun
    elsewhere = b"\x00\x02\x00\x08\x00\x01\x0f\xa0\xc0\x00\x02\x63"  # 192.0.2.99:4000

    box.say(request(elsewhere), address)

    assert (await box.next())[:2] == b"\x01\x01"


@pytest.mark.parametrize(
    ("udp", "woken"),
    [
        ("", Woken.SILENT),
        ("example.net:9", Woken.SILENT),
        ("127.0.0.1:99999", Woken.SILENT),
        ("169.254.1.1:9", Woken.FORBIDDEN),
    ],
)
async def test_what_a_device_says_is_not_called_blindly(
    stun: tuple[UdpRequests, Address], udp: str, woken: Woken
) -> None:
    server, _ = stun

    assert await server.ask(means(udp)) is woken


async def test_outside_the_operators_networks_nobody_is_called(
    stun: tuple[UdpRequests, Address],
) -> None:
    server, _ = stun
    server.networks = [ip_network("10.0.0.0/8")]

    assert await server.ask(means("192.0.2.1:9")) is Woken.FORBIDDEN


def test_a_name_that_is_no_plain_text_travels_encoded() -> None:
    said = connection_request(("192.0.2.1", 80), Key("a b&c", "p"), now=1, cn="C")

    assert said.startswith(b"GET http://192.0.2.1:80?ts=1&id=1&un=a%20b%26c&cn=C&sig=")
