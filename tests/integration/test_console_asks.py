"""The console asks with two buttons whether what was found is what hurts."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from evals.homes.fleet import Resident
from evals.homes.running import running_fleet
from evals.standins.curious import curious
from evals.standins.llm import LanguageServer
from evals.standins.serving import serving
from tests.integration.test_console import signed_in

UNHEARD = "He says it is like wading through treacle."
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]


async def test_yes_proposes_what_was_asked_about_unless_somebody_went_on(
    browser: Browser,
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
) -> None:
    home = cast["congested"].home
    async with serving(LanguageServer(curious("slow_wifi"))) as url:
        model = {"OPENAI_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": "none"}
        with product(**model, GATEWRIGHT_LLM_MODEL="curious") as running:
            async with running_fleet([home], running.line()) as fleet:
                await fleet.until_up(seconds=30)
                await asyncio.to_thread(running.desk("olga").post, "/v1/inventory", books)
                await asyncio.to_thread(running.until_known, home.id)

                first = await signed_in(browser, running, "sam")
                await first.goto(f"{running.stage.api}/?device={home.id}")
                await say(first, UNHEARD)
                await first.get_by_role("button", name="Yes").wait_for(timeout=60_000)
                (case,) = running.desk("sam").get("/v1/cases")["items"]

                second = await first.context.new_page()
                await second.goto(f"{running.stage.api}/?case={case['id']}")
                await second.get_by_role("button", name="No").click()
                await second.get_by_text("What does the subscriber notice").first.wait_for()

                await first.get_by_role("button", name="Yes").click()
                await first.get_by_text("Somebody went on with this case").wait_for()
                assert running.desk("sam").get("/v1/changes")["items"] == []

                await say(second, UNHEARD)
                await second.get_by_role("button", name="Yes").click(timeout=60_000)
                await second.get_by_role("link", name="Open the review").wait_for(timeout=60_000)
                (change,) = running.desk("sam").get("/v1/changes")["items"]

    assert change["state"] == "awaiting_approval"


async def say(page: Page, words: str) -> None:
    await page.get_by_placeholder("What does the subscriber say?").fill(words)
    await page.get_by_role("button", name="Send").click()
