"""Makes, lists, renews and revokes API tokens, for whoever has the books open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from api.actions import Action
from api.books import Books
from api.names import check_name, check_roles
from api.owning import check_ownable, check_owner
from api.parts import part_in
from api.tokens import new_token, token_hash
from brain.domain.canonical import Json
from brain.domain.entrance import TokenRecord
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.ledger.seats import provided_as


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """For how long tokens are good: every one of them ends."""

    usual: timedelta = timedelta(days=90)
    most: timedelta = timedelta(days=365)

    def of(self, asked: timedelta | None, *, field: str) -> timedelta:
        """What was asked, or the usual; InvalidInput for more than the most, or nothing."""
        wanted = min(self.usual, self.most) if asked is None else asked
        if wanted <= timedelta():
            raise InvalidInput("that is no time at all", field=field, remedy="Ask for some hours.")
        if wanted > self.most:
            raise InvalidInput(
                f"that is more than the {self.most.days} days that a token may be valid",
                field=field,
                remedy="Ask for less, or set GATEWRIGHT_TOKEN_TTL_MAX.",
            )
        return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """Whom a token is for. One name is one person, however many tokens they have.

    Were it otherwise, a person with two tokens could approve what they asked for.
    """

    name: str
    tenant: TenantId
    roles: frozenset[Role]
    label: str = ""
    """Tells several tokens of one name apart."""
    groups: frozenset[str] = frozenset()
    kind: PrincipalKind = PrincipalKind.PERSON
    owner: str = ""
    """The person who answers for a service: every service has one."""
    lifetime: timedelta | None = None
    scopes: frozenset[str] | None = None
    """The only actions it is good for; None: whatever the roles allow."""

    def __post_init__(self) -> None:
        """Refuse a name that is not fit for an id, and a token that could do nothing."""
        check_name(self.name, "name")
        check_name(self.label or "none", "label")
        check_roles(self.roles)
        check_ownable(self.kind, self.owner)
        check_scopes(self.scopes)

    @property
    def token_name(self) -> str:
        """What the token is revoked by."""
        return token_name(self.name, self.label)

    @property
    def principal(self) -> Principal:
        """The one it is for."""
        return Principal(
            id=PrincipalId(self.name),
            tenant=self.tenant,
            kind=self.kind,
            roles=self.roles,
            groups=self.groups,
            owner=PrincipalId(self.owner) if self.owner else None,
        )


def token_name(name: str, label: str) -> str:
    """How a token is called: its owner, and the label that tells their tokens apart."""
    return f"{name}/{label}" if label else name


def check_scopes(scopes: frozenset[str] | None) -> None:
    """Raise InvalidInput for an action that there is not: nobody would notice the slip."""
    unknown = sorted((scopes or frozenset()) - {each.value for each in Action})
    if unknown:
        raise InvalidInput(
            f"there is no action {unknown[0]}",
            field="scopes",
            remedy=f"Give some of {', '.join(Action)}.",
        )


async def add_token(books: Books, request: TokenRequest) -> str:
    """Keep the principal and the hash of a new token, and tell the token this once."""
    token, principal = new_token(), request.principal
    record = TokenRecord(
        tenant=principal.tenant,
        principal=principal.id,
        name=request.token_name,
        scopes=request.scopes,
        created_at=books.at,
        expires_at=books.at + request.lifetime if request.lifetime else None,
    )
    if principal.owner is not None:
        await check_owner(books, principal.tenant, principal.owner)
    await put_principal(books, principal)
    try:
        await books.tx.tokens.add(token_hash(token), record)
    except Conflict:
        raise Conflict(
            f"there is already a token {request.token_name}",
            field="name",
            remedy="Revoke it first, or add a label to tell the two apart.",
        ) from None
    payload: dict[str, Json] = {
        "token": request.token_name,
        "principal": principal.id,
        "kind": principal.kind.value,
        "owner": principal.owner,
        "roles": _sorted(principal.roles),
        "groups": _sorted(principal.groups),
        "scopes": _sorted(record.scopes) if record.scopes is not None else None,
        "expires_at": record.expires_at.isoformat() if record.expires_at else None,
    }
    await books.note(principal.tenant, "token.created", payload)
    return token


async def rotate_token(
    books: Books, tenant: TenantId, name: str, *, lifetime: timedelta, overlap: timedelta
) -> str:
    """A new token in the place of one, for the same principal and scopes; told this once.

    The one before stays good for ``overlap``, under another name.
    """
    before = await token_of(books, tenant, name)
    if overlap:
        ends = min(books.at + overlap, before.expires_at or books.at + overlap)
        retired = f"{name}~{books.at:%Y%m%dT%H%M%S}"
        await books.tx.tokens.retire(tenant, name, retired, ends)
    else:
        await books.tx.tokens.revoke(tenant, name)
    token, ends = new_token(), books.at + lifetime
    record = replace(before, created_at=books.at, expires_at=ends, used_at=None)
    await books.tx.tokens.add(token_hash(token), record)
    payload: dict[str, Json] = {
        "token": name,
        "expires_at": ends.isoformat(),
        "overlap_seconds": int(overlap.total_seconds()),
    }
    await books.note(tenant, "token.rotated", payload)
    return token


async def check_service(books: Books, tenant: TenantId, name: str) -> None:
    """Raise NotFound for no such token, Forbidden for one of a person."""
    record = await token_of(books, tenant, name)
    owner = await books.tx.principals.get(tenant, record.principal)
    if owner is None or owner.kind is not PrincipalKind.MACHINE:
        raise Forbidden(
            f"{name} is a person's token",
            field="token",
            remedy="Whoever owns the server's machine can: gatewright token rotate, there.",
        )


async def revoke_token(books: Books, tenant: TenantId, name: str) -> None:
    """Make a token worthless at once. Raises NotFound when there is none of that name."""
    if not await books.tx.tokens.revoke(tenant, name):
        raise _no_token(name)
    await books.note(tenant, "token.revoked", {"token": name})


async def token_of(books: Books, tenant: TenantId, name: str) -> TokenRecord:
    """What is known of a token, or NotFound: for another tenant's as for one that is not."""
    record = await books.tx.tokens.get(tenant, name)
    if record is None:
        raise _no_token(name)
    return record


