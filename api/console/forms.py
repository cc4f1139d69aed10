"""The token in a form and in a cookie: only a page of ours can send both alike."""

from hmac import compare_digest
from secrets import token_urlsafe
from urllib.parse import parse_qs

from fastapi import Request
from starlette.responses import Response

from api.console.visitors import Visitors
from brain.domain.errors import Forbidden

FIELD = "form"
_PLAIN, _HOST = "gatewright-form", "__Host-gatewright-form"


def give(request: Request, visitors: Visitors) -> str:
    """The token for a form: the one the browser has, so that two open pages both work."""
    there = request.cookies.get(_name(request, visitors), "")
    return there if len(there) >= 32 else token_urlsafe(32)


def remember(request: Request, response: Response, visitors: Visitors, token: str) -> None:
    """Give the browser the same token as a cookie."""
    response.set_cookie(
        _name(request, visitors),
        token,
        path="/",
        secure=visitors.is_secure(request),
        httponly=True,
        samesite="strict",
    )


async def sent(request: Request, visitors: Visitors) -> dict[str, str]:
    """The fields of a form that one of our own pages sent, or Forbidden.

    A body that is too large was refused before; a field that comes twice is its last.
    """
    body = (await request.body()).decode("utf-8", "replace")
    fields = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
    kept = request.cookies.get(_name(request, visitors), "")
    if not kept or not compare_digest(kept.encode(), fields.get(FIELD, "").encode()):
        raise Forbidden(
            "this form is too old, or is not ours", remedy="Open the sign-in page again."
        )
    return fields


def _name(request: Request, visitors: Visitors) -> str:
    return _HOST if visitors.is_secure(request) else _PLAIN
