"""A console's way in over a real store: users with cheap hashes, and a page that says who looks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import Request

from api.console.entrance import Entrance
from api.console.pages import office_of
from api.console.visitors import Visitors
from api.passwords import Passwords
from api.signing_in import SigningIn
from brain.domain.entrance import User
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role
from tests.api.conftest import NORTH, NOW, Front

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "four words of her own"


@dataclass(kw_only=True)
class Console:
    """The way in, and browsers that come to it."""

    front: Front
    visitors: Visitors
    signing_in: SigningIn

    def browser(self, *, https: bool = False, address: str = "192.0.2.1") -> httpx.AsyncClient:
        """Keeps cookies, and says where its forms come from."""
        base = f"{'https' if https else 'http'}://gw"
        transport = httpx.ASGITransport(app=self.front.app, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url=base, headers={"Origin": base})


@pytest.fixture
def console(front: Front) -> Console:
    office = office_of(front.app)
    signing_in = SigningIn(
        gatewright=front.wiring,
        passwords=Passwords(CHEAP),
        sessions=office.visitors.sessions,
    )
    front.app.include_router(Entrance(signing_in=signing_in, visitors=office.visitors).router())

    async def who(request: Request) -> str:
        found = await office.visitors.of(request)
        return found.id if found else "nobody"

    front.app.add_api_route("/who", who)
    return Console(front=front, visitors=office.visitors, signing_in=signing_in)


AddUser = Callable[..., Awaitable[None]]


@pytest.fixture
def add_user(front: Front) -> AddUser:
    async def add(name: str, *, must_change: bool = False, hasher: PasswordHasher = CHEAP) -> None:
        who = Principal(
            id=PrincipalId(name),
            tenant=NORTH,
            kind=PrincipalKind.PERSON,
            roles=frozenset({Role.SUPPORT}),
        )
        user = User(
            name=who.id,
            tenant=NORTH,
            password_hash=hasher.hash(PASSWORD),
            must_change=must_change,
            changed_at=NOW,
        )
        async with front.wiring.store.begin() as tx:
            await tx.principals.put(who, name)
            await tx.users.add(user)

    return add


async def send(browser: httpx.AsyncClient, way: str, **fields: str) -> httpx.Response:
    """Open the sign-in page as a person does, fill in a form of it, and send it."""
    page = await browser.get("/sign-in")
    form = page.text.split('name="form" value="')[1].split('"')[0]
    return await browser.post(f"/sign-in/{way}", data={"form": form, **fields})


async def who(browser: httpx.AsyncClient) -> str:
    answer: str = (await browser.get("/who")).json()
    return answer
