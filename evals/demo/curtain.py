"""Raises the curtain: the product and the homes up, known to each other, people at their desks."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from rich.console import Console

from brain.ids import utc_now
from evals.demo.desk import Desk, StoryBroke, sit_down
from evals.demo.people import PEOPLE, make_tokens
from evals.demo.stage import Stage, running, wait_ready
from evals.homes.fleet import build_fleet
from evals.homes.inventory import inventory

HOMES = 24
SEED = 1
SETTINGS = {
    "GATEWRIGHT_EFFECT_WITHIN": "PT6S",
    "GATEWRIGHT_LOOK_AGAIN_EVERY": "PT0.5S",
    "GATEWRIGHT_INFORM_EVERY": "PT1M",
    "GATEWRIGHT_LOG_LEVEL": "info",
}


@contextmanager
def curtain(stage: Stage, console: Console) -> Iterator[dict[str, Desk]]:
    """Start the product and the homes; the people at their desks."""
    console.print(f"[bold]Gatewright[/]: the control plane and {HOMES} virtual homes")
    with running(stage, "serve", ["api.cli.main", "serve"]) as product:
        with console.status("starting the control plane ..."):
            wait_ready(stage, product)
            tokens = make_tokens(stage)
        desks = {
            person.name: sit_down(person.name, stage.api, tokens[person.name]) for person in PEOPLE
        }
        books = inventory(build_fleet(HOMES, seed=SEED, clock=utc_now))
        desks["olga"].post("/v1/inventory", books)
        with running(stage, "homes", _homes(stage)):
            with console.status(f"{HOMES} homes call in over TR-069 ..."):
                _wait_for_homes(desks["olga"])
            console.print(f"  {HOMES} homes are up and known", style="dim")
            yield desks
    for desk in desks.values():
        desk.client.close()


def _homes(stage: Stage) -> list[str]:
    """The process of the homes: before our own ACS, or behind a stand-in for GenieACS."""
    many = ["--count", str(HOMES), "--seed", str(SEED)]
    if stage.genieacs:
        return ["evals.standins.genieacs", "--port", str(stage.genieacs), *many]
    password = str(stage.folder / "keys" / "acs.password")
    return ["evals.homes", "--acs", stage.acs, *many, "--password-file", password]


def _wait_for_homes(desk: Desk, seconds: float = 120) -> None:
    """Every device has been heard from and its whole data model read."""
    until = monotonic() + seconds
    waiting = [str(each["id"]) for each in desk.get("/v1/devices", limit=100)["items"]]
    if len(waiting) != HOMES:
        raise StoryBroke(f"{len(waiting)} devices in the inventory, not {HOMES}")
    while waiting:
        if monotonic() > until:
            raise StoryBroke(f"{len(waiting)} homes are not known after {seconds:.0f} s")
        if desk.client.get(f"/v1/devices/{waiting[0]}/snapshot", params={"limit": 1}).is_success:
            device = desk.get(f"/v1/devices/{waiting[0]}/snapshot", limit=1)
            if device["total"] > 50:
                waiting.pop(0)
                continue
        sleep(0.1)