async def holder_of(books: Books, record: TokenRecord) -> Principal:
    """Whom a token stands for: the database sees to it that there is one."""
    who = await books.tx.principals.get(record.tenant, record.principal)
    if who is None:
        raise _no_token(record.name)
    return who


async def put_principal(books: Books, principal: Principal) -> None:
    """Keep a principal who is made here, or find them as they are.

    Raises Conflict when a machine would become a person, or back: what one did as a machine, one
    could else approve as a person. Also for other roles or groups than they have: nobody gains or
    loses any by the way; and for a new person who is called like an identity of the provider that
    still has a part in something. A service keeps its owner; one of which nobody knows whose it is
    gets one.
    """
    held = await books.tx.principals.held(principal.tenant, principal.id)
    there = None if held is None else held.principal
    if there is not None and there.kind is not principal.kind:
        raise Conflict(
            f"{principal.id} is a {there.kind.value} already",
            field="name",
            remedy="Choose another name.",
        )
    if there is not None and (there.roles, there.groups) != (principal.roles, principal.groups):
        raise Conflict(
            f"{principal.id} has other roles or groups already: {_trusted(there)}",
            field="roles",
            remedy=f"Give those, or change them first: `gatewright user roles {principal.id}`.",
        )
    _check_same_owner(there, principal)
    if there is None and principal.kind is PrincipalKind.PERSON:
        await _check_namesakes(books, principal)
    await books.tx.principals.put(principal, principal.id)
    if principal.kind is PrincipalKind.PERSON:
        await _end_namesakes(books, principal)


async def _check_namesakes(books: Books, principal: Principal) -> None:
    """Two principals of one human: what the one asked for, the other could approve."""
    for each in await provided_as(books.tx, principal.tenant, principal.id):
        if part := await part_in(books.tx, principal.tenant, each):
            raise Conflict(
                f"somebody of that name comes in through the provider and has a part in {part}",
                field="name",
                remedy="Wait until that is over, or have it withdrawn; or choose another name.",
            )


async def _end_namesakes(books: Books, principal: Principal) -> None:
    """Whoever is called so at the provider may be the same person: from now on they are asked."""
    for each in await provided_as(books.tx, principal.tenant, principal.id):
        await books.tx.sessions.end_all(principal.tenant, each)


def _check_same_owner(there: Principal | None, principal: Principal) -> None:
    if there is not None and there.owner not in (None, principal.owner):
        raise Conflict(
            f"{principal.id} is {there.owner}'s already",
            field="owner",
            remedy=f"Name them, or another first: `gatewright token owner {principal.id}`.",
        )


def _trusted(who: Principal) -> str:
    groups = f" in {', '.join(sorted(who.groups))}" if who.groups else ""
    return f"{', '.join(sorted(who.roles))}{groups}"


def _no_token(name: str) -> NotFound:
    return NotFound(
        f"there is no token {name}", field="token", remedy="See `gatewright token list`."
    )


def _sorted(words: Iterable[str]) -> list[Json]:
    return [str(word) for word in sorted(words)]
