"""The routes to the identity provider and back; what must come back waits, sealed, in a cookie."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.auth import address_of
from api.console.sign_in import inside, onward_page
from api.console.visitors import Visitors
from api.oidc import Provider, Started
from api.problems import NotReady, TooMany, Unauthenticated
from api.signing_in import SigningIn
from brain.domain.errors import GatewrightError, PolicyUnavailable, Unreadable
from brain.store.cipher import Cipher

CALLBACK = "/sign-in/oidc/callback"
_LASTS = timedelta(minutes=10)
_PLAIN, _HOST = "gatewright-oidc", "__Host-gatewright-oidc"
_PURPOSE = b"gatewright sign-in at a provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcEntrance:
    """One sign-in at a time for each browser: another one begun takes the place of the first."""

    provider: Provider
    signing_in: SigningIn
    visitors: Visitors
    cipher: Cipher

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/sign-in/oidc", self.begin, methods=["GET"])
        router.add_api_route(CALLBACK, self.come_back, methods=["GET"])
        return router

    async def begin(self, request: Request, then: str = "/") -> Response:
        """Send the browser to the provider."""
        try:
            started = await self.provider.begin()
        except NotReady as away:
            return _back_to_the_door(away)
        response = RedirectResponse(started.url, status_code=303)
        until = self._now() + _LASTS
        kept = {**asdict(started), "then": inside(then), "until": until.isoformat()}
        response.set_cookie(
            self._cookie(request),
            urlsafe_b64encode(self.cipher.encrypt(json.dumps(kept).encode(), _PURPOSE)).decode(),
            max_age=int(_LASTS.total_seconds()),
            path="/",
            secure=self.visitors.is_secure(request),
            httponly=True,
            # The provider leads back here, and a strict cookie would stay behind.
            samesite="lax",
        )
        return response

    async def come_back(self, request: Request) -> Response:
        """The browser as the provider sent it back: a session, if everything holds."""
        try:
            started, then = self._kept(request)
            session = await self.signing_in.with_provider(
                self.provider, started, request.query_params, address=address_of(request)
            )
        except (Unauthenticated, NotReady, TooMany, PolicyUnavailable) as refused:
            response = _back_to_the_door(refused)
        else:
            await self.visitors.leave(request)
            response = onward_page(then)
            self.visitors.admit(request, response, session)
        response.delete_cookie(self._cookie(request), path="/")
        return response

    def _kept(self, request: Request) -> tuple[Started, str]:
        """What ``begin`` gave this very browser, less than ten minutes ago."""
        try:
            sealed = urlsafe_b64decode(request.cookies.get(self._cookie(request), "").encode())
            kept = json.loads(self.cipher.decrypt(sealed, _PURPOSE))
        except (Unreadable, NotBase64, ValueError):
            raise _not_begun() from None
        if self._now() >= datetime.fromisoformat(kept["until"]):
            raise _not_begun()
        started = {name: kept[name] for name in ("url", "state", "nonce", "verifier")}
        return Started(**started), kept["then"]

    def _now(self) -> datetime:
        return self.signing_in.gatewright.clock()

    def _cookie(self, request: Request) -> str:
        return _HOST if self.visitors.is_secure(request) else _PLAIN


def _not_begun() -> Unauthenticated:
    return Unauthenticated("this browser began no such sign-in, or too long ago")


def _back_to_the_door(refused: GatewrightError) -> Response:
    """The sign-in page, with a word of ours: what the provider said may be anything."""
    problem = "busy" if isinstance(refused, TooMany) else refused.code
    return RedirectResponse(f"/sign-in?problem={problem}", status_code=303)
