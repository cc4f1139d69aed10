"""Letting people in, and saying that one is away, in a real browser on the real process."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.integration.test_console import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.timeout(240)
async def test_who_may_looks_after_people_and_an_approver_after_their_absence(
    browser: Browser, product: Callable[..., AbstractContextManager[Any]]
) -> None:
    with product() as running:
        url = running.stage.api
        olga = await signed_in(browser, running, "olga")
        await olga.goto(f"{url}/people")
        password = await somebody_is_let_in(olga)
        await olga.reload()
        await olga.get_by_text("has to change the password").wait_for()
        assert password not in await olga.content()
        await a_service_gets_a_token(olga)
        await a_webhook_is_told_of(olga, url)

        sam = await signed_in(browser, running, "sam")
        assert await sam.get_by_role("link", name="People").count() == 0
        for place, action in (("people", "manage_users"), ("webhooks", "manage_webhooks")):
            await sam.goto(f"{url}/{place}")
            await sam.get_by_text(f"your roles do not include {action}").wait_for()
            assert "zoe" not in await sam.content()

        alex = await signed_in(browser, running, "alex")
        await somebody_stands_in(alex, url)
        kinds = [each["kind"] for each in running.desk("olga").get("/v1/audit")["items"]]

    assert {"user.created", "token.created", "webhook.added", "delegation.given"} <= {*kinds}
    assert {"absence.said", "absence.ended", "delegation.ended"} <= {*kinds}


async def somebody_is_let_in(page: Page) -> str:
    """After a refusal that leaves what was typed where it is. The password, as it is shown."""
    name = page.get_by_label("Name they sign in with")
    await name.fill("Zoe Z")
    await press(page, "Add and make a password")
    await page.get_by_text("'Zoe Z' is no name").wait_for()
    assert await name.input_value() == "Zoe Z"
    await name.fill("zoe")
    await page.get_by_label("Roles").click()
    await page.get_by_role("option", name="approver").click()
    await page.keyboard.press("Escape")
    await press(page, "Add and make a password")
    await page.get_by_text("The password of zoe").wait_for()
    password = await page.locator("[data-secret]").inner_text()
    await press(page, "I have kept it")
    assert len(password) >= 23
    return password


async def a_service_gets_a_token(page: Page) -> None:
    """After one that names nobody to answer for it, which makes none."""
    name = page.get_by_label("Name of the service")
    await name.fill("billing")
    await press(page, "Make a token")
    await page.get_by_text("a service needs an owner").wait_for()
    assert await name.input_value() == "billing"
    await page.get_by_label("Whose it is").click()
    await page.get_by_role("option", name="olga").click()
    await press(page, "Make a token")
    await page.get_by_text("The token of billing").wait_for()
    token = await page.locator("[data-secret]").inner_text()
    await press(page, "I have kept it")
    await page.reload()
    await page.get_by_text("billing", exact=True).wait_for()
    assert token.startswith("gwt_")
    assert token not in await page.content()


async def a_webhook_is_told_of(page: Page, url: str) -> None:
    await page.goto(f"{url}/webhooks")
    await page.get_by_text("Nobody is told of anything yet").wait_for()
    await page.get_by_label("Address").fill("https://tickets.example.net/hook")
    await page.get_by_label("Of what").click()
    await page.get_by_role("option", name="change.paged").click()
    await page.keyboard.press("Escape")
    await press(page, "Add")
    await page.get_by_text("The secret of this webhook").wait_for()
    await press(page, "I have kept it")
    await press(page, "Send a test")
    await page.get_by_text("webhook.test").wait_for()
    await press(page, "Switch off")
    await page.get_by_text("switched off", exact=True).wait_for()


async def somebody_stands_in(page: Page, url: str) -> None:
    await page.goto(f"{url}/away")
    await page.get_by_text("nobody stands in for you").wait_for()
    await page.get_by_label("Who answers in my place").click()
    await page.get_by_role("option", name="zoe").click()
    await press(page, "I am away then")
    await page.get_by_text("zoe answers in your place for approvers").wait_for()
    await press(page, "I am back")
    await page.get_by_text("You are away").wait_for(state="detached")
    await press(page, "End it")
    await page.get_by_text("nobody stands in for you").wait_for()
