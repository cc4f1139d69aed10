"""Opens this machine's own installation without a server: its keys, its store, its first token."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkstemp

from api.books import Books
from api.names import TOKEN_FILE
from api.token_keeping import TokenRequest, add_token
from brain.domain.identity import PrincipalId, Role
from brain.ids import utc_now
from brain.keys import Keys
from brain.ledger.audit import AuditTrail
from brain.settings import Settings
from brain.store.cipher import Cipher
from brain.store.store import Store

FIRST_NAME = "admin"
FIRST_ROLES = frozenset({Role.ADMIN, Role.OPERATOR, Role.SUPPORT})
GROUPS = ("approvers", "noc")
FIRST_LASTS = timedelta(days=30)


@asynccontextmanager
async def open_store(settings: Settings, keys: Keys) -> AsyncIterator[Store]:
    """The store of this installation, as its schema is."""
    store = await Store.open(settings.store_url, Cipher(keys.store_encryption))
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def local_books(settings: Settings, *, create: bool = False) -> AsyncIterator[Books]:
    """The books of this installation, open for its owner. ``create`` makes what is missing."""
    keys = Keys.open(settings.data_dir, create=create)
    async with open_store(settings, keys) as store:
        if create:
            await store.migrate()
        async with store.begin() as tx:
            audit = AuditTrail(keys.audit_signing.sign, utc_now)
            yield Books(tx=tx, audit=audit, by="local", at=utc_now())


async def first_token(store: Store, audit: AuditTrail, settings: Settings) -> Path | None:
    """At the very first start, make the administrator's token; where it was written, or None.

    It is made when there is no file: a lost one is replaced by whoever can write here, and that
    is whoever owns the keys and the database too. Like every other token it ends.
    """
    path = settings.data_dir / TOKEN_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    try:
        async with store.begin() as tx:
            books = Books(tx=tx, audit=audit, by="gatewright", at=utc_now())
            token = await _first(books, settings)
    except BaseException:
        os.close(handle)
        path.unlink()
        raise
    with os.fdopen(handle, "w") as file:
        file.write(token + "\n")
    return path


async def another_first_token(settings: Settings) -> tuple[Path, datetime]:
    """The administrator's token anew, in its file: where, and until when it is good.

    For whoever owns this machine: the one before, if it is still there, is worth nothing then.
    """
    path = settings.data_dir / TOKEN_FILE
    async with local_books(settings, create=True) as books:
        token, ends = await _first(books, settings), books.at + first_lifetime(settings)
    handle, written = mkstemp(dir=settings.data_dir, prefix=TOKEN_FILE)  # for its owner only
    with os.fdopen(handle, "w") as file:
        file.write(token + "\n")
    os.replace(written, path)
    return path, ends


def first_lifetime(settings: Settings) -> timedelta:
    """How long the administrator's token is good: time to give people tokens of their own."""
    return min(FIRST_LASTS, settings.token_ttl_max)


async def _first(books: Books, settings: Settings) -> str:
    there = await books.tx.principals.get(settings.tenant, PrincipalId(FIRST_NAME))
    request = TokenRequest(
        name=FIRST_NAME,
        tenant=settings.tenant,
        roles=there.roles if there else FIRST_ROLES,
        groups=there.groups if there else frozenset(GROUPS),
        lifetime=first_lifetime(settings),
    )
    if await books.tx.tokens.revoke(settings.tenant, FIRST_NAME):
        await books.note(settings.tenant, "token.revoked", {"token": FIRST_NAME})
    return await add_token(books, request)
