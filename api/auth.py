"""Who is calling, and whether policy lets them. What is not named there is denied."""

from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.actions import Action
from api.logs import bind_caller
from api.needs import Gatewright
from api.problems import Unauthenticated
from api.tokens import looks_like_token, token_hash
from brain.domain.errors import Forbidden
from brain.domain.identity import Principal

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="An API token: `Authorization: Bearer gwt_...`. Make one with "
    "`gatewright token create`; the first one is in `admin.token` in the data directory.",
)


def wired(request: Request) -> Gatewright:
    """The application that this door belongs to."""
    gatewright: Gatewright = request.app.state.gatewright
    return gatewright


Wired = Annotated[Gatewright, Depends(wired)]


async def authenticate(gatewright: Gatewright, token: str) -> Principal:
    """The principal of a token. Raises Unauthenticated; unknown, revoked and expired are one."""
    principal: Principal | None = None
    if looks_like_token(token):
        async with gatewright.store.read() as tx:
            principal = await tx.tokens.by_hash(token_hash(token), now=gatewright.clock())
    if principal is None:
        raise Unauthenticated(
            "no valid API token was sent",
            field="Authorization",
            remedy="Send `Authorization: Bearer gwt_...` with a token from "
            "`gatewright token create`.",
        )
    return principal


async def check_may(gatewright: Gatewright, principal: Principal, action: str) -> None:
    """Raise Forbidden unless policy allows this principal this action."""
    if not await gatewright.access.allowed(principal, action):
        raise Forbidden(
            f"your roles do not include {action}",
            remedy="Ask an administrator for a token with a role that does.",
        )


async def caller(
    request: Request,
    gatewright: Wired,
    needed: SecurityScopes,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Principal:
    """The authenticated caller, after policy allowed every action that the route names."""
    principal = await authenticate(gatewright, credentials.credentials if credentials else "")
    bind_caller(principal=principal.id, tenant=principal.tenant)
    if not needed.scopes:
        raise Forbidden("this route names no action, so nobody may use it")
    for action in needed.scopes:
        await check_may(gatewright, principal, action)
    request.state.principal = principal
    return principal


def may(action: Action) -> Any:
    """The dependency of a route: its caller, who may do exactly this.

    ``Any`` because FastAPI types its own markers so.
    """
    return Security(caller, scopes=[action.value])
