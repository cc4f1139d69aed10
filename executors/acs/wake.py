"""Connection requests: asking a device to call us (TR-069 3.2.2).

Where we call is what the device itself told us, so a device that lies could have us call something
inside the operator's network. What we send there is a bare GET with a digest made for our own name,
and nothing of the answer but its status is used; redirects are not followed; link-local addresses
are never called, and ``networks`` narrows it to where devices really are.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from enum import StrEnum
from http.cookiejar import CookieJar, DefaultCookiePolicy
from socket import SOCK_STREAM

import httpx

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PORTS = {"http": 80, "https": 443}


def connection_request_client(*, timeout: float = 5.0, verify: bool = True) -> httpx.AsyncClient:
    """A client that keeps nothing between devices: no cookies, no proxy, no redirects."""
    return httpx.AsyncClient(
        timeout=timeout,
        verify=verify,
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
    )


class Woken(StrEnum):
    """What came of a connection request."""

    COMING = "coming"
    BUSY = "busy"
    """503: it is in a session already, or was asked too often."""
    REFUSED = "refused"
    """It answered something else: most often the name or password is not what it expects."""
    SILENT = "silent"
    FORBIDDEN = "forbidden"
    """The URL leads where we do not call; nothing was sent."""


class ConnectionRequests:
    """Sends connection requests, one at a time to each device and not too often."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        networks: Sequence[Network] = (),
        seconds: Callable[[], float],
        pause: float = 2.0,
    ) -> None:
        """The caller owns the client; no ``networks`` means everywhere but link-local."""
        self._client = client
        self._networks = tuple(networks)
        self._seconds = seconds
        self._pause = pause
        """Seconds between two requests to one URL: devices limit their rate and answer 503."""
        self._last: dict[str, float] = {}

    async def request(self, url: str, *, username: str, password: str) -> Woken:
        """One connection request, after the pause that this URL is due."""
        try:
            target = await self._target(url)
            if target is None:
                return Woken.FORBIDDEN
            await self._wait_turn(url)
            return await self._get(target, url, httpx.DigestAuth(username, password))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, KeyError):
            # OSError: the name does not resolve. The rest is what hostile answers make of httpx.
            return Woken.SILENT

    async def _get(self, target: httpx.URL, url: str, auth: httpx.DigestAuth) -> Woken:
        # Some devices drop the connection after the challenge: one more try serves them.
        for last in (False, True):
            try:
                async with self._client.stream(
                    "GET",
                    target,
                    auth=auth,
                    headers={"host": httpx.URL(url).netloc.decode("ascii")},
                    extensions={"sni_hostname": httpx.URL(url).host},
                    follow_redirects=False,
                ) as response:
                    return _woken(response.status_code)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if last:
                    raise
        return Woken.SILENT

    async def _wait_turn(self, url: str) -> None:
        now = self._seconds()
        if len(self._last) > 10_000:
            self._last = {key: at for key, at in self._last.items() if at + self._pause > now}
        due = max(self._last[url] + self._pause, now) if url in self._last else now
        self._last[url] = due
        if due > now:
            await asyncio.sleep(due - now)

    async def _target(self, url: str) -> httpx.URL | None:
        """The URL with its host resolved, so that what was checked is what is called."""
        parsed = httpx.URL(url)
        if parsed.scheme not in _PORTS or not parsed.host:
            return None
        port = parsed.port or _PORTS[parsed.scheme]
        found = await asyncio.get_running_loop().getaddrinfo(parsed.host, port, type=SOCK_STREAM)
        address = str(found[0][4][0])
        plain = ipaddress.ip_address(address.partition("%")[0])
        allowed = may_be_called(plain, self._networks)
        return parsed.copy_with(host=address) if allowed else None


def may_be_called(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: Sequence[Network]
) -> bool:
    """Whether we call there: anywhere but link-local, or in one of these networks."""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return not networks or any(address in network for network in networks)


def _woken(status: int) -> Woken:
    if status in (200, 204):
        return Woken.COMING
    return Woken.BUSY if status == 503 else Woken.REFUSED
