"""A device that nobody registered is shown to a person, who lets it in, in a real browser."""

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


async def test_a_stranger_is_let_in_by_who_may_and_only_looked_at_by_others(
    browser: Browser,
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
) -> None:
    home = cast["congested"].home
    with product(GATEWRIGHT_ENROL_UNREGISTERED="false") as running:
        url = running.stage.api
        async with running_fleet([home], running.line()):
            sam = await signed_in(browser, running, "sam")
            line = sam.get_by_text("1 device waits for a person to say what they are")
            await until_shown(sam, f"{url}/devices", line)
            await line.click()
            await sam.get_by_text(home.id, exact=True).wait_for()
            assert await sam.get_by_role("button", name="Let it in").count() == 0

            olga = await signed_in(browser, running, "olga")
            await olga.goto(f"{url}/strangers")
            await olga.get_by_role("button", name="Let it in").click()
            await olga.get_by_text("given credentials of its own").wait_for()
            await olga.get_by_role("button", name="Let it in").last.click()
            await olga.get_by_text("Nobody was turned away.").wait_for()

            await sam.goto(f"{url}/devices")
            await sam.get_by_text(home.id, exact=True).wait_for()
            await sam.get_by_placeholder("Part of an id").fill("no such device")
            await sam.get_by_text("0 devices").wait_for()


async def until_shown(page: Any, address: str, wanted: Any) -> None:
    """Until the home has called."""
    for _ in range(40):
        await page.goto(address)
        if await wanted.count():
            return
        await asyncio.sleep(0.5)
    raise AssertionError(f"{address} never said so")
