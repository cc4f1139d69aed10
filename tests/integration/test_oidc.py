"""Signing in through a real identity provider, which runs as a process of its own."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request

from api.app import create_app
from api.binding import bind
from api.books import Books
from api.console.entrance import Entrance
from api.console.oidc import CALLBACK, OidcEntrance
from api.console.pages import entrance_of, office_of
from api.door import Door
from api.oidc import OidcOptions, Provider
from api.people import NewUser, add_user
from brain.domain.identity import Role, TenantId
from brain.ids import utc_now
from brain.settings import load_settings
from brain.store.cipher import Cipher
from brain.wiring import Gatewright, opened
from evals.demo.stage import free_port
from policies.bundle import Bundle

pytestmark = pytest.mark.oidc
ROOT = Path(__file__).parents[2]
MODULE = ROOT / ".tools/oidc-provider/node_modules/oidc-provider/lib/index.js"
HOME = "http://gatewright.test"
GROUPS = json.dumps(
    {"ana": ["noc-leads", "gardeners"], "eve": ["gardeners"], "both": ["noc-leads", "desk-b"]}
)
WORTH = """\
identity:
  groups:
    noc-leads: {tenant: north, roles: [approver], groups: [approvers]}
    desk-b: {tenant: south, roles: [support], groups: []}
"""


@pytest.fixture
def issuer() -> Iterator[str]:
    node = shutil.which("node")
    if node is None or not MODULE.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("CI has to have the identity provider: run `make tools`")
        pytest.skip("the identity provider is not installed: `make tools` installs it")
    made = f"http://127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [node, str(Path(__file__).parent / "provider/provider.mjs")],
        env={
            "PATH": os.environ["PATH"],
            "MODULE": MODULE.as_uri(),
            "ISSUER": made,
            "CLIENT_ID": "gatewright",
            "CLIENT_SECRET": "a secret of the client",
            "REDIRECT_URI": f"{HOME}{CALLBACK}",
            "GROUPS": GROUPS,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "listening"
    yield made
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
async def gatewright(tmp_path: Path) -> AsyncIterator[Gatewright]:
    (tmp_path / "own.yaml").write_text(WORTH)
    settings = load_settings(data_dir=tmp_path / "data", policy_data=tmp_path / "own.yaml")
    async with opened(settings, work=False) as made:
        yield made


@pytest.fixture
def app(gatewright: Gatewright, issuer: str) -> FastAPI:
    options = OidcOptions(
        issuer=issuer,
        client_id="gatewright",
        client_secret="a secret of the client",
        redirect_uri=f"{HOME}{CALLBACK}",
    )
    door = Door(public_url=HOME, provider=Provider(options, utc_now))
    made = create_app(gatewright, door)
    office = office_of(made)
    entrance: Entrance = entrance_of(office)
    assert door.provider is not None
    made.include_router(entrance.router())
    made.include_router(
        OidcEntrance(
            provider=door.provider,
            signing_in=entrance.signing_in,
            visitors=office.visitors,
            cipher=Cipher(bytes(32)),
        ).router()
    )

    async def who(request: Request) -> list[str]:
        found = await office.visitors.of(request)
        return [found.id, found.tenant, *sorted(found.roles)] if found else []

    made.add_api_route("/who", who)
    made.state.office = office
    return made


def browser(app: FastAPI) -> httpx.AsyncClient:
    """A browser for us; the provider gets another, as it has other cookies."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOME)


async def at_the_provider(url: str, name: str) -> str:
    """What a person does there: type a name and a password, and agree. Where it leads back to."""
    async with httpx.AsyncClient() as person:
        answer = await person.get(url)
        for _ in range(12):
            if answer.is_redirect:
                url = urljoin(url, answer.headers["location"])
                if url.startswith(HOME):
                    return url
                answer = await person.get(url)
                continue
            action = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            assert action is not None, answer.text
            fields = {"prompt": "login", "login": name, "password": "any"}
            consent = 'name="login"' not in answer.text
            url = urljoin(url, unescape(action[1]))
            answer = await person.post(url, data={"prompt": "consent"} if consent else fields)
    raise AssertionError("the provider never led back")


async def signed_in(app: FastAPI, client: httpx.AsyncClient, name: str) -> httpx.Response:
    begun = await client.get("/sign-in/oidc", params={"then": "/reviews?change=chg_1"})
    assert begun.status_code == 303
    return await client.get(await at_the_provider(begun.headers["location"], name))


