"""Where people are written down: in the store of this machine, or by a server that was named."""

import asyncio
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from api import people
from api.binding import bind, unbind
from api.cli.server import Server, shaped
from api.local import local_books
from api.names import usual_groups
from api.shapes.base import Page
from api.shapes.people import (
    NewUserShape,
    PasswordShape,
    SignedOutShape,
    UserRequest,
    UserShape,
)
from brain.domain.canonical import Json
from brain.domain.entrance import identity_of
from brain.domain.identity import Role, TenantId
from brain.settings import Settings


class Register(Protocol):
    """What ``gatewright user`` writes in. Where the password is None, one is made."""

    # ruff: noqa: D102 - each is the command of its name
    def add(self, wanted: UserRequest, *, temporary: bool) -> NewUserShape: ...
    def everybody(self) -> list[UserShape]: ...
    def password(self, name: str, password: str | None, *, temporary: bool) -> PasswordShape: ...
    def roles(self, name: str, roles: frozenset[Role], groups: list[str] | None) -> None: ...
    def disable(self, name: str, *, disabled: bool) -> None: ...
    def sign_out(self, name: str) -> SignedOutShape: ...
    def link(self, name: str, issuer: str, subject: str) -> None: ...
    def unlink(self, name: str, issuer: str, subject: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Here:
    """The store of this machine's own installation: it needs no server."""

    settings: Settings
    tenant: TenantId

    def add(self, wanted: UserRequest, *, temporary: bool) -> NewUserShape:
        """Also for somebody who has tokens already: whoever owns the machine may do anything."""
        return asyncio.run(self._add(wanted, temporary=temporary))

    def everybody(self) -> list[UserShape]:
        return asyncio.run(self._everybody())

    def password(self, name: str, password: str | None, *, temporary: bool) -> PasswordShape:
        return asyncio.run(self._password(name, password, temporary=temporary))

    def roles(self, name: str, roles: frozenset[Role], groups: list[str] | None) -> None:
        asyncio.run(self._roles(name, roles, None if groups is None else frozenset(groups)))

    def disable(self, name: str, *, disabled: bool) -> None:
        asyncio.run(self._disable(name, disabled=disabled))

    def sign_out(self, name: str) -> SignedOutShape:
        return asyncio.run(self._sign_out(name))

    def link(self, name: str, issuer: str, subject: str) -> None:
        asyncio.run(self._link(name, issuer, subject))

    def unlink(self, name: str, issuer: str, subject: str) -> None:
        asyncio.run(self._unlink(name, identity_of(issuer, subject)))

    async def _add(self, wanted: UserRequest, *, temporary: bool) -> NewUserShape:
        roles = frozenset(map(Role, wanted.roles))
        groups = usual_groups(roles) if wanted.groups is None else frozenset(wanted.groups)
        new = people.NewUser(name=wanted.name, tenant=self.tenant, roles=roles, groups=groups)
        made, hashed = await self._hashed(wanted.password, new.name)
        async with local_books(self.settings, create=True) as books:
            must = temporary or made is not None
            await people.add_user(books, new, hashed, must_change=must)
            shown = UserShape.model_validate(await people.known_of(books.tx, self.tenant, new.name))
        return NewUserShape(**shown.model_dump(), password=made)

    async def _everybody(self) -> list[UserShape]:
        async with local_books(self.settings) as books:
            known = await people.list_people(books.tx, self.tenant)
        return [UserShape.model_validate(each) for each in known]

    async def _password(self, name: str, password: str | None, *, temporary: bool) -> PasswordShape:
        made, hashed = await self._hashed(password, name)
        must = temporary or made is not None
        async with local_books(self.settings) as books:
            await people.set_password(books, self.tenant, name, hashed, must_change=must)
        return PasswordShape(name=name, password=made)

    async def _roles(
        self, name: str, roles: frozenset[Role], groups: frozenset[str] | None
    ) -> None:
        async with local_books(self.settings) as books:
            await people.set_roles(books, self.tenant, name, roles=roles, groups=groups)

    async def _disable(self, name: str, *, disabled: bool) -> None:
        async with local_books(self.settings) as books:
            await people.set_disabled(books, self.tenant, name, disabled=disabled)

    async def _sign_out(self, name: str) -> SignedOutShape:
        async with local_books(self.settings) as books:
            count = await people.sign_out(books, self.tenant, name)
        return SignedOutShape(name=name, sessions=count)

    async def _link(self, name: str, issuer: str, subject: str) -> None:
        async with local_books(self.settings) as books:
            await bind(books, self.tenant, name, issuer, subject)

    async def _unlink(self, name: str, identity: str) -> None:
        async with local_books(self.settings) as books:
            await unbind(books, self.tenant, name, identity)

    async def _hashed(self, password: str | None, name: str) -> tuple[str | None, str]:
        least = self.settings.password_min_length
        return await people.password_for(password, name=name, least=least)


@dataclass(frozen=True, slots=True)
class There:
    """A server that was named: it knows its caller's tenant, and makes every password temporary."""

    server: Server

    def add(self, wanted: UserRequest, *, temporary: bool) -> NewUserShape:
        body: Json = wanted.model_dump(mode="json", exclude_none=True)
        return shaped(NewUserShape, self.server.post("/v1/users", body))

    def everybody(self) -> list[UserShape]:
        return self.server.read(Page[UserShape], "/v1/users").items

    def password(self, name: str, password: str | None, *, temporary: bool) -> PasswordShape:
        body: Json = {} if password is None else {"password": password}
        return shaped(PasswordShape, self.server.post(_path(name, "password"), body))

    def roles(self, name: str, roles: frozenset[Role], groups: list[str] | None) -> None:
        body: dict[str, Json] = {"roles": [role.value for role in sorted(roles)]}
        named: dict[str, Json] = {} if groups is None else {"groups": [*groups]}
        self.server.put(_path(name, "roles"), body | named)

    def disable(self, name: str, *, disabled: bool) -> None:
        self.server.post(_path(name, "disable" if disabled else "enable"))

    def sign_out(self, name: str) -> SignedOutShape:
        return shaped(SignedOutShape, self.server.post(_path(name, "sign-out")))

    def link(self, name: str, issuer: str, subject: str) -> None:
        self.server.post(_path(name, "links"), {"issuer": issuer, "subject": subject})

    def unlink(self, name: str, issuer: str, subject: str) -> None:
        link = quote(identity_of(issuer, subject), safe="")
        self.server.delete(_path(name, f"links/{link}"))


def _path(name: str, verb: str) -> str:
    return f"/v1/users/{quote(name, safe='')}/{verb}"
