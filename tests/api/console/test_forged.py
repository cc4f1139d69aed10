"""Other sites get nothing done in a signed-in browser: no form of theirs, no socket of theirs."""

from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from api.console.doorkeeper import SignedInOnly
from api.origins import OwnPagesOnly, is_own
from brain.domain.identity import Role
from tests.api.conftest import Front
from tests.api.console.conftest import PASSWORD, AddUser, Console, send, who


async def form_of(browser: httpx.AsyncClient) -> str:
    return (await browser.get("/sign-in")).text.split('name="form" value="')[1].split('"')[0]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://gw.evil.example", ""])
async def test_a_form_of_another_site_is_refused(
    console: Console, add_user: AddUser, origin: str
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        fields = {"form": await form_of(browser), "name": "ana", "password": PASSWORD}
        forged = await browser.post("/sign-in/password", data=fields, headers={"Origin": origin})

        assert forged.status_code == 403
        assert await who(browser) == "nobody"


async def test_a_browser_that_says_only_that_it_came_from_elsewhere_is_refused(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        fields = {"form": await form_of(browser), "name": "ana", "password": PASSWORD}
        del browser.headers["Origin"]
        for site in ("cross-site", "same-site"):
            headers = {"Sec-Fetch-Site": site}
            forged = await browser.post("/sign-in/password", data=fields, headers=headers)
            assert forged.status_code == 403
        assert await who(browser) == "nobody"


@pytest.mark.parametrize("form", ["", "guessed", "g" * 43])
async def test_a_form_without_the_cookies_own_token_is_refused(
    console: Console, add_user: AddUser, form: str
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        await form_of(browser)
        fields = {"form": form, "name": "ana", "password": PASSWORD}

        assert (await browser.post("/sign-in/password", data=fields)).status_code == 403
        assert await who(browser) == "nobody"


async def test_a_form_without_any_cookie_is_refused(console: Console, add_user: AddUser) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        fields = {"form": "", "name": "ana", "password": PASSWORD}

        assert (await browser.post("/sign-in/password", data=fields)).status_code == 403


async def test_the_api_takes_no_cookie_for_a_token(
    console: Console, add_user: AddUser, front: Front
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        await send(browser, "password", name="ana", password=PASSWORD)
        session = browser.cookies["gatewright"]
        by_cookie = await browser.get("/v1/me")
        by_header = await browser.get("/v1/me", headers={"Authorization": f"Bearer {session}"})

    assert (by_cookie.status_code, by_header.status_code) == (401, 401)


async def test_a_program_with_a_token_needs_to_say_no_origin(front: Front) -> None:
    async with await front.caller("olga", Role.OPERATOR) as client:
        assert (await client.put("/v1/halt", json={"halted": False})).status_code == 200


class Reached:
    """An application that remembers that it was asked."""

    def __init__(self) -> None:
        self.asked = False

    async def __call__(self, *_: object) -> None:
        self.asked = True


async def opened(app: Any, *headers: tuple[str, str]) -> list[MutableMapping[str, Any]]:
    """What a socket with these headers is answered."""
    said: list[MutableMapping[str, Any]] = []

    async def send_(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    scope = {
        "type": "websocket",
        "path": "/_nicegui_ws/socket.io/",
        "scheme": "ws",
        "server": ("gw", 80),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    await app(scope, None, send_)
    return said


@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ([("host", "gw"), ("origin", "http://gw")], True),
        ([("host", "gw"), ("origin", "https://evil.example")], False),
        ([("host", "gw"), ("origin", "null")], False),
        ([("host", "gw")], False),
        ([("host", "gw"), ("authorization", "Bearer gwt_x")], False),
        ([("origin", "http://")], False),
    ],
)
async def test_a_socket_is_only_for_our_own_pages(
    headers: list[tuple[str, str]], let_in: bool
) -> None:
    inner = Reached()

    said = await opened(OwnPagesOnly(inner), *headers)

    assert inner.asked is let_in
    assert said == ([] if let_in else [{"type": "websocket.close", "code": 1008}])


async def test_a_socket_is_only_for_who_is_signed_in(console: Console, add_user: AddUser) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        await send(browser, "password", name="ana", password=PASSWORD)
        session = browser.cookies["gatewright"]
    inside, outside = Reached(), Reached()

    await opened(
        SignedInOnly(inside, visitors=console.visitors), ("cookie", f"gatewright={session}")
    )
    said = await opened(
        SignedInOnly(outside, visitors=console.visitors), ("cookie", "gatewright=guessed")
    )

    assert (inside.asked, outside.asked) == (True, False)
    assert said == [{"type": "websocket.close", "code": 1008}]


def test_with_a_public_address_no_other_host_is_ours() -> None:
    public = "https://gw.isp.example"

    assert is_own("https://gw.isp.example", host="10.0.0.1:8080", public_url=public)
    assert not is_own("http://gw.isp.example", host="gw.isp.example", public_url=public)
    assert not is_own("http://10.0.0.1:8080", host="10.0.0.1:8080", public_url=public)
