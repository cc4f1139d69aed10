"""People who come in: added, trusted with roles, shut out and signed out, each with a record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from secrets import choice

from api.books import Books
from api.names import check_name, check_roles
from api.passwords import Passwords
from api.token_keeping import put_principal
from brain.domain.canonical import Json
from brain.domain.entrance import Account, Binding, User
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.store.transaction import Transaction

_PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is taken for another character when it is read aloud or typed from paper."""
_WORD = 5
_SHORTEST = 23


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Who is to have a password. Whoever has tokens of that name is the same person."""

    name: str
    tenant: TenantId
    roles: frozenset[Role]
    groups: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse a name that is not fit for an id, or that could be typed in two ways."""
        check_name(self.name, "name")
        check_roles(self.roles)
        if self.name != self.name.casefold():
            raise InvalidInput("the name has capitals", field="name", remedy="Use small letters.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person as an administrator sees them."""

    name: PrincipalId
    known_as: str
    roles: frozenset[Role]
    groups: frozenset[str]
    has_password: bool
    must_change_password: bool
    disabled: bool
    links: tuple[Binding, ...] = ()
    """The identities at the provider that are them."""


async def password_for(chosen: str | None, *, name: str, least: int) -> tuple[str | None, str]:
    """The password that was made, None where one was chosen, and the hash of either."""
    made = _new_password(least) if chosen is None else None
    return made, await Passwords(least=least).hash(made or chosen or "", name=name)


def _new_password(least: int) -> str:
    """One that nobody guesses, for somebody who has to choose another at once: 99 bits or more."""
    words = -(-max(least, _SHORTEST) // (_WORD + 1))
    return "-".join("".join(choice(_PLAIN) for _ in range(_WORD)) for _ in range(words + 1))


async def add_user(
    books: Books, new: NewUser, password_hash: str, *, must_change: bool = False
) -> None:
    """Let somebody sign in with a password. Conflict for a name that is taken, of any tenant."""
    there = await books.tx.users.by_name(new.name)
    if there is not None:
        raise _taken(there, new)
    who = Principal(
        id=PrincipalId(new.name),
        tenant=new.tenant,
        kind=PrincipalKind.PERSON,
        roles=new.roles,
        groups=new.groups,
    )
    await put_principal(books, who)
    user = User(
        name=who.id,
        tenant=who.tenant,
        password_hash=password_hash,
        must_change=must_change,
        changed_at=books.at,
    )
    try:
        await books.tx.users.add(user)
    except Conflict:  # somebody took the name since it was looked up, in whatever tenant
        raise _cannot_be_had() from None
    await books.note(
        who.tenant, "user.created", {"user": who.id, **trusted_with(who.roles, who.groups)}
    )


async def set_password(
    books: Books, tenant: TenantId, name: str, password_hash: str, *, must_change: bool
) -> None:
    """Another password for somebody; every browser of theirs is signed out."""
    user = await _user(books.tx, tenant, name)
    changed = replace(
        user, password_hash=password_hash, must_change=must_change, changed_at=books.at
    )
    await books.tx.users.put(changed)
    await books.tx.sessions.end_all(tenant, user.name)
    await books.note(tenant, "user.password_changed", {"user": name})


async def set_disabled(books: Books, tenant: TenantId, name: str, *, disabled: bool) -> None:
    """Shut somebody out at once, tokens and browsers and all, or let them in again."""
    who = PrincipalId(name)
    if not await books.tx.principals.disable(tenant, who, disabled=disabled):
        raise _nobody(name)
    if disabled:
        await books.tx.sessions.end_all(tenant, who)
    await books.note(tenant, "user.disabled" if disabled else "user.enabled", {"user": name})


async def set_roles(
    books: Books,
    tenant: TenantId,
    name: str,
    *,
    roles: frozenset[Role],
    groups: frozenset[str] | None,
) -> None:
    """Other roles, and groups where they are given; they hold from the next request on."""
    check_roles(roles)
    there = await books.tx.principals.held(tenant, PrincipalId(name))
    if there is None:
        raise _nobody(name)
    who = there.principal
    changed = replace(who, roles=roles, groups=who.groups if groups is None else groups)
    await books.tx.principals.put(changed, there.name)
    payload: dict[str, Json] = {"user": name, **trusted_with(changed.roles, changed.groups)}
    await books.note(tenant, "user.roles_changed", payload)


async def sign_out(books: Books, tenant: TenantId, name: str) -> int:
    """Sign somebody out of every browser; of how many."""
    who = await person_of(books.tx, tenant, name)
    count = await books.tx.sessions.end_all(tenant, who.id)
    await books.note(tenant, "session.ended", {"principal": name, "everywhere": True})
    return count


async def list_people(tx: Transaction, tenant: TenantId) -> list[Known]:
    """Everybody who may come in or was shut out, machines apart, by name."""
    accounts = [
        each
        for each in await tx.principals.accounts(tenant)
        if each.principal.kind is PrincipalKind.PERSON
    ]
    links = await tx.bindings.list(tenant)
    return [_known(each, await tx.users.by_name(each.principal.id), links) for each in accounts]


async def known_of(tx: Transaction, tenant: TenantId, name: str) -> Known:
    """One of them, or a service; NotFound."""
    for each in await tx.principals.accounts(tenant):
        if each.principal.id == name:
            links = await tx.bindings.list(tenant)
            return _known(each, await tx.users.by_name(each.principal.id), links)
    raise _nobody(name)


async def person_of(tx: Transaction, tenant: TenantId, name: str) -> Principal:
    """The principal of that name, or NotFound: for another tenant's as for one that is not."""
    who = await tx.principals.get(tenant, PrincipalId(name))
    if who is None:
        raise _nobody(name)
    return who


async def check_new(books: Books, new: NewUser) -> None:
    """From afar nobody gives a password to somebody who is here: they would be that person."""
    if await books.tx.principals.get(new.tenant, PrincipalId(new.name)) is not None:
        raise Conflict(
            f"there is a {new.name} already",
            field="name",
            remedy="Choose another name; on the server's machine: gatewright user add.",
        )


def check_another(who: Principal, name: str) -> None:
    """Raise Forbidden where somebody would change what they are trusted with themselves."""
    if name == who.id:
        raise Forbidden(
            "nobody changes what they may do themselves, or shuts themselves out",
            field="user",
            remedy="Ask another administrator.",
        )


def _taken(there: User, new: NewUser) -> Conflict:
    """Nothing of another tenant is told: not whether it is theirs, and not what it is."""
    if there.tenant != new.tenant:
        return _cannot_be_had()
    return Conflict(
        f"there is a user {new.name} already",
        field="name",
        remedy="Choose another name; `gatewright user password` sets a new password.",
    )


def _cannot_be_had() -> Conflict:
    return Conflict("that name cannot be had", field="name", remedy="Choose another name.")


def _known(account: Account, user: User | None, links: Sequence[Binding]) -> Known:
    who = account.principal
    own = user if user is not None and user.tenant == who.tenant else None
    return Known(
        name=who.id,
        known_as=account.name,
        roles=who.roles,
        groups=who.groups,
        has_password=own is not None,
        must_change_password=own is not None and own.must_change,
        disabled=account.disabled,
        links=tuple(each for each in links if each.principal == who.id),
    )


async def _user(tx: Transaction, tenant: TenantId, name: str) -> User:
    user = await tx.users.by_name(name)
    if user is None or user.tenant != tenant:
        raise NotFound(
            f"there is no user {name} with a password",
            field="user",
            remedy="See `gatewright user list`.",
        )
    return user


def _nobody(name: str) -> NotFound:
    return NotFound(f"there is no {name} here", field="user", remedy="See `gatewright user list`.")


def trusted_with(roles: frozenset[Role], groups: frozenset[str]) -> dict[str, Json]:
    """As the audit trail has it."""
    return {
        "roles": [role.value for role in sorted(roles)],
        "groups": [str(group) for group in sorted(groups)],
    }
