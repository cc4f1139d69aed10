"""People who sign in with a name and a password: made and changed on the server's own machine."""

from dataclasses import dataclass, replace

from api.local import check_name, check_roles, local_books, put_principal
from api.passwords import Passwords
from brain.domain.canonical import Json
from brain.domain.entrance import User
from brain.domain.errors import Conflict, InvalidInput, NotFound
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.ids import utc_now
from brain.settings import Settings
from brain.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Who is to have a password. Whoever has tokens of that name is the same person."""

    name: str
    tenant: TenantId
    roles: frozenset[Role]
    groups: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse a name that is not fit for an id, or that could be typed in two ways."""
        check_name(self.name, "NAME")
        check_roles(self.roles)
        if self.name != self.name.casefold():
            raise InvalidInput("has capitals", field="NAME", remedy="Use small letters.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A user as an administrator sees them."""

    name: str
    roles: frozenset[Role]
    groups: frozenset[str]
    disabled: bool
    must_change: bool


async def add_user(
    settings: Settings, new: NewUser, password: str, *, must_change: bool = False
) -> None:
    """Let somebody sign in with a password. Conflict for a name that is taken, of any tenant."""
    hashed = await _passwords(settings).hash(password, name=new.name)
    async with local_books(settings, create=True) as (tx, audit):
        if await tx.users.by_name(new.name) is not None:
            raise Conflict(
                f"there is a user {new.name} already",
                field="NAME",
                remedy="Choose another name; `gatewright user password` sets a new password.",
            )
        who = Principal(
            id=PrincipalId(new.name),
            tenant=new.tenant,
            kind=PrincipalKind.PERSON,
            roles=new.roles,
            groups=new.groups,
        )
        await put_principal(tx, who)
        user = User(
            name=who.id,
            tenant=who.tenant,
            password_hash=hashed,
            must_change=must_change,
            changed_at=utc_now(),
        )
        await tx.users.put(user)
        payload: dict[str, Json] = {"user": who.id, **_trust(who.roles, who.groups)}
        await audit.append(
            tx, tenant=who.tenant, actor="local", kind="user.created", payload=payload
        )


async def set_password(
    settings: Settings, tenant: TenantId, name: str, password: str, *, must_change: bool
) -> None:
    """Another password for somebody; every browser of theirs is signed out."""
    hashed = await _passwords(settings).hash(password, name=name)
    async with local_books(settings) as (tx, audit):
        user = await _user(tx, tenant, name)
        changed = replace(user, password_hash=hashed, must_change=must_change, changed_at=utc_now())
        await tx.users.put(changed)
        await tx.sessions.end_all(tenant, user.name)
        await audit.append(
            tx, tenant=tenant, actor="local", kind="user.password_changed", payload={"user": name}
        )


async def set_disabled(settings: Settings, tenant: TenantId, name: str, *, disabled: bool) -> None:
    """Shut somebody out at once, tokens and browsers and all, or let them in again."""
    async with local_books(settings) as (tx, audit):
        who = PrincipalId(name)
        if not await tx.principals.disable(tenant, who, disabled=disabled):
            raise NotFound(f"there is no {name} here", field="NAME")
        if disabled:
            await tx.sessions.end_all(tenant, who)
        kind = "user.disabled" if disabled else "user.enabled"
        await audit.append(tx, tenant=tenant, actor="local", kind=kind, payload={"user": name})


async def set_roles(
    settings: Settings,
    tenant: TenantId,
    name: str,
    *,
    roles: frozenset[Role],
    groups: frozenset[str] | None,
) -> None:
    """Other roles, and groups where they are given; they hold from the next request on."""
    check_roles(roles)
    async with local_books(settings) as (tx, audit):
        user = await _user(tx, tenant, name)
        who = await tx.principals.get(tenant, user.name)
        assert who is not None  # a user has a principal: the database sees to it
        changed = replace(who, roles=roles, groups=who.groups if groups is None else groups)
        await tx.principals.put(changed, name)
        payload: dict[str, Json] = {"user": name, **_trust(changed.roles, changed.groups)}
        await audit.append(
            tx, tenant=tenant, actor="local", kind="user.roles_changed", payload=payload
        )


async def sign_out(settings: Settings, tenant: TenantId, name: str) -> int:
    """Sign somebody out of every browser; of how many."""
    async with local_books(settings) as (tx, audit):
        if await tx.principals.get(tenant, PrincipalId(name)) is None:
            raise NotFound(f"there is no {name} here", field="NAME")
        count = await tx.sessions.end_all(tenant, PrincipalId(name))
        payload: dict[str, Json] = {"principal": name, "everywhere": True}
        await audit.append(tx, tenant=tenant, actor="local", kind="session.ended", payload=payload)
    return count


async def list_users(settings: Settings, tenant: TenantId) -> list[Known]:
    """Everybody who signs in with a password, by name."""
    async with local_books(settings) as (tx, _):
        disabled = await tx.principals.disabled(tenant)
        return [await _known(tx, tenant, name, disabled) for name in await tx.users.names(tenant)]


async def _known(
    tx: Transaction, tenant: TenantId, name: PrincipalId, disabled: frozenset[PrincipalId]
) -> Known:
    user, who = await _user(tx, tenant, name), await tx.principals.get(tenant, name)
    assert who is not None  # a user has a principal: the database sees to it
    return Known(
        name=name,
        roles=who.roles,
        groups=who.groups,
        disabled=name in disabled,
        must_change=user.must_change,
    )


async def _user(tx: Transaction, tenant: TenantId, name: str) -> User:
    user = await tx.users.by_name(name)
    if user is None or user.tenant != tenant:
        raise NotFound(
            f"there is no user {name}", field="NAME", remedy="See `gatewright user list`."
        )
    return user


def _passwords(settings: Settings) -> Passwords:
    return Passwords(least=settings.password_min_length)


def _trust(roles: frozenset[Role], groups: frozenset[str]) -> dict[str, Json]:
    return {
        "roles": [role.value for role in sorted(roles)],
        "groups": [str(group) for group in sorted(groups)],
    }
