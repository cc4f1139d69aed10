"""Our own STUN server, and UDP connection requests from its port (TR-069 annex G).

A NAT lets in what comes from where the device sent to, so both share one socket. What a device is
answered is no longer than a few words, and goes nowhere but to the address that asked.
"""

import asyncio
import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Final
from urllib.parse import quote

import structlog

from brain.domain.credentials import DeviceCredentials
from brain.domain.identity import DeviceId
from executors.acs.digest import Key
from executors.acs.ladder import Means
from executors.acs.stun import Address, BindingRequest, read, response, unauthorized
from executors.acs.wake import Network, Woken, may_be_called

_log = structlog.get_logger(__name__)

_COPIES: Final = 3
"""A datagram gets lost; a device takes equal ones for one (G.2.2.3)."""
_MOST_BINDINGS: Final = 1_000_000
_MOST_AT_ONCE: Final = 256

Find = Callable[[str], Awaitable[DeviceCredentials | None]]


@dataclass(slots=True, kw_only=True)
class UdpRequests(asyncio.DatagramProtocol):
    """The socket: devices keep their bindings alive on it, and we wake them from it."""

    find: Find
    """Whose name this is."""
    seconds: Callable[[], float]
    networks: Sequence[Network] = ()
    _transport: asyncio.DatagramTransport | None = None
    _bindings: OrderedDict[DeviceId, Address] = field(default_factory=OrderedDict)
    _looking: set[asyncio.Task[None]] = field(default_factory=set)

    async def listen(self, host: str, port: int) -> Address:
        """Where it listens from now on; OSError when somebody else does."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))
        self._transport = transport
        found: Address = transport.get_extra_info("sockname")[:2]
        return found

    async def close(self) -> None:
        """Listen no more."""
        if self._transport is not None:
            self._transport.close()
        for task in self._looking:
            task.cancel()
        await asyncio.gather(*self._looking, return_exceptions=True)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """As ``asyncio.DatagramProtocol``: whatever it is, it raises nothing."""
        request = read(data)
        if request is None:
            return
        if not request.binding:
            self._answer(request, addr[:2])
            return
        if len(self._looking) < _MOST_AT_ONCE:
            task = asyncio.create_task(self._bind(request, addr[:2]))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens where we sent something: the device does not come, and that is seen."""

    async def ask(self, means: Means) -> Woken:
        """Wake a device: where it last bound, or where it said (UDPConnectionRequestAddress)."""
        target = self._bindings.get(means.device.id) or _target(means.udp)
        if self._transport is None or target is None:
            return Woken.SILENT
        if not may_be_called(ipaddress.ip_address(target[0]), self.networks):
            return Woken.FORBIDDEN
        # One key is right, and a device passes over what is signed with another (G.2.2.3).
        for key in means.keys:
            said = connection_request(target, key, now=int(self.seconds()), cn=token_hex(8).upper())
            for _ in range(_COPIES):
                self._transport.sendto(said, target)
        return Woken.COMING

    async def _bind(self, request: BindingRequest, seen: Address) -> None:
        known = await self.find(request.username) if request.username else None
        if known is None or not any(
            request.is_signed_by(each.wake) for each in (known.offered, known.current) if each
        ):
            self._send(unauthorized(request), seen)
            return
        self._bindings[known.device] = seen
        self._bindings.move_to_end(known.device)
        while len(self._bindings) > _MOST_BINDINGS:
            self._bindings.popitem(last=False)
        self._answer(request, seen)

    def _answer(self, request: BindingRequest, seen: Address) -> None:
        # To another port of the same box, and never to another box: that would be a cannon.
        reply = request.reply_to
        where = reply if reply is not None and reply[0] == seen[0] else seen
        if self._transport is not None:
            ours: Address = self._transport.get_extra_info("sockname")[:2]
            self._send(response(request, seen, ours), where)

    def _send(self, datagram: bytes, where: Address) -> None:
        if self._transport is not None:
            self._transport.sendto(datagram, where)


def connection_request(target: Address, key: Key, *, now: int, cn: str) -> bytes:
    """One UDP connection request (G.2.2.3), signed with the connection request password."""
    ts, said_id = str(now), str(now)
    text = ts + said_id + key.username + cn
    signature = hmac.digest(key.password.encode(), text.encode(), "sha1").hex().upper()
    query = f"ts={ts}&id={said_id}&un={quote(key.username, safe='')}&cn={cn}&sig={signature}"
    return f"GET http://{target[0]}:{target[1]}?{query} HTTP/1.1\r\n\r\n".encode()


def _target(text: str) -> Address | None:
    """``host:port`` in plain IPv4; None for anything else. Port 80 where it names none."""
    host, _, port = text.partition(":")
    try:
        number = int(port) if port.isascii() and port.isdigit() else 80
        return (str(ipaddress.IPv4Address(host)), number) if 0 < number < 65536 else None
    except ValueError:
        return None
