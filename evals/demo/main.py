"""``gatewright demo``: set the stage, tell the story, keep the console up until told to stop."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps
from pathlib import Path
from time import monotonic, sleep

import httpx
from rich.console import Console

from brain.ids import utc_now
from evals.demo.acts import Story
from evals.demo.desk import Desk, StoryBroke
from evals.demo.people import PEOPLE, make_tokens
from evals.demo.stage import Stage, running, set_stage, wait_ready
from evals.demo.told import Teller
from evals.homes.fleet import build_fleet
from evals.homes.inventory import inventory

HOMES = 24
SEED = 1
_SETTINGS = {
    "GATEWRIGHT_EFFECT_WITHIN": "PT6S",
    "GATEWRIGHT_LOOK_AGAIN_EVERY": "PT0.5S",
    "GATEWRIGHT_LOG_LEVEL": "info",
}


def run_demo(*, once: bool, console: Console | None = None) -> int:
    """Tell the whole story; 0 only when all of it held."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = 120
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="gatewright-demo-") as folder:
        stage = set_stage(Path(folder), _SETTINGS)
        try:
            with _curtain(stage, console) as desks:
                story = Story(support=desks["sam"], approver=desks["alex"], teller=Teller(console))
                line = _tell(story, desks["olga"], began)
                console.print(line, soft_wrap=True)
                if not once:
                    _stay(stage, desks, console)
        except (StoryBroke, httpx.HTTPError) as broke:
            console.print(f"demo failed: {broke}", style="red", markup=False, soft_wrap=True)
            console.print(_tail(stage), markup=False, style="dim", soft_wrap=True)
            return 1
    return 0


@contextmanager
def _curtain(stage: Stage, console: Console) -> Iterator[dict[str, Desk]]:
    """Start the product and the homes; the people at their desks."""
    console.print(f"[bold]Gatewright[/]: the control plane and {HOMES} virtual homes")
    with running(stage, "serve", ["api.cli.main", "serve"]) as product:
        with console.status("starting the control plane ..."):
            wait_ready(stage, product)
            tokens = make_tokens(stage)
        desks = {
            person.name: Desk(
                person.name,
                httpx.Client(
                    base_url=stage.api,
                    headers={"Authorization": f"Bearer {tokens[person.name]}"},
                    timeout=60,
                ),
            )
            for person in PEOPLE
        }
        books = inventory(build_fleet(HOMES, seed=SEED, clock=utc_now))
        desks["olga"].post("/v1/inventory", books)
        homes = ["evals.homes", "--acs", stage.acs, "--count", str(HOMES), "--seed", str(SEED)]
        password = str(stage.folder / "keys" / "acs.password")
        with running(stage, "homes", [*homes, "--password-file", password]):
            with console.status(f"{HOMES} homes call in over TR-069 ..."):
                _wait_for_homes(desks["olga"])
            console.print(f"  {HOMES} homes are up and known, in {stage.folder}", style="dim")
            yield desks
    for desk in desks.values():
        desk.client.close()


def _wait_for_homes(desk: Desk, seconds: float = 40) -> None:
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


def _tell(story: Story, operator: Desk, began: float) -> str:
    story.mended()
    story.denied()
    story.taken_back()
    story.upstream()
    report = operator.post("/v1/audit/verify")
    if not report["ok"]:
        raise StoryBroke(f"the audit trail does not verify: {dumps(report['problems'])}")
    story.teller.console.print()
    story.teller.line("audit", f"{report['records']} records, the chain verifies", "green")
    counts = " ".join(
        f"{key}={story.tally[key]}"
        for key in (
            "proposed",
            "denied",
            "approved",
            "applied",
            "verified",
            "rolled_back",
            "upstream",
        )
    )
    return f"demo ok: {counts} audit=verified seconds={monotonic() - began:.0f}"


def _stay(stage: Stage, desks: dict[str, Desk], console: Console) -> None:
    """Keep everything up until Ctrl-C."""
    console.print()
    console.rule("[bold]The console is yours", align="left")
    console.print(f"  {stage.api}", style="bold")
    for person in PEOPLE:
        token = desks[person.name].client.headers["Authorization"].removeprefix("Bearer ")
        console.print(f"  {person.name:<6} {person.what:<44} token {token}", soft_wrap=True)
    console.print("  Ctrl-C ends the demo and removes what it made.", style="dim")
    stopped = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not stopped:
        sleep(0.2)


def _tail(stage: Stage, lines: int = 15) -> str:
    """The end of the product's log without what went well, before the folder goes."""
    log = stage.folder / "serve.log"
    said = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([line for line in said if '"level": "info"' not in line][-lines:])
