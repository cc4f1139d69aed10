"""Asks a URL whether somebody is there: one GET, a short wait, and no exception."""

from dataclasses import dataclass

import httpx

_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back: a status, or 0 and why there was none."""

    status: int
    reason: str = ""


def probe(url: str, *, token: str = "") -> Heard:
    """The status of a GET; the body is not read, and redirects are not followed."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx.stream("GET", url, headers=headers, timeout=_SECONDS) as response:
            return Heard(status=response.status_code)
    except httpx.TimeoutException:
        return Heard(status=0, reason="does not answer in time")
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol):
        return Heard(status=0, reason="cannot be reached")
