"""Opens this machine's own installation without a server: its keys, its store, its first token."""

import os
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from api.tokens import new_token, token_hash
from brain.domain.canonical import Json
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

    def __post_init__(self) -> None:
        """Refuse a name that is not fit for an id, and a token that could do nothing."""
        for field, text in (("--name", self.name), ("--label", self.label or "none")):
            if not _GOOD_NAME.fullmatch(text):
                raise InvalidInput(
                    "is not a name",
                    field=field,
                    remedy="Use up to 64 letters, digits, dots, dashes, underscores or @.",
                )
        if not self.roles:
            raise InvalidInput(
                "is missing",
                field="--role",
                remedy=f"Give one or more of {', '.join(Role)}.",
            )

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


@asynccontextmanager
async def open_store(settings: Settings, keys: Keys) -> AsyncIterator[Store]:
    """The store of this installation, as its schema is."""
    store = await Store.open(settings.store_url, Cipher(keys.store_encryption))
    try:
        yield store
    finally:
        await store.close()


async def create_token(settings: Settings, request: TokenRequest) -> str:
    """Make a token in the local store, and tell it this once. The first start may come later."""
    keys = Keys.open(settings.data_dir)
    async with open_store(settings, keys) as store:
        await store.migrate()
        async with store.begin() as tx:
            return await add_token(tx, request, audit=_audit(keys), by="local", at=utc_now())


async def revoke_token(settings: Settings, tenant: TenantId, name: str) -> None:
    """Make a token worthless at once. Raises NotFound when there is none of that name."""
    keys = Keys.open(settings.data_dir, create=False)
    async with open_store(settings, keys) as store, store.begin() as tx:
        if not await tx.tokens.revoke(tenant, name):
            raise NotFound(f"there is no token {name}", field="NAME")
        await _audit(keys).append(
            tx, tenant=tenant, actor="local", kind="token.revoked", payload={"token": name}
        )


async def add_token(
    tx: Transaction, request: TokenRequest, *, audit: AuditTrail, by: str, at: datetime
) -> str:
    """Keep the principal and the hash of a new token, with an audit entry."""
    token = new_token()
    principal = request.principal
    expires = at + request.lifetime if request.lifetime else None
    await tx.principals.put(principal, request.name)
    try:
        await tx.tokens.add(token_hash(token), principal, request.token_name, expires_at=expires)
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
        "expires_at": expires.isoformat() if expires else None,
    }
    await audit.append(tx, tenant=principal.tenant, actor=by, kind="token.created", payload=payload)
    return token


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


def _audit(keys: Keys) -> AuditTrail:
    return AuditTrail(keys.audit_signing.sign, utc_now)


def _sorted(words: Iterable[str]) -> list[Json]:
    return [str(word) for word in sorted(words)]
