"""Opens this machine's own installation without a server: its keys, its store, its first token."""

import os
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from api.actions import Action
from api.tokens import new_token, token_hash
from brain.domain.canonical import Json
from brain.domain.entrance import TokenRecord
from brain.domain.errors import Conflict, InvalidInput, NotFound
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.ids import utc_now
from brain.keys import Keys
from brain.ledger.audit import AuditTrail
from brain.settings import Settings
from brain.store.cipher import Cipher
from brain.store.store import Store
from brain.store.transaction import Transaction

TOKEN_FILE = "admin.token"  # noqa: S105 - the name of a file, not a token
FIRST_NAME = "admin"
FIRST_ROLES = frozenset({Role.ADMIN, Role.OPERATOR, Role.SUPPORT})
GROUPS = ("approvers", "noc")
_GOOD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


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
    lifetime: timedelta | None = None
    scopes: frozenset[str] | None = None
    """The only actions it is good for; None: whatever the roles allow."""

    def __post_init__(self) -> None:
        """Refuse a name that is not fit for an id, and a token that could do nothing."""
        check_name(self.name, "--name")
        check_name(self.label or "none", "--label")
        check_roles(self.roles)
        check_scopes(self.scopes)

    @property
    def token_name(self) -> str:
        """What the token is revoked by."""
        return f"{self.name}/{self.label}" if self.label else self.name

    @property
    def principal(self) -> Principal:
        """The one it is for."""
        return Principal(
            id=PrincipalId(self.name),
            tenant=self.tenant,
            kind=self.kind,
            roles=self.roles,
            groups=self.groups,
        )


def check_name(text: str, field: str) -> None:
    """Raise InvalidInput for what is not fit for an id."""
    if not _GOOD_NAME.fullmatch(text):
        raise InvalidInput(
            "is not a name",
            field=field,
            remedy="Use up to 64 letters, digits, dots, dashes, underscores or @.",
        )


def check_roles(roles: frozenset[Role]) -> None:
    """Raise InvalidInput for none: such a one could do nothing."""
    if not roles:
        raise InvalidInput(
            "is missing", field="--role", remedy=f"Give one or more of {', '.join(Role)}."
        )


def check_scopes(scopes: frozenset[str] | None) -> None:
    """Raise InvalidInput for an action that there is not: nobody would notice the slip."""
    unknown = sorted((scopes or frozenset()) - {each.value for each in Action})
    if unknown:
        raise InvalidInput(
            f"there is no action {unknown[0]}",
            field="--scope",
            remedy=f"Give some of {', '.join(Action)}.",
        )


@asynccontextmanager
async def open_store(settings: Settings, keys: Keys) -> AsyncIterator[Store]:
    """The store of this installation, as its schema is."""
    store = await Store.open(settings.store_url, Cipher(keys.store_encryption))
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def local_books(
    settings: Settings, *, create: bool = False
) -> AsyncIterator[tuple[Transaction, AuditTrail]]:
    """A transaction on this installation, and its audit trail. ``create`` makes what is missing."""
    keys = Keys.open(settings.data_dir, create=create)
    async with open_store(settings, keys) as store:
        if create:
            await store.migrate()
        async with store.begin() as tx:
            yield tx, AuditTrail(keys.audit_signing.sign, utc_now)


async def create_token(settings: Settings, request: TokenRequest) -> str:
    """Make a token in the local store, and tell it this once. The first start may come later."""
    async with local_books(settings, create=True) as (tx, audit):
        return await add_token(tx, request, audit=audit, by="local", at=utc_now())


async def list_tokens(
    settings: Settings, tenant: TenantId
) -> list[tuple[TokenRecord, PrincipalKind]]:
    """What is known of every token of a tenant, and of what kind its principal is."""
    async with local_books(settings) as (tx, _):
        return await tx.tokens.list(tenant)


