"""The product as a process of its own, and homes in the test's own hands."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep

import pytest
from playwright.async_api import Browser, async_playwright

from brain.ids import utc_now
from evals.demo.desk import Desk, sit_down
from evals.demo.people import make_tokens
from evals.demo.stage import Stage, running, set_stage, wait_ready
from evals.homes.cast import CAST
from evals.homes.fleet import Resident, build_fleet
from evals.homes.inventory import inventory
from evals.homes.running import Line
from evals.picture import FLAGS

SETTINGS = {
    "GATEWRIGHT_EFFECT_WITHIN": "PT3S",
    "GATEWRIGHT_LOOK_AGAIN_EVERY": "PT0.3S",
    "GATEWRIGHT_WAKE_TIMEOUT": "PT8S",
    "GATEWRIGHT_INFORM_EVERY": "PT1M",
    "GATEWRIGHT_ENROL_UNREGISTERED": "true",
}


@dataclass(slots=True)
class Product:
    """One data directory, and the process that is started on it, again and again."""

    stage: Stage
    tokens: dict[str, str] = field(default_factory=dict)
    process: "Popen[bytes] | None" = None
    desks: dict[str, Desk] = field(default_factory=dict)

    @contextmanager
    def up(self) -> Iterator["Product"]:
        """The product, started and ready."""
        with running(self.stage, "serve", ["api.cli.main", "serve"]) as process:
            self.process = process
            wait_ready(self.stage, process)
            self.tokens = self.tokens or make_tokens(self.stage)
            yield self

    def desk(self, name: str) -> Desk:
        """A signed-in person."""
        if name not in self.desks:
            self.desks[name] = sit_down(name, self.stage.api, self.tokens[name])
        return self.desks[name]

    def close(self) -> None:
        """Let go of the connections."""
        for desk in self.desks.values():
            desk.client.close()

    def until_known(self, device: str, seconds: float = 30) -> None:
        """Wait until the device's whole data model was read."""
        until = monotonic() + seconds
        while monotonic() < until:
            answer = self.desk("sam").client.get(f"/v1/devices/{device}/snapshot?limit=1")
            if answer.is_success and answer.json()["total"] > 50:
                return
            sleep(0.1)
        raise AssertionError(f"{device} never became known")

    def line(self) -> Line:
        """How homes reach it."""
        password = (self.stage.folder / "keys" / "acs.password").read_text().strip()
        return Line(acs_url=self.stage.acs, username="gatewright", password=password)

    def log(self) -> str:
        """What it wrote so far."""
        return (self.stage.folder / "serve.log").read_text(errors="replace")


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Callable[..., AbstractContextManager[Product]]]:
    """``with product(**settings) as running: ...``: an empty product of one's own."""
    made: list[Product] = []

    def start(**settings: str) -> AbstractContextManager[Product]:
        made.append(Product(set_stage(tmp_path, SETTINGS | settings, ports=(0, 0))))
        return made[-1].up()

    yield start
    for each in made:
        each.close()


@pytest.fixture
def cast() -> dict[str, Resident]:
    """The homes of the demo's cast, switched off, by what is the matter with them."""
    residents = {each.home.id: each for each in build_fleet(14, seed=1, clock=utc_now)}
    return {key: residents[device] for key, device in CAST.items()}


@pytest.fixture
def books() -> dict[str, object]:
    """The operator's inventory of the cast."""
    return dict(inventory(build_fleet(14, seed=1, clock=utc_now)))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has to have Chromium: run `make tools`")
        pytest.skip("Chromium is not installed: `make tools` installs it")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield running
        await running.close()
