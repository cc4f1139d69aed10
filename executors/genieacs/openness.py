"""Says so when GenieACS's interface answers anybody, where anybody can reach it.

It has no log-in of its own, and who reaches it can change every device and read every secret.
"""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog

from executors.genieacs.nbi import Nbi

_log = structlog.get_logger(__name__)


async def warn_if_open(nbi: Nbi, url: str) -> bool:
    """Whether it was warned of: it answers without credentials on a public address."""
    if not await _is_public(url) or not await nbi.is_open():
        return False
    _log.warning(
        "genieacs_interface_is_open",
        reason="it answers without credentials on a public address",
        remedy="Let it listen on a private address, or put a proxy with credentials before it.",
    )
    return True


async def _is_public(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(ip_address(str(each[4][0]).partition("%")[0]).is_global for each in found)
