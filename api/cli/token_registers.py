"""Where tokens are made: on this machine, or by a server that was named."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol
from urllib.parse import quote

from api.books import Books
from api.cli.durations import duration
from api.cli.server import Server, shaped
from api.local import local_books
from api.owning import set_owner
from api.shapes.base import Page
from api.shapes.people import NewTokenShape, ServiceShape, TokenShape
from api.token_keeping import (
    Lifetimes,
    TokenRequest,
    add_token,
    holder_of,
    revoke_token,
    rotate_token,
    token_of,
)
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.domain.identity import PrincipalKind, TenantId
from brain.settings import Settings

_EXPIRES = "--expires"


class TokenRegister(Protocol):
    """What ``gatewright token`` writes in. ``expires`` as it was typed; empty for the usual."""

    # ruff: noqa: D102 - each is the command of its name
    def create(self, wanted: TokenRequest, expires: str) -> NewTokenShape: ...
    def everything(self) -> list[TokenShape]: ...
    def rotate(self, name: str, expires: str, overlap: timedelta) -> NewTokenShape: ...
    def revoke(self, name: str) -> None: ...
    def name_owner(self, service: str, owner: str) -> ServiceShape: ...


@dataclass(frozen=True, slots=True)
class TokensHere:
    """The store of this machine's own installation: it needs no server."""

    settings: Settings
    tenant: TenantId

    def create(self, wanted: TokenRequest, expires: str) -> NewTokenShape:
        asked = replace(wanted, tenant=self.tenant, lifetime=self._lifetime(expires))
        return asyncio.run(self._create(asked))

    def everything(self) -> list[TokenShape]:
        return asyncio.run(self._everything())

    def rotate(self, name: str, expires: str, overlap: timedelta) -> NewTokenShape:
        return asyncio.run(self._rotate(name, self._lifetime(expires), overlap))

    def revoke(self, name: str) -> None:
        asyncio.run(self._revoke(name))

    def name_owner(self, service: str, owner: str) -> ServiceShape:
        return asyncio.run(self._name_owner(service, owner))

    async def _create(self, asked: TokenRequest) -> NewTokenShape:
        """The first start may come later."""
        async with local_books(self.settings, create=True) as books:
            token = await add_token(books, asked)
            return await _made(books, self.tenant, asked.token_name, token)

    async def _everything(self) -> list[TokenShape]:
        async with local_books(self.settings) as books:
            found = await books.tx.tokens.list(self.tenant)
        return [TokenShape.of(record, holder) for record, holder in found]

    async def _rotate(self, name: str, lifetime: timedelta, overlap: timedelta) -> NewTokenShape:
        async with local_books(self.settings) as books:
            token = await rotate_token(books, self.tenant, name, lifetime=lifetime, overlap=overlap)
            return await _made(books, self.tenant, name, token)

    async def _name_owner(self, service: str, owner: str) -> ServiceShape:
        async with local_books(self.settings) as books:
            return ServiceShape.of(await set_owner(books, self.tenant, service, owner))

    async def _revoke(self, name: str) -> None:
        async with local_books(self.settings) as books:
            await revoke_token(books, self.tenant, name)

    def _lifetime(self, expires: str) -> timedelta:
        known = Lifetimes(usual=self.settings.token_ttl, most=self.settings.token_ttl_max)
        return known.of(duration(expires, _EXPIRES) if expires else None, field=_EXPIRES)


@dataclass(frozen=True, slots=True)
class TokensThere:
    """A server that was named: it makes tokens for services only."""

    server: Server

    def create(self, wanted: TokenRequest, expires: str) -> NewTokenShape:
        if wanted.kind is not PrincipalKind.MACHINE or wanted.groups:
            raise InvalidInput(
                "a server makes no token for a person: whoever made it could be that person",
                field="--name",
                remedy="Use --service, or `gatewright user add`; or unset GATEWRIGHT_URL, there.",
            )
        body: dict[str, Json] = {
            "service": wanted.name,
            "owner": wanted.owner,
            "roles": [role.value for role in sorted(wanted.roles)],
            "scopes": None if wanted.scopes is None else [*sorted(wanted.scopes)],
            "label": wanted.label,
            **_expires_in(expires),
        }
        return shaped(NewTokenShape, self.server.post("/v1/tokens", body))

    def everything(self) -> list[TokenShape]:
        return self.server.read(Page[TokenShape], "/v1/tokens").items

    def rotate(self, name: str, expires: str, overlap: timedelta) -> NewTokenShape:
        body: dict[str, Json] = {"overlap": int(overlap.total_seconds()), **_expires_in(expires)}
        return shaped(NewTokenShape, self.server.post(_path(name, "/rotate"), body))

    def revoke(self, name: str) -> None:
        self.server.delete(_path(name))

    def name_owner(self, service: str, owner: str) -> ServiceShape:
        body: dict[str, Json] = {"owner": owner}
        path = f"/v1/tokens/{quote(service, safe='')}/owner"
        return shaped(ServiceShape, self.server.put(path, body))


async def _made(books: Books, tenant: TenantId, name: str, token: str) -> NewTokenShape:
    record = await token_of(books, tenant, name)
    shown = TokenShape.of(record, await holder_of(books, record))
    return NewTokenShape(**shown.model_dump(), token=token)


def _expires_in(expires: str) -> dict[str, Json]:
    if not expires:
        return {}
    return {"expires_in": int(duration(expires, _EXPIRES).total_seconds())}


def _path(name: str, verb: str = "") -> str:
    owner, _, label = name.partition("/")
    labelled = f"?label={quote(label, safe='')}" if label else ""
    return f"/v1/tokens/{quote(owner, safe='')}{verb}{labelled}"
