"""Who is calling, and whether policy lets them. What is not named there is denied."""

from datetime import timedelta
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.actions import Action
from api.logs import bind_caller
from api.needs import Gatewright
from api.problems import Unauthenticated
from api.throttle import Throttle, tokens_from
from api.tokens import looks_like_token, token_hash
from brain.domain.errors import Altered, Forbidden
from brain.domain.identity import ChangeId, Principal, TenantId

_NOTED_EVERY = timedelta(minutes=1)
"""The last use of a token is written down once a minute."""

_log = structlog.get_logger("gatewright.api")

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


async def authenticate(gatewright: Gatewright, token: str, *, address: str) -> Principal:
    """The principal of a token. Unknown, revoked and expired are one: Unauthenticated.

    TooMany after many wrong ones from an address. A right one is never held up by those: it has
    256 random bits, and others may stand behind the same address.
    """
    principal: Principal | None = None
    if looks_like_token(token):
        principal = await _principal_of(gatewright, token_hash(token))
    if principal is not None:
        return principal
    if token:
        await Throttle(gatewright.store, gatewright.clock).count(tokens_from(address))
    raise Unauthenticated(
        "no valid API token was sent",
        field="Authorization",
        remedy="Send `Authorization: Bearer gwt_...` with a token from `gatewright token create`.",
    )


async def _principal_of(gatewright: Gatewright, hashed: str) -> Principal | None:
    now = gatewright.clock()
    try:
        async with gatewright.store.read() as tx:
            principal = await tx.tokens.by_hash(hashed, now=now)
            used = await tx.tokens.used_at(hashed) if principal else None
    except Altered as altered:
        await note_altered(gatewright, altered)
        return None
    if principal is not None and (used is None or used <= now - _NOTED_EVERY):
        async with gatewright.store.begin() as tx:
            await tx.tokens.touch(hashed, now)
    return principal


async def note_altered(gatewright: Gatewright, altered: Altered) -> None:
    """Somebody wrote into the database what a person or a service may do: say so, let nobody in."""
    _log.error("grant_altered", kind=altered.kind, principal=altered.principal)
    async with gatewright.store.begin() as tx:
        await gatewright.audit.append(
            tx,
            tenant=TenantId(altered.tenant),
            actor="gatewright",
            kind="grant.altered",
            payload={"what": altered.kind, "principal": altered.principal},
        )


def address_of(request: Request) -> str:
    """Where it came from; a proxy that is trusted has been looked through already."""
    return request.client.host if request.client else ""


async def check_may(gatewright: Gatewright, principal: Principal, action: str) -> None:
    """Raise Forbidden unless policy allows this principal this action.

    Raises PolicyUnavailable when it cannot be asked: that says nothing about anybody's roles.
    """
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
    principal = await authenticate(
        gatewright,
        credentials.credentials if credentials else "",
        address=address_of(request),
    )
    bind_caller(principal=principal.id, tenant=principal.tenant)
    if not needed.scopes:
        raise Forbidden("this route names no action, so nobody may use it")
    for action in needed.scopes:
        try:
            await check_may(gatewright, principal, action)
        except Forbidden as refused:
            if action == Action.BREAK_GLASS:
                change = ChangeId(request.path_params["change"])
                await gatewright.ledger.refusals.note(principal, change, refused)
            raise
    request.state.principal = principal
    return principal


def may(action: Action) -> Any:
    """The dependency of a route: its caller, who may do exactly this.

    ``Any`` because FastAPI types its own markers so.
    """
    return Security(caller, scopes=[action.value])
