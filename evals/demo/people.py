"""Who works at the demo's provider, and their tokens: made with the product's own command."""

import subprocess
import sys
from dataclasses import dataclass
from json import loads

from evals.demo.desk import StoryBroke
from evals.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Person:
    """One login of the demo."""

    name: str
    roles: tuple[str, ...]
    what: str


PEOPLE = (
    Person("sam", ("support",), "support agent: chats, proposes"),
    Person("alex", ("approver",), "approver: reviews what Sam asked for"),
    Person("olga", ("admin", "operator"), "administrator: halts, and breaks the glass"),
)


def make_tokens(stage: Stage) -> dict[str, str]:
    """A token for each person, by name."""
    running = {person.name: _making(stage, person) for person in PEOPLE}
    tokens = {}
    for name, process in running.items():
        said, complaint = process.communicate(timeout=120)
        if process.returncode:
            raise StoryBroke(f"no token for {name}: {complaint.strip()}")
        tokens[name] = str(loads(said)["token"])
    return tokens


def _making(stage: Stage, person: Person) -> "subprocess.Popen[str]":
    words = ["token", "create", "--json", "--name", person.name]
    for role in person.roles:
        words += ["--role", role]
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli.main", *words],
        env=dict(stage.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
