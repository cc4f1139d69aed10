"""Where webhooks may be sent: to machines of the operator's choice, and not back into this one.

Whoever may set a webhook could otherwise make this server ask for what only it can reach: itself,
its neighbours on the link, or the metadata service of a cloud, which answers on a link-local
address with credentials. Private networks are allowed, since that is where ticket systems are.
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from brain.domain.errors import InvalidInput

_LONGEST = 2000
_METADATA = frozenset({ip_address("fd00:ec2::254"), ip_address("100.100.100.200")})
"""Where clouds answer with credentials, beside the link-local addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """What may be called."""

    insecure: bool = False
    """Whether http, and this machine itself, are allowed: for trying things out."""

    def check(self, url: str) -> SplitResult:
        """Raise InvalidInput for what cannot be called; what its name leads to is not asked."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _refused("it is not an address") from None
        if parts.scheme not in (("https", "http") if self.insecure else ("https",)):
            raise _refused("it does not begin with https://")
        if not parts.hostname or port == 0 or not url.isprintable() or " " in url:
            raise _refused("it is not an address")
        if parts.username or parts.password or parts.fragment or len(url) > _LONGEST:
            raise _refused(f"it has a user, a fragment or more than {_LONGEST} characters")
        number = _number(parts.hostname)
        if number is not None:
            self._check(number)
        return parts

    async def checked(self, url: str) -> str:
        """The number that this address leads to now, or InvalidInput when it may not be called.

        All that a name leads to is checked: one number that is refused refuses the name.
        """
        parts = self.check(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                parts.hostname, port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError):
            raise _refused("its name leads nowhere") from None
        numbers = [str(each[4][0]) for each in found]
        for number in numbers:
            self._check(ip_address(number))
        return numbers[0]

    def _check(self, number: IPv4Address | IPv6Address) -> None:
        real = getattr(number, "ipv4_mapped", None) or number
        if real.is_loopback and self.insecure:
            return
        nowhere = real.is_unspecified or real.is_multicast or real.is_reserved
        near = real.is_loopback or real.is_link_local or real in _METADATA
        if near or nowhere:
            raise _refused("it leads to this machine, its link or nobody in particular")


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _refused(message: str) -> InvalidInput:
    return InvalidInput(
        message,
        field="url",
        remedy="Use https:// and a server of yours that others reach by its name, too.",
    )
