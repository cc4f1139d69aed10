"""The console in a real browser, on the real process: sign in, ask, review, see it done."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from evals.homes.fleet import Resident
from evals.homes.running import running_fleet

pytestmark = pytest.mark.browser


async def signed_in(browser: Browser, running: Any, who: str) -> Page:
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{running.stage.api}/reviews")
    await page.wait_for_url(re.compile("/sign-in"))
    await enter_with(page, running.tokens[who])
    await page.wait_for_url(re.compile("/reviews$"))
    return page


async def enter_with(page: Page, token: str) -> None:
    await page.get_by_label("Access token").fill(token)
    await page.get_by_role("button", name="Enter with this token").click()


@pytest.mark.timeout(180)
async def test_a_complaint_becomes_an_approved_change_in_the_browser(
    browser: Browser,
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
) -> None:
    home = cast["congested"].home
    with product() as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            await asyncio.to_thread(running.desk("olga").post, "/v1/inventory", books)
            await asyncio.to_thread(running.until_known, home.id)

            await nobody_enters_with_a_wrong_token(browser, running)
            sam = await signed_in(browser, running, "sam")
            await sam.goto(f"{running.stage.api}/?device={home.id}")
            await sam.get_by_placeholder("What does the subscriber say?").fill("wifi is slow")
            await sam.get_by_role("button", name="Send").click()
            await sam.get_by_text("Channel 6 is crowded").first.wait_for(timeout=30_000)
            await sam.get_by_role("link", name="Open the review").click()
            await sam.get_by_text("Nobody reviews a change that they asked for").wait_for()
            assert await sam.get_by_role("button", name="Approve this plan").count() == 0
            assert await sam.get_by_role("button", name="Break the glass").count() == 0

            alex = await signed_in(browser, running, "alex")
            await alex.get_by_text("Device.WiFi.Radio.1.Channel", exact=True).first.wait_for()
            await alex.get_by_role("button", name="Approve this plan").click()
            await alex.get_by_text("succeeded", exact=True).wait_for(timeout=60_000)

    assert home.tree.read("Device.WiFi.Radio.1.Channel") == "1"


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_glass_is_broken_and_reviewed_in_the_browser(
    browser: Browser,
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
) -> None:
    home = cast["congested"].home
    with product() as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            await asyncio.to_thread(running.desk("olga").post, "/v1/inventory", books)
            await asyncio.to_thread(running.until_known, home.id)
            sam = await signed_in(browser, running, "sam")
            await sam.goto(f"{running.stage.api}/?device={home.id}")
            await sam.get_by_placeholder("What does the subscriber say?").fill("wifi is slow")
            await sam.get_by_role("button", name="Send").click()
            await sam.get_by_role("link", name="Open the review").wait_for(timeout=30_000)

            olga = await signed_in(browser, running, "olga")
            await break_the_glass(olga, "some other device")
            await olga.get_by_text("is not the id of this device").wait_for()
            assert home.tree.read("Device.WiFi.Radio.1.Channel") == "6"
            await olga.reload()
            await break_the_glass(olga, home.id)
            await olga.get_by_text("olga broke the glass, with ticket INC-7").wait_for()
            await olga.get_by_text("succeeded", exact=True).wait_for(timeout=60_000)

            alex = await signed_in(browser, running, "alex")
            await alex.goto(f"{running.stage.api}/break-glass")
            await alex.get_by_text("1 waiting for a review").wait_for()
            await alex.get_by_label("What you looked at").fill("the ticket")
            await alex.get_by_role("button", name="It was justified").click()
            await alex.get_by_text("0 waiting for a review").wait_for()

    assert home.tree.read("Device.WiFi.Radio.1.Channel") == "1"


async def break_the_glass(page: Page, typed: str) -> None:
    await page.get_by_role("button", name="Break the glass …").click()
    await page.get_by_label("Ticket").fill("INC-7")
    await page.get_by_label("What cannot wait").fill("no telephone otherwise")
    await page.get_by_label("Type the device's id").fill(typed)
    await page.get_by_role("button", name="Break the glass", exact=True).click()


async def nobody_enters_with_a_wrong_token(browser: Browser, running: Any) -> None:
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{running.stage.api}/devices")
    await enter_with(page, "gwt_wrong")
    await page.get_by_text("No valid API token").wait_for()
    assert "HL-2400" not in await page.content()


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_device_has_a_page_of_what_it_is_and_was(
    browser: Browser,
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
) -> None:
    home = cast["congested"].home
    with product() as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            await asyncio.to_thread(running.desk("olga").post, "/v1/inventory", books)
            await asyncio.to_thread(running.until_known, home.id)
            said = "The Wi-Fi is slow in the evening."
            await asyncio.to_thread(lambda: list(running.desk("sam").say(home.id, said)))
            sam = await signed_in(browser, running, "sam")
            await sam.goto(f"{running.stage.api}/devices")
            await sam.get_by_text(home.id, exact=True).click()
            await sam.get_by_text("Connection request (HTTP)").wait_for()
            await sam.get_by_text("reset, or new here").wait_for()
            await sam.locator(".gw-spark path").first.wait_for(state="attached")
            await sam.get_by_placeholder("Part of a path").fill("Radio.1.Channel")
            await sam.get_by_text("Device.WiFi.Radio.1.Channel", exact=True).click()
            await sam.locator("canvas").wait_for()
            await sam.get_by_placeholder("Part of a path").fill("KeyPassphrase")
            await sam.get_by_text("••••••••").first.wait_for()
            shown = await sam.locator(".gw-entries").last.inner_text()
            await sam.set_viewport_size({"width": 1300, "height": 2400})
            assert "KeyPassphrase" in shown
            assert home.tree.read("Device.WiFi.AccessPoint.1.Security.KeyPassphrase") not in shown
