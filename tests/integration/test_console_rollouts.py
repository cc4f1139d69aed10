"""A rollout over real homes, watched and stopped in a real browser."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.async_api import Browser

from evals.homes.fleet import Resident
from evals.homes.running import running_fleet
from tests.integration.test_console import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]
CHANNEL = "Device.WiFi.Radio.1.Channel"


def wanted(name: str, device: str, channel: str) -> dict[str, object]:
    return {
        "name": name,
        "steps": [{"path": CHANNEL, "value": channel}],
        "devices": [device],
    }


async def test_a_rollout_is_watched_to_its_end_and_another_is_stopped(
    browser: Browser,
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
) -> None:
    home = cast["congested"].home
    with product() as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            olga = running.desk("olga")
            await asyncio.to_thread(olga.post, "/v1/inventory", books)
            await asyncio.to_thread(running.until_known, home.id)
            await asyncio.to_thread(
                olga.post, "/v1/rollouts", wanted("Off channel 6", home.id, "1")
            )

            alex = await signed_in(browser, running, "alex")
            await alex.get_by_text(CHANNEL, exact=True).first.wait_for()
            await alex.get_by_role("button", name="Approve this plan").click()
            await alex.wait_for_url("**/changes/*")
            await alex.goto(f"{running.stage.api}/rollouts")
            await alex.get_by_text("1 of 1 succeeded").wait_for(timeout=60_000)
            await alex.get_by_text("done", exact=True).wait_for()
            await alex.get_by_role("link", name="Off channel 6").click()
            await alex.get_by_text(home.id).wait_for()
            assert await alex.get_by_role("button", name="Stop this rollout").count() == 0

            await asyncio.to_thread(olga.post, "/v1/rollouts", wanted("Back", home.id, "11"))
            page = await signed_in(browser, running, "olga")
            await page.goto(f"{running.stage.api}/rollouts")
            await page.get_by_text("1 wait for people").wait_for(timeout=30_000)
            await page.get_by_role("link", name="Back").click()
            await page.get_by_label("Why").last.fill("the phone rings")
            await page.get_by_role("button", name="Stop this rollout").click()
            await page.get_by_text("stopped", exact=True).wait_for(timeout=30_000)
            await page.get_by_text("superseded", exact=True).wait_for()

    assert home.tree.read(CHANNEL) == "1"
