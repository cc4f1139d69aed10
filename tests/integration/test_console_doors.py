"""Every page and the socket of the console, as the real process serves them, to who may not."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

import api.console.pages
from evals.homes.cast import ROLES

WORDS = "four words of her own"
SECRETS = [role.device for role in ROLES]
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
LOADED = re.compile(r"""(?:src|href|url|import|from)\s*[=:(]?\s*["'(](?:https?:)?//[^"')]+""")
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def pages() -> list[str]:
    """Every page that the console has, as its source names them."""
    source = Path(api.console.pages.__file__).read_text()
    found = re.findall(r'@ui\.page\("([^"]+)"', source)
    return [path.replace("{change}", "chg_1") for path in found]


def entered(url: str, token: str) -> httpx.Client:
    """A browser that signed in with a token."""
    browser = httpx.Client(base_url=url, headers={"Origin": url})
    form = re.search(r'name="form" value="([^"]+)"', browser.get("/sign-in").text)
    assert form is not None
    sent = browser.post("/sign-in/token", data={"form": form[1], "token": token})
    assert sent.status_code == 303
    return browser


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_who_may_not_sees_no_page_and_opens_no_socket(
    product: Callable[..., AbstractContextManager[Any]], books: dict[str, object]
) -> None:
    assert len(pages()) >= 5, "the walk sees no pages"
    with product() as running:
        running.desk("olga").post("/v1/inventory", books)
        url = running.stage.api
        check_nobody_sees_a_page(url)
        alex, sam = (entered(url, running.tokens[name]) for name in ("alex", "sam"))
        check_a_page_is_empty_for_who_may_not(alex, sam)
        check_a_socket_is_for_our_own_pages_and_the_signed_in(url, sam)
        check_an_api_route_takes_no_cookie(url, sam)
        check_no_page_loads_anything_from_elsewhere(alex, sam)
        check_where_nothing_is_a_program_is_told_so_and_a_person_too(url)
        alex.close()
        sam.close()


def check_nobody_sees_a_page(url: str) -> None:
    for path in pages():
        answer = httpx.get(f"{url}{path}")
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/sign-in?then={quote(path, safe='')}",
        )
        assert answer.text == ""


def check_a_page_is_empty_for_who_may_not(alex: httpx.Client, sam: httpx.Client) -> None:
    """An approver has no part in conversations; a support agent has."""
    refused, shown = alex.get("/").text, sam.get("/").text
    assert "your roles do not include chat" in refused
    assert "What does the subscriber say?" not in refused
    assert "What does the subscriber say?" in shown
    assert [each for each in SECRETS if each in refused] == []
    assert any(each in sam.get("/devices").text for each in SECRETS)


def check_a_socket_is_for_our_own_pages_and_the_signed_in(url: str, sam: httpx.Client) -> None:
    ours, foreign = {**UPGRADE, "Origin": url}, {**UPGRADE, "Origin": "https://evil.example"}
    assert status(sam, ours) == 101
    assert status(sam, foreign) == 403
    assert status(sam, {**UPGRADE, "Origin": "null"}) == 403
    with httpx.Client(base_url=url) as nobody:
        assert status(nobody, ours) == 403
        polled = nobody.get(SOCKET.replace("websocket", "polling"))
    assert polled.status_code == 401
    foreign_poll = sam.get(
        SOCKET.replace("websocket", "polling"), headers={"Origin": "https://evil.example"}
    )
    assert foreign_poll.status_code == 403


def status(browser: httpx.Client, headers: dict[str, str]) -> int:
    with browser.stream("GET", SOCKET, headers=headers) as answer:
        return answer.status_code


def check_an_api_route_takes_no_cookie(url: str, sam: httpx.Client) -> None:
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in sam.cookies.items())}
    for method, path in (("GET", "/v1/me"), ("GET", "/v1/devices"), ("POST", "/v1/cases")):
        assert httpx.request(method, f"{url}{path}", headers=cookies).status_code == 401


def check_no_page_loads_anything_from_elsewhere(alex: httpx.Client, sam: httpx.Client) -> None:
    """An operator's network may have no other: no script, style, font or picture of others."""
    for path in [*pages(), "/docs", "/sign-in", "/sign-in/new-password"]:
        for text in (alex.get(path).text, sam.get(path).text):
            assert LOADED.findall(text) == [], path


def check_where_nothing_is_a_program_is_told_so_and_a_person_too(url: str) -> None:
    told = httpx.get(f"{url}/api/x", headers={"Accept": "application/json"})
    shown = httpx.get(f"{url}/api/x", headers={"Accept": "text/html,*/*"})
    assert (told.status_code, shown.status_code) == (404, 404)
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["instance"] == "/api/x"
    assert "There is no page at this address" in shown.text
