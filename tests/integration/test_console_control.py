"""What can be stopped in the console, and what it says while policy cannot be asked."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from playwright.async_api import Browser

from evals.demo.stage import free_port
from evals.homes.fleet import Resident
from evals.homes.running import running_fleet
from policies.bundle import Bundle
from tests.integration.test_console import signed_in
from tests.integration.test_kill import CHANNEL, _proposed
from tests.policies.conftest import opa_binary
from tests.policies.engines.serving import start

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]
__all__ = ["opa_binary"]
Product = Callable[..., AbstractContextManager[Any]]
_LONG = (
    'schedule: {freezes: {moving: {from: "2026-01-01T00:00:00Z", until: "2099-01-01T00:00:00Z"}}}\n'
)


async def test_what_is_approved_and_waits_can_be_taken_back_and_rejected(
    browser: Browser,
    product: Product,
    cast: dict[str, Resident],
    books: dict[str, object],
    tmp_path: Path,
) -> None:
    (tmp_path / "policy.yaml").write_text(_LONG)
    home = cast["congested"].home
    before = home.tree.read(CHANNEL)
    with product(GATEWRIGHT_POLICY_DATA=str(tmp_path / "policy.yaml")) as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            change = await asyncio.to_thread(_proposed, running, books, home.id)
            alex = await signed_in(browser, running, "alex")
            await alex.get_by_role("button", name="Approve this plan").click()
            await alex.get_by_role("link", name="Open the review").click()
            await alex.get_by_role("button", name="Take my approval back").click()
            await alex.get_by_text("awaiting approval", exact=True).wait_for()
            await alex.get_by_role("link", name="Open the review").click()
            await alex.get_by_role("button", name="Approve this plan").click()
            await alex.get_by_role("link", name="Open the review").click()
            await alex.get_by_role("button", name="Reject").click()
            await alex.get_by_text("rejected", exact=True).first.wait_for()
            road = await asyncio.to_thread(running.desk("sam").road, change["id"])

    assert [each["answer"] for each in road["approvals"]] == [
        *("approve", "take_back", "approve", "reject"),
    ]
    assert road["permits"] == []
    assert home.tree.read(CHANNEL) == before


async def test_an_operator_halts_everything_from_any_page_and_lifts_it(
    browser: Browser, product: Product
) -> None:
    with product() as running:
        olga = await signed_in(browser, running, "olga")
        await olga.get_by_role("button", name="Halt …").click()
        await olga.get_by_role("button", name="Halt all changes").click()
        await olga.get_by_text("Say why").wait_for()
        unsaid = await asyncio.to_thread(running.desk("sam").get, "/v1/halt")
        await olga.get_by_label("Why").fill("the north is dark")
        await olga.get_by_role("button", name="Halt all changes").click()
        await olga.get_by_text("Halted: no change is carried out").wait_for()
        halted = await asyncio.to_thread(running.desk("sam").get, "/v1/halt")
        sam = await signed_in(browser, running, "sam")
        await sam.get_by_text("Halted: no change is carried out").wait_for()
        others = await sam.get_by_role("button", name=re.compile("Lift|Halt")).count()
        await olga.get_by_role("button", name="Lift the halt").click()
        await olga.get_by_role("button", name="Halt …").wait_for()
        lifted = await asyncio.to_thread(running.desk("sam").get, "/v1/halt")

    assert [each["halted"] for each in (unsaid, halted, lifted)] == [False, True, False]
    assert others == 0


@pytest.mark.opa
async def test_every_page_says_why_nothing_is_allowed_for_as_long_as_policy_cannot_be_asked(
    browser: Browser, product: Product, opa_binary: str, tmp_path: Path
) -> None:
    port, packed = free_port(), tmp_path / "rules.tar.gz"
    packed.write_bytes(Bundle.load().to_tar_gz())
    with ExitStack() as stack:
        server = stack.enter_context(closing_process(start(opa_binary, port, packed)))
        running = stack.enter_context(product(GATEWRIGHT_OPA_URL=f"http://127.0.0.1:{port}"))
        sam = await signed_in(browser, running, "sam")
        told = sam.get_by_text("Policy cannot be asked, so nothing is allowed")
        well = await told.count()
        server.kill()
        await sam.reload()
        await told.wait_for()
        said = await told.text_content()
        stack.enter_context(closing_process(start(opa_binary, port, packed)))
        await sam.reload()
        await sam.get_by_text("waiting for you").wait_for()
        again = await told.count()

    assert "OPA server cannot be reached" in (said or "")
    assert (well, again) == (0, 0)


@contextmanager
def closing_process(process: "Popen[bytes]") -> Iterator["Popen[bytes]"]:
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


async def test_the_menu_says_what_one_is_trusted_with_and_leads_out(
    browser: Browser, product: Product
) -> None:
    with product() as running:
        alex = await signed_in(browser, running, "alex")
        await alex.get_by_role("button", name="alex").click()
        await alex.get_by_text("approver; of approvers").wait_for()
        await alex.get_by_text("Sign out", exact=True).click()
        await alex.wait_for_url(re.compile("/sign-in"))
        await alex.goto(f"{running.stage.api}/reviews")
        await alex.wait_for_url(re.compile("/sign-in"))
        shown = await alex.content()

    assert "waiting for you" not in shown
