"""Whoever answers for rules in the console reads what they change above the buttons."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from policies.bundle import Bundle
from tests.integration.test_console import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CORE = "gatewright/core/core.rego"


def other_rules() -> Bundle:
    """Rules with a number, a file and a rule that the shipped ones have otherwise."""
    shipped = Bundle.load()
    modules = {**shipped.modules, CORE: shipped.modules[CORE] + "\n# <b>a word more</b>\n"}
    changed = Bundle.of(modules, shipped.data)
    roles: Any = shipped.data["roles"]
    return changed.with_numbers({"roles": {"support": [*roles["support"], "approve"]}})


async def top(page: Page, text: str) -> float:
    box = await page.get_by_text(text, exact=True).first.bounding_box()
    assert box is not None, f"{text} is not on the page"
    return box["y"]


@pytest.mark.timeout(120)
async def test_the_difference_stands_above_the_buttons_and_is_text(
    browser: Browser, product: Callable[..., AbstractContextManager[Any]]
) -> None:
    sent = {"bundle": b64encode(other_rules().to_tar_gz()).decode(), "reason": "a try"}
    with product() as running:
        olga = running.desk("olga").client
        answer = await asyncio.to_thread(olga.post, "/v1/policy/changes", json=sent)
        assert '"state":"proposed"' in answer.text
        alex = await signed_in(browser, running, "alex")
        await alex.goto(f"{running.stage.api}/policy")
        button = alex.get_by_role("button", name="Let these rules decide")
        await button.wait_for()

        decide = await button.bounding_box()
        assert decide is not None
        assert await top(alex, "roles.support") < decide["y"]
        assert await top(alex, CORE) < await top(alex, "+# <b>a word more</b>") < decide["y"]
        assert await alex.get_by_text("Rules removed").count() == 0