async def test_a_person_comes_in_with_what_policy_makes_of_their_groups(
    app: FastAPI, gatewright: Gatewright
) -> None:
    async with browser(app) as client:
        answer = await signed_in(app, client, "ana")
        principal, *trust = (await client.get("/who")).json()

    assert answer.status_code == 200  # a page of ours, which leads on: see SameSite
    assert 'content="0;url=/reviews?change=chg_1"' in answer.text
    assert principal.startswith("oidc:")
    assert trust == ["north", "approver"]
    async with gatewright.store.read() as tx:
        assert await tx.principals.name(TenantId("north"), principal) == "ana"
        trail = await tx.audit.range(TenantId("north"))
    assert [each.kind for each in trail] == ["user.vouched_for", "session.began"]


@pytest.mark.parametrize("name", ["eve", "both", "nobody-here"])
async def test_groups_that_policy_gives_nothing_for_open_nothing(
    app: FastAPI, gatewright: Gatewright, name: str
) -> None:
    async with browser(app) as client:
        answer = await signed_in(app, client, name)
        page = await client.get(answer.headers["location"])

        assert answer.status_code == 303
        assert "gives you no way in here" in page.text
        assert (await client.get("/who")).json() == []
    async with gatewright.store.read() as tx:
        assert await tx.audit.range(TenantId("north")) == []


async def test_what_another_browser_brought_back_is_worth_nothing(app: FastAPI) -> None:
    async with browser(app) as thief, browser(app) as victim:
        begun = await thief.get("/sign-in/oidc")
        link = await at_the_provider(begun.headers["location"], "ana")
        await victim.get("/sign-in/oidc")

        assert (await victim.get(link)).headers["location"] == "/sign-in?problem=unauthenticated"
        assert (await victim.get("/who")).json() == []


async def test_a_link_back_works_once(app: FastAPI) -> None:
    async with browser(app) as client:
        begun = await client.get("/sign-in/oidc")
        cookie = client.cookies["gatewright-oidc"]
        link = await at_the_provider(begun.headers["location"], "ana")
        assert (await client.get(link)).status_code == 200
        assert "gatewright-oidc" not in client.cookies
        client.cookies.clear()
        client.cookies.set("gatewright-oidc", cookie)

        assert (await client.get(link)).headers["location"] == "/sign-in?problem=unauthenticated"
        assert (await client.get("/who")).json() == []


async def test_a_person_who_is_known_here_is_one_person_with_two_ways_in(
    app: FastAPI, gatewright: Gatewright, issuer: str
) -> None:
    async with gatewright.store.begin() as tx:
        here = Books(tx=tx, audit=gatewright.audit, by="root", at=utc_now())
        new = NewUser(
            name="ana",
            tenant=TenantId("north"),
            roles=frozenset({Role.SUPPORT}),
            groups=frozenset(),
        )
        await add_user(here, new, "$argon2id$of nothing")
    async with browser(app) as client:
        refused = await signed_in(app, client, "ana")
        page = await client.get(refused.headers["location"])
        assert (await client.get("/who")).json() == []
    assert "Ask an administrator to link the two" in page.text
    async with gatewright.store.begin() as tx:
        here = Books(tx=tx, audit=gatewright.audit, by="root", at=utc_now())
        await bind(here, TenantId("north"), "ana", issuer, "ana")

    async with browser(app) as client:
        await signed_in(app, client, "ana")
        assert (await client.get("/who")).json() == ["ana", "north", Role.SUPPORT]
    async with gatewright.store.read() as tx:
        assert [each.id for each in await tx.principals.people(TenantId("north"))] == ["ana"]


async def test_under_another_policy_everybody_comes_in_anew(
    app: FastAPI, gatewright: Gatewright
) -> None:
    async with browser(app) as client:
        await signed_in(app, client, "ana")
        assert (await client.get("/who")).json()[1:] == ["north", Role.APPROVER]
        await gatewright.access.exchange(Bundle.load(resolvers=("192.0.2.53",)))

        assert (await client.get("/who")).json() == []


async def test_whoever_leaves_is_sent_to_leave_there_too(app: FastAPI, issuer: str) -> None:
    url = await app.state.office.provider.farewell(f"{HOME}/sign-in")
    async with httpx.AsyncClient() as person:
        page = await person.get(url)

    assert url.startswith(issuer)
    assert parse_qs(urlsplit(url).query)["post_logout_redirect_uri"] == [f"{HOME}/sign-in"]
    assert page.status_code == 200
    assert "logout" in page.text.lower()
