"""``gatewright demo``: set the stage, tell the story, keep the console up until told to stop."""

import signal
import tempfile
from json import dumps
from pathlib import Path
from time import monotonic, sleep

import httpx
from rich.console import Console

from evals.demo.acts import Story
from evals.demo.curtain import SETTINGS, curtain
from evals.demo.desk import Desk, StoryBroke
from evals.demo.people import PEOPLE
from evals.demo.stage import Stage, set_stage
from evals.demo.told import Teller


def run_demo(*, once: bool, console: Console | None = None, controller: str = "") -> int:
    """Tell the whole story, over ``controller`` (``genieacs``) instead of our own ACS; 0 only when
    all of it held."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = 120
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="gatewright-demo-") as folder:
        stage = set_stage(Path(folder), SETTINGS, controller=controller)
        try:
            with curtain(stage, console) as desks:
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
        token = desks[person.name].token
        console.print(f"  {person.name:<6} {person.what:<44} token {token}", soft_wrap=True)
    console.print(f"  Ctrl-C ends the demo and removes what it made: {stage.folder}", style="dim")
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
