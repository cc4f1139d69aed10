"""Tokens: what services come in with. Each ends, and is shown when it is made alone."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.actions import Action
from api.auth import Wired, may, wired
from api.books import Books, books_of
from api.door import Door
from api.owning import set_owner
from api.rest.scope import Id, responses
from api.shapes.base import Page
from api.shapes.people import (
    NewTokenShape,
    OwnerWanted,
    ServiceShape,
    TokenRenewal,
    TokenShape,
    TokenWanted,
)
from api.token_keeping import (
    TokenRequest,
    add_token,
    check_service,
    holder_of,
    revoke_token,
    rotate_token,
    token_name,
    token_of,
)
from brain.domain.identity import Principal, PrincipalKind, Role, TenantId

router = APIRouter(prefix="/v1/tokens", tags=["tokens"])
Manager = Annotated[Principal, may(Action.MANAGE_TOKENS)]
Label = Annotated[str, Query(max_length=100, description="The part of its name after the slash.")]


@router.get("", responses=responses())
async def list_tokens(gatewright: Wired, who: Manager) -> Page[TokenShape]:
    """Every token of your tenant: whose, good for what and until when. Never the token."""
    async with gatewright.store.read() as tx:
        found = await tx.tokens.list(who.tenant)
    return Page(items=[TokenShape.of(record, holder) for record, holder in found])


@router.post("", responses=responses(409, 422))
async def create_token(
    gatewright: Wired, who: Manager, wanted: TokenWanted, request: Request, response: Response
) -> NewTokenShape:
    """Make a token for a service, shown this once.

    The service has an owner, who never approves what it asks for.
    A person's is made on the server's own machine: whoever made it could be that person.
    """
    asked = TokenRequest(
        name=wanted.service,
        tenant=who.tenant,
        roles=frozenset(map(Role, wanted.roles)),
        label=wanted.label,
        owner=wanted.owner,
        kind=PrincipalKind.MACHINE,
        lifetime=_lifetime(request, wanted.expires_in),
        scopes=None if wanted.scopes is None else frozenset(wanted.scopes),
    )
    async with books_of(gatewright, who) as books:
        token = await add_token(books, asked)
        return await _shown(books, who.tenant, asked.token_name, token, response)


@router.put("/{token}/owner", responses=responses(404, 422))
async def name_owner(
    gatewright: Wired, who: Manager, token: Id, wanted: OwnerWanted
) -> ServiceShape:
    """Say whose a service is, by its name: they never approve what it asks for.

    Until that is said of a service, nobody's approval counts for what it asks. Nobody hands a
    service of their own to another.
    """
    async with books_of(gatewright, who) as books:
        return ServiceShape.of(await set_owner(books, who.tenant, token, wanted.owner))


@router.post("/{token}/rotate", responses=responses(404, 422))
async def rotate(
    who: Manager,
    token: Id,
    wanted: TokenRenewal,
    request: Request,
    response: Response,
    label: Label = "",
) -> NewTokenShape:
    """Make a service's token anew, for the same actions, and show it this once."""
    name = token_name(token, label)
    async with books_of(wired(request), who) as books:
        await check_service(books, who.tenant, name)
        made = await rotate_token(
            books,
            who.tenant,
            name,
            lifetime=_lifetime(request, wanted.expires_in),
            overlap=timedelta(seconds=wanted.overlap),
        )
        return await _shown(books, who.tenant, name, made, response)


@router.delete("/{token}", responses=responses(404))
async def revoke(gatewright: Wired, who: Manager, token: Id, label: Label = "") -> TokenShape:
    """Make a token worthless at once, a service's or a person's."""
    name = token_name(token, label)
    async with books_of(gatewright, who) as books:
        gone = await _token(books, who.tenant, name)
        await revoke_token(books, who.tenant, name)
    return gone


def _lifetime(request: Request, seconds: int | None) -> timedelta:
    door: Door = request.app.state.door
    asked = None if seconds is None else timedelta(seconds=seconds)
    return door.lifetimes.of(asked, field="expires_in")


async def _shown(
    books: Books, tenant: TenantId, name: str, token: str, response: Response
) -> NewTokenShape:
    response.headers["Cache-Control"] = "no-store"
    known = await _token(books, tenant, name)
    return NewTokenShape(**known.model_dump(), token=token)


async def _token(books: Books, tenant: TenantId, name: str) -> TokenShape:
    record = await token_of(books, tenant, name)
    return TokenShape.of(record, await holder_of(books, record))