async def rotate_token(
    settings: Settings, tenant: TenantId, name: str, *, lifetime: timedelta, overlap: timedelta
) -> str:
    """A new token in the place of one, for the same principal and scopes; told this once.

    The one before stays good for ``overlap``, under another name.
    """
    async with local_books(settings) as (tx, audit):
        at = utc_now()
        before = await tx.tokens.get(tenant, name)
        if before is None:
            raise NotFound(f"there is no token {name}", field="NAME")
        if overlap:
            ends = min(at + overlap, before.expires_at or at + overlap)
            await tx.tokens.retire(tenant, name, f"{name}~{at:%Y%m%dT%H%M%S}", ends)
        else:
            await tx.tokens.revoke(tenant, name)
        token = new_token()
        record = replace(before, created_at=at, expires_at=at + lifetime, used_at=None)
        await tx.tokens.add(token_hash(token), record)
        payload: dict[str, Json] = {
            "token": name,
            "expires_at": (at + lifetime).isoformat(),
            "overlap_seconds": int(overlap.total_seconds()),
        }
        await audit.append(tx, tenant=tenant, actor="local", kind="token.rotated", payload=payload)
    return token


async def revoke_token(settings: Settings, tenant: TenantId, name: str) -> None:
    """Make a token worthless at once. Raises NotFound when there is none of that name."""
    async with local_books(settings) as (tx, audit):
        if not await tx.tokens.revoke(tenant, name):
            raise NotFound(f"there is no token {name}", field="NAME")
        await audit.append(
            tx, tenant=tenant, actor="local", kind="token.revoked", payload={"token": name}
        )


async def add_token(
    tx: Transaction, request: TokenRequest, *, audit: AuditTrail, by: str, at: datetime
) -> str:
    """Keep the principal and the hash of a new token, with an audit entry."""
    token = new_token()
    principal = request.principal
    record = TokenRecord(
        tenant=principal.tenant,
        principal=principal.id,
        name=request.token_name,
        scopes=request.scopes,
        created_at=at,
        expires_at=at + request.lifetime if request.lifetime else None,
    )
    await put_principal(tx, principal)
    try:
        await tx.tokens.add(token_hash(token), record)
    except Conflict:
        raise Conflict(
            f"there is already a token {request.token_name}",
            field="--name",
            remedy="Revoke it first, or add --label to tell the two apart.",
        ) from None
    payload: dict[str, Json] = {
        "token": request.token_name,
        "principal": principal.id,
        "kind": principal.kind.value,
        "roles": _sorted(principal.roles),
        "groups": _sorted(principal.groups),
        "scopes": _sorted(record.scopes) if record.scopes is not None else None,
        "expires_at": record.expires_at.isoformat() if record.expires_at else None,
    }
    await audit.append(tx, tenant=principal.tenant, actor=by, kind="token.created", payload=payload)
    return token


async def put_principal(tx: Transaction, principal: Principal) -> None:
    """Keep a principal who is made here. Conflict when a machine would become a person, or back.

    What one did as a machine, one could else approve as a person.
    """
    there = await tx.principals.get(principal.tenant, principal.id)
    if there is not None and there.kind is not principal.kind:
        raise Conflict(
            f"{principal.id} is a {there.kind.value} already",
            field="NAME",
            remedy="Choose another name.",
        )
    await tx.principals.put(principal, principal.id)


async def first_token(store: Store, audit: AuditTrail, settings: Settings) -> Path | None:
    """At the very first start, make the administrator's token; where it was written, or None.

    It is made when there is no file: a lost one is replaced by whoever can write here, and that
    is whoever owns the keys and the database too.
    """
    path = settings.data_dir / TOKEN_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    request = TokenRequest(
        name=FIRST_NAME, tenant=settings.tenant, roles=FIRST_ROLES, groups=frozenset(GROUPS)
    )
    try:
        async with store.begin() as tx:
            token = await add_token(tx, request, audit=audit, by="gatewright", at=utc_now())
    except BaseException:
        os.close(handle)
        path.unlink()
        raise
    with os.fdopen(handle, "w") as file:
        file.write(token + "\n")
    return path


def _sorted(words: Iterable[str]) -> list[Json]:
    return [str(word) for word in sorted(words)]
