"""The routes of the way in: they take forms, and give sessions."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.auth import address_of
from api.console import forms
from api.console.sign_in import Entry, inside, new_password_page, sign_in_page
from api.console.visitors import Visitors
from api.problems import TooMany, Unauthenticated
from api.signing_in import MustChange, SigningIn
from brain.domain.errors import Forbidden, GatewrightError, InvalidInput

Page = Callable[..., HTMLResponse]
_STATUSES = {Unauthenticated: 401, TooMany: 429, InvalidInput: 422, Forbidden: 403}
_PROVIDER = {
    "unauthenticated": GatewrightError(
        "the identity provider's answer gives you no way in here",
        remedy="Try again; if it stays, ask whoever runs Gatewright which groups it expects.",
    ),
    "not_linked": GatewrightError(
        "somebody of your name signs in here with a password or a token already",
        remedy="Ask an administrator to link the two: then both ways in are you.",
    ),
    "not_ready": GatewrightError(
        "the identity provider does not answer", remedy="Try again in a minute."
    ),
    "policy_unavailable": GatewrightError(
        "policy cannot be asked who you are here", remedy="Try again in a minute."
    ),
    "busy": GatewrightError("too many wrong tries", remedy="Try again in a few minutes."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Where browsers without a session come, and from where they leave with one."""

    signing_in: SigningIn
    visitors: Visitors
    provider: str = ""

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(prefix="/sign-in", include_in_schema=False)
        router.add_api_route("", self.look, methods=["GET"])
        router.add_api_route("/new-password", self.look_new, methods=["GET"])
        router.add_api_route("/password", self.password, methods=["POST"])
        router.add_api_route("/new-password", self.new_password, methods=["POST"])
        router.add_api_route("/token", self.token, methods=["POST"])
        return router

    async def look(self, request: Request, then: str = "/", problem: str = "") -> Response:
        """The way in; ``problem`` is the code of what went wrong at the identity provider."""
        return self._show(request, sign_in_page, _PROVIDER.get(problem), then=then)

    async def look_new(self, request: Request, then: str = "/") -> Response:
        """The form for another password."""
        return self._show(request, new_password_page, then=then)

    async def password(self, request: Request) -> Response:
        """A name and a password."""

        async def enter(sent: dict[str, str]) -> str:
            return await self.signing_in.with_password(
                sent.get("name", ""), sent.get("password", ""), address=address_of(request)
            )

        return await self._enter(request, sign_in_page, enter)

    async def new_password(self, request: Request) -> Response:
        """A name, its password, and the one that it shall be."""

        async def enter(sent: dict[str, str]) -> str:
            if sent.get("new", "") != sent.get("again", ""):
                raise InvalidInput("the two new passwords are not the same", field="again")
            return await self.signing_in.with_new_password(
                sent.get("name", ""),
                sent.get("password", ""),
                sent.get("new", ""),
                address=address_of(request),
            )

        return await self._enter(request, new_password_page, enter)

    async def token(self, request: Request) -> Response:
        """An API token."""

        async def enter(sent: dict[str, str]) -> str:
            token = sent.get("token", "").strip()
            return await self.signing_in.with_token(token, address=address_of(request))

        return await self._enter(request, sign_in_page, enter)

    async def _enter(
        self, request: Request, page: Page, enter: Callable[[dict[str, str]], Awaitable[str]]
    ) -> Response:
        sent: dict[str, str] = {}
        try:
            sent = await forms.sent(request, self.visitors)
            session = await enter(sent)
        except MustChange as told:
            return self._show(request, new_password_page, told, sent)
        except (Unauthenticated, TooMany, InvalidInput, Forbidden) as refused:
            return self._show(request, page, refused, sent)
        await self.visitors.leave(request)
        onward = RedirectResponse(inside(sent.get("then", "/")), status_code=303)
        self.visitors.admit(request, onward, session)
        return onward

    def _show(
        self,
        request: Request,
        page: Page,
        refused: GatewrightError | None = None,
        sent: dict[str, str] | None = None,
        *,
        then: str = "/",
    ) -> Response:
        given = sent or {}
        entry = Entry(
            form=forms.give(request, self.visitors),
            then=inside(given.get("then", then)),
            provider=self.provider,
            problem=_sentence(refused) if refused else "",
            name=given.get("name", ""),
        )
        kinds = (status for kind, status in _STATUSES.items() if isinstance(refused, kind))
        response = page(entry, status=next(kinds, 200))
        if isinstance(refused, TooMany):
            response.headers["Retry-After"] = str(refused.retry_after)
        forms.remember(request, response, self.visitors, entry.form)
        return response


def _sentence(refused: GatewrightError) -> str:
    return f"{refused.message[:1].upper()}{refused.message[1:]}. {refused.remedy}".strip()
