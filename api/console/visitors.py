"""Who sits before the console: signed in with an API token, remembered by this process alone.

The cookie holds a random browser id, signed; the token and the principal never leave the server.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import Request
from nicegui import app

from api.auth import authenticate
from api.needs import Gatewright
from api.problems import Unauthenticated
from brain.domain.errors import Forbidden
from brain.domain.identity import Principal

LASTS = timedelta(hours=12)
_TRIES = 10
_WINDOW = timedelta(minutes=5)


@dataclass(slots=True)
class _Visit:
    token: str
    until: datetime


@dataclass(slots=True)
class Visitors:
    """The visits under way. A restart ends them all: people sign in again."""

    gatewright: Gatewright
    _visits: dict[str, _Visit] = field(default_factory=dict)
    _failures: dict[str, list[datetime]] = field(default_factory=dict)

    async def sign_in(self, token: str, request: Request) -> Principal:
        """Remember this browser as the token's principal. Raises Unauthenticated."""
        address = request.client.host if request.client else ""
        self._check_rate(address)
        try:
            principal = await authenticate(self.gatewright, token)
        except Unauthenticated:
            self._failures.setdefault(address, []).append(self.gatewright.clock())
            raise
        now = self.gatewright.clock()
        self._visits = {who: visit for who, visit in self._visits.items() if now < visit.until}
        self._visits[_browser()] = _Visit(token, now + LASTS)
        return principal

    def sign_out(self) -> None:
        """Forget this browser."""
        self._visits.pop(_browser(), None)

    async def principal(self) -> Principal | None:
        """Who this browser is now. The token is asked for again, so a revoked one ends here.

        A store that does not answer raises: then nobody knows, and the visit is neither ended nor
        believed.
        """
        visit = self._visits.get(_browser())
        if visit is None:
            return None
        if self.gatewright.clock() >= visit.until:
            self.sign_out()
            return None
        try:
            return await authenticate(self.gatewright, visit.token)
        except Unauthenticated:
            self.sign_out()
            return None

    def _check_rate(self, address: str) -> None:
        since = self.gatewright.clock() - _WINDOW
        self._failures = {
            where: [at for at in times if at > since]
            for where, times in self._failures.items()
            if times[-1] > since
        }
        recent = self._failures.get(address, [])
        if len(recent) >= _TRIES:
            raise Forbidden(
                "too many wrong tokens from here", remedy="Wait five minutes and try again."
            )


def _browser() -> str:
    return str(app.storage.browser["id"])
