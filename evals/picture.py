"""``python -m evals.picture``: the console's pictures for the README, from the running product.

They are SVG, drawn from the page itself: sharp at any size, and text that a review can read. Needs
Chromium and pdftocairo (Debian: chromium, poppler-utils).
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from evals.demo.curtain import SETTINGS, curtain
from evals.demo.stage import Stage, set_stage
from evals.homes.cast import ROLES

CHROMIUM = "/usr/bin/chromium"
FOLDER = Path("docs/pictures")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
_WIDTH, _HEIGHT = 1280, 1120


def main() -> int:
    """Play one act in the browser; write ``chat.svg`` and ``review.svg``."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gatewright-picture-") as folder:
        stage = set_stage(Path(folder), SETTINGS, ports=(0, 0))
        with curtain(stage, Console(stderr=True)) as desks, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            for name, scene in (("sam", _chat), ("alex", _review)):
                page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
                sign_in(page, stage, desks[name].token)
                scene(page, stage)
                _draw(page, Path(folder), scene.__name__.strip("_"))
            browser.close()
    return 0


def sign_in(page: Page, stage: Stage, token: str) -> None:
    """Through the door that people use."""
    page.goto(f"{stage.api}/sign-in")
    page.get_by_label("Access token").fill(token)
    page.get_by_role("button", name="Enter with this token").click()
    page.wait_for_url(re.compile(r"/$"))


def complain(page: Page, stage: Stage, key: str) -> None:
    """Say what a member of the cast says, about their device."""
    role = next(each for each in ROLES if each.key == key)
    page.goto(f"{stage.api}/?device={role.device}")
    page.get_by_placeholder("What does the subscriber say?").fill(role.says)
    page.get_by_role("button", name="Send").click()


def _chat(page: Page, stage: Stage) -> None:
    complain(page, stage, "congested")
    page.get_by_role("link", name="Open the review").wait_for(timeout=30_000)
    page.wait_for_timeout(800)


def _review(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.api}/reviews")
    page.get_by_role("button", name="Approve this plan").wait_for(timeout=30_000)


def _draw(page: Page, folder: Path, name: str) -> None:
    printed = folder / f"{name}.pdf"
    page.emulate_media(media="screen")
    page.pdf(
        path=str(printed),
        width=f"{_WIDTH}px",
        height=f"{_HEIGHT + 4}px",
        print_background=True,
        page_ranges="1",
    )
    subprocess.run(["pdftocairo", "-svg", printed, FOLDER / f"{name}.svg"], check=True)


if __name__ == "__main__":
    sys.exit(main())
