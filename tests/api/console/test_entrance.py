"""The way in, as a browser meets it: who gets a session, what it is worth, and for how long."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.identity import PrincipalId, Role
from brain.store.cipher import Cipher
from brain.store.store import Store
from tests.api.conftest import NORTH
from tests.api.console.conftest import PASSWORD, AddUser, Console, send, who


async def test_a_right_password_opens_a_session(console: Console, add_user: AddUser) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        answer = await send(browser, "password", name="Ana ", password=PASSWORD, then="/devices")

        assert (answer.status_code, answer.headers["location"]) == (303, "/devices")
        assert await who(browser) == "ana"


async def test_a_cookie_can_be_read_by_no_script_and_sent_by_no_other_site(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    async with console.browser(https=True) as browser:
        answer = await send(browser, "password", name="ana", password=PASSWORD)

    kept = next(each for each in answer.headers.get_list("set-cookie") if "-form" not in each)
    assert kept.startswith("__Host-gatewright=")
    assert "; Path=/;" in kept
    for word in ("HttpOnly", "SameSite=strict", "Secure"):
        assert word in kept
    assert "Domain" not in kept


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        wrong = await send(browser, "password", name="ana", password="x" * 20)
        unknown = await send(browser, "password", name="ann", password="x" * 20)

        assert (wrong.status_code, unknown.status_code) == (401, 401)
        assert wrong.text == unknown.text.replace('value="ann"', 'value="ana"')
        assert await who(browser) == "nobody"


async def test_somebody_who_is_disabled_is_told_nothing_else_and_loses_open_browsers(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        await send(browser, "password", name="ana", password=PASSWORD)
        async with console.front.wiring.store.begin() as tx:
            await tx.principals.disable(NORTH, PrincipalId("ana"), disabled=True)

        assert await who(browser) == "nobody"
        refused = await send(browser, "password", name="ana", password=PASSWORD)
        assert refused.status_code == 401
        assert "disabled" not in refused.text


async def test_a_new_sign_in_has_a_new_id_and_ends_the_session_before(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    async with console.browser() as browser, console.browser() as thief:
        await send(browser, "password", name="ana", password=PASSWORD)
        before = browser.cookies["gatewright"]
        await send(browser, "password", name="ana", password=PASSWORD)
        thief.cookies.set("gatewright", before)

        assert browser.cookies["gatewright"] != before
        assert (await who(browser), await who(thief)) == ("ana", "nobody")


async def test_an_id_that_somebody_else_chose_is_never_used(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        browser.cookies.set("gatewright", "chosen-by-a-stranger", domain="gw")
        await send(browser, "password", name="ana", password=PASSWORD)

    assert await console.visitors.sessions.find("chosen-by-a-stranger") is None


async def test_a_session_outlives_a_restart_and_the_disk_does_not_hold_its_id(
    console: Console, add_user: AddUser, tmp_path: Any, cipher: Cipher
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        await send(browser, "password", name="ana", password=PASSWORD)
        session = browser.cookies["gatewright"]
    again = await Store.open(f"sqlite:///{tmp_path / 'gatewright.db'}", cipher)
    console.front.wiring.store = again

    found = await console.visitors.sessions.find(session)
    await again.close()

    assert found is not None
    assert found[0].id == "ana"
    assert session.encode() not in b"".join(
        file.read_bytes() for file in tmp_path.iterdir() if file.is_file()
    )


async def test_a_session_ends_when_nobody_uses_it_and_at_last_though_somebody_does(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    clock: Any = console.front.wiring.clock
    async with console.browser() as idle, console.browser() as busy:
        for each in (idle, busy):
            await send(each, "password", name="ana", password=PASSWORD)
        clock.advance(minutes=50)
        assert await who(busy) == "ana"
        clock.advance(minutes=20)

        assert (await who(idle), await who(busy)) == ("nobody", "ana")
        for _ in range(12):
            clock.advance(timedelta(minutes=59))
            last = await who(busy)
        assert last == "nobody"


async def test_whoever_signs_out_everywhere_is_nobody_everywhere(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    await add_user("ben")
    sessions = console.visitors.sessions
    async with console.browser() as one, console.browser() as two, console.browser() as other:
        for browser, name in ((one, "ana"), (two, "ana"), (other, "ben")):
            await send(browser, "password", name=name, password=PASSWORD)
        found = await sessions.find(one.cookies["gatewright"])
        assert found is not None

        assert await sessions.end_all(found[0]) == 2
        assert [await who(each) for each in (one, two, other)] == ["nobody", "nobody", "ben"]


async def test_a_token_opens_a_session_that_ends_with_it(console: Console) -> None:
    token = await console.front.token("sam", Role.SUPPORT)
    async with console.browser() as browser:
        assert (await send(browser, "token", token="gwt_wrong")).status_code == 401
        await send(browser, "token", token=token)
        assert await who(browser) == "sam"

        async with console.front.wiring.store.begin() as tx:
            (record, _), *_ = await tx.tokens.list(NORTH)
            await tx.tokens.revoke(NORTH, record.name)
        assert await who(browser) == "nobody"


async def test_a_password_that_somebody_else_chose_opens_nothing_but_its_own_change(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana", must_change=True)
    async with console.browser() as browser:
        asked = await send(browser, "password", name="ana", password=PASSWORD)
        assert 'action="/sign-in/new-password"' in asked.text
        assert await who(browser) == "nobody"

        own = {"name": "ana", "password": PASSWORD, "new": "words that nobody told me"}
        short = await send(browser, "new-password", **{**own, "new": "short", "again": "short"})
        other = await send(browser, "new-password", **own, again="something else entirely")
        assert (short.status_code, other.status_code, await who(browser)) == (422, 422, "nobody")

        await send(browser, "new-password", **own, again=own["new"])
        assert await who(browser) == "ana"
        assert (await send(browser, "password", name="ana", password=PASSWORD)).status_code == 401


@pytest.mark.parametrize(
    "then",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
    ],
)
async def test_nobody_is_sent_on_to_another_site(
    console: Console, add_user: AddUser, then: str
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        answer = await send(browser, "password", name="ana", password=PASSWORD, then=then)

    assert answer.headers["location"] == "/"


async def test_what_was_typed_is_text_and_never_markup(console: Console) -> None:
    async with console.browser() as browser:
        name = '"><script>alert(1)</script>'
        answer = await send(browser, "password", name=name, password="x" * 20, then='/"><b>')

    assert "<script" not in answer.text
    assert "<b>" not in answer.text
    assert "x" * 20 not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_many_guesses_at_once_are_as_many_guesses(
    console: Console, add_user: AddUser
) -> None:
    await add_user("ana")
    async with console.browser() as browser:
        page = await browser.get("/sign-in")
        form = page.text.split('name="form" value="')[1].split('"')[0]
        answers = await asyncio.gather(
            *(
                browser.post(
                    "/sign-in/password", data={"form": form, "name": "ana", "password": f"{n}" * 20}
                )
                for n in range(12)
            )
        )
        right = await send(browser, "password", name="ana", password=PASSWORD)

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 5 + [429] * 7
    assert right.status_code == 429
    assert 0 < int(right.headers["retry-after"]) <= 30


async def test_the_way_in_says_where_the_first_token_is_and_not_what_it_is(
    console: Console,
) -> None:
    token = await console.front.token("admin", Role.ADMIN)
    async with console.browser() as browser:
        shown = (await browser.get("/sign-in")).text

    assert "admin.token" in shown
    assert "gatewright user add" in shown
    assert "<details" not in shown
    assert token not in shown
    assert "/home" not in shown
