"""People: who may come in, with which roles. What they sign in with is never shown again."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from api.actions import Action
from api.auth import Wired, may
from api.binding import bind, unbind
from api.books import Books, books_of
from api.door import Door
from api.names import usual_groups
from api.people import (
    NewUser,
    add_user,
    check_another,
    check_new,
    known_of,
    list_people,
    password_for,
    person_of,
    set_disabled,
    set_password,
    set_roles,
    sign_out,
)
from api.rest.scope import Id, responses
from api.sessions import Sessions
from api.shapes.base import Page
from api.shapes.people import (
    LinkRequest,
    NewUserShape,
    PasswordRequest,
    PasswordShape,
    RolesRequest,
    SessionShape,
    SignedOutShape,
    UserRequest,
    UserShape,
)
from brain.domain.identity import Principal, Role, TenantId

router = APIRouter(prefix="/v1/users", tags=["users"])
Manager = Annotated[Principal, may(Action.MANAGE_USERS)]


@router.get("", responses=responses())
async def list_users(gatewright: Wired, who: Manager) -> Page[UserShape]:
    """The people of your tenant, also those who were shut out."""
    async with gatewright.store.read() as tx:
        found = await list_people(tx, who.tenant)
    return Page(items=[UserShape.model_validate(each) for each in found])


@router.post("", responses=responses(409, 422))
async def create_user(
    gatewright: Wired, who: Manager, wanted: UserRequest, request: Request, response: Response
) -> NewUserShape:
    """Let somebody sign in with a password, which they have to change when they do.

    The password that is made is shown this once.
    """
    roles = frozenset(map(Role, wanted.roles))
    groups = usual_groups(roles) if wanted.groups is None else frozenset(wanted.groups)
    new = NewUser(name=wanted.name, tenant=who.tenant, roles=roles, groups=groups)
    made, hashed = await password_for(
        wanted.password, name=new.name, least=_door(request).password_least
    )
    async with books_of(gatewright, who) as books:
        await check_new(books, new)
        await add_user(books, new, hashed, must_change=True)
        user = await _shown(books, who.tenant, new.name)
    response.headers["Cache-Control"] = "no-store"
    return NewUserShape(**user.model_dump(), password=made)


@router.post("/{user}/password", responses=responses(403, 404, 422))
async def change_password(
    gatewright: Wired,
    who: Manager,
    user: Id,
    wanted: PasswordRequest,
    request: Request,
    response: Response,
) -> PasswordShape:
    """Give somebody a new password, shown this once, and sign them out everywhere.

    They have to change it when they sign in. Your own you change at the sign-in page.
    """
    check_another(who, user)
    made, hashed = await password_for(
        wanted.password, name=user, least=_door(request).password_least
    )
    async with books_of(gatewright, who) as books:
        await set_password(books, who.tenant, user, hashed, must_change=True)
    response.headers["Cache-Control"] = "no-store"
    return PasswordShape(name=user, password=made)


@router.put("/{user}/roles", responses=responses(403, 404, 422))
async def change_roles(
    gatewright: Wired, who: Manager, user: Id, wanted: RolesRequest
) -> UserShape:
    """Give somebody other roles, and groups where you name some; from the next request on."""
    check_another(who, user)
    roles = frozenset(map(Role, wanted.roles))
    groups = None if wanted.groups is None else frozenset(wanted.groups)
    async with books_of(gatewright, who) as books:
        await set_roles(books, who.tenant, user, roles=roles, groups=groups)
        return await _shown(books, who.tenant, user)


@router.post("/{user}/disable", responses=responses(403, 404))
async def disable_user(gatewright: Wired, who: Manager, user: Id) -> UserShape:
    """Shut somebody out at once: password, tokens, single sign-on and every open browser."""
    check_another(who, user)
    async with books_of(gatewright, who) as books:
        await set_disabled(books, who.tenant, user, disabled=True)
        return await _shown(books, who.tenant, user)


@router.post("/{user}/links", responses=responses(403, 404, 409, 422))
async def link_user(gatewright: Wired, who: Manager, user: Id, wanted: LinkRequest) -> UserShape:
    """Say that an identity at the provider is this person: both ways in are one from then on.

    They keep the roles that they have here. Whoever the identity was before is shut out.
    """
    check_another(who, user)
    async with books_of(gatewright, who) as books:
        await bind(books, who.tenant, user, wanted.issuer, wanted.subject)
        return await _shown(books, who.tenant, user)


@router.delete("/{user}/links/{link}", responses=responses(403, 404))
async def unlink_user(gatewright: Wired, who: Manager, user: Id, link: Id) -> UserShape:
    """Take a link back. The identity comes in as nobody of this name from then on."""
    check_another(who, user)
    async with books_of(gatewright, who) as books:
        await unbind(books, who.tenant, user, link)
        return await _shown(books, who.tenant, user)


@router.post("/{user}/enable", responses=responses(404))
async def enable_user(gatewright: Wired, who: Manager, user: Id) -> UserShape:
    """Let somebody in again who was shut out."""
    async with books_of(gatewright, who) as books:
        await set_disabled(books, who.tenant, user, disabled=False)
        return await _shown(books, who.tenant, user)


@router.get("/{user}/sessions", responses=responses(404))
async def list_sessions_of(
    gatewright: Wired, who: Manager, user: Id, request: Request
) -> Page[SessionShape]:
    """The browsers that somebody is signed in with."""
    async with gatewright.store.read() as tx:
        person = await person_of(tx, who.tenant, user)
    sessions = Sessions(gatewright=gatewright, clocks=_door(request).clocks)
    return Page(items=[SessionShape.of(each) for each in await sessions.of(person)])


@router.post("/{user}/sign-out", responses=responses(404))
async def sign_user_out(gatewright: Wired, who: Manager, user: Id) -> SignedOutShape:
    """Sign somebody out of every browser. They may sign in again."""
    async with books_of(gatewright, who) as books:
        count = await sign_out(books, who.tenant, user)
    return SignedOutShape(name=user, sessions=count)


async def _shown(books: Books, tenant: TenantId, name: str) -> UserShape:
    return UserShape.model_validate(await known_of(books.tx, tenant, name))


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door
