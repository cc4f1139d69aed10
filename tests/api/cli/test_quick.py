"""A command imports what it needs when it runs: most of a short one's time went into the rest."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from api.cli.later import Later
from api.cli.main import TOPICS, app

SERVERS = ("api.process", "api.app", "brain.wiring", "fastapi", "nicegui", "uvicorn")
STORES = ("sqlalchemy", "alembic", "dbos", "brain.store.store", "cryptography")
PLANNERS = ("langgraph", "langchain_core", "openai", "brain.planner.run")
HOMES = ("evals.homes", "evals.demo", "regopy", "executors.durable")
HEAVY = (*SERVERS, *STORES, *PLANNERS, *HOMES)

SAYS = """
import sys
from typer.testing import CliRunner
from api.cli.main import app
ran = CliRunner().invoke(app, sys.argv[1:])
print(ran.exit_code, *sys.modules)
"""


def imported(*words: str) -> tuple[int, set[str]]:
    """The exit code of a command in a process of its own, and everything that it imported."""
    ran = subprocess.run(
        [sys.executable, "-c", SAYS, *words],
        capture_output=True,
        check=True,
        text=True,
        env={"GATEWRIGHT_URL": "http://127.0.0.1:9", "GATEWRIGHT_TOKEN": "gwt_nobody"},
    )
    code, *modules = ran.stdout.split()
    return int(code), set(modules)


def test_help_imports_neither_a_server_nor_what_talks_to_one() -> None:
    code, modules = imported("--help")

    assert code == 0
    assert "api.cli.main" in modules
    assert not modules & {*HEAVY, "httpx", "pydantic", "brain.settings", "api.cli.cases"}


@pytest.mark.parametrize(
    "words",
    [
        "case list",
        "device list",
        "changes list",
        "reviews list",
        "approve chg_1 --digest sha256:0",
        "break-glass list",
        "webhook list",
        "session list",
        "halt status",
        "policy status",
        "chat slow --device dev_1",
    ],
)
def test_a_command_that_only_asks_a_server_imports_none(words: str) -> None:
    code, modules = imported(*words.split())

    assert code == 1, "nobody answers at that address"
    assert "api.cli.server" in modules
    assert not modules & set(HEAVY)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_what_help_says_of_a_command_is_what_the_command_says_of_itself(topic: Later) -> None:
    said = topic.itself().help or ""

    assert said.splitlines()[0] == topic.help


def test_a_wrong_word_is_told_which_one_was_meant() -> None:
    ran = CliRunner().invoke(app, ["devise", "list"])

    assert ran.exit_code == 2
    assert "'device'" in ran.stderr


def test_a_topic_that_is_loaded_late_still_has_its_own_help() -> None:
    ran = CliRunner().invoke(app, ["policy", "check", "-h"])

    assert ran.exit_code == 0
    assert "lint them" in ran.stdout
    assert "--json" in ran.stdout


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        (["user", "add"], "automation,"),
        (["token", "create"], "automation,"),
        (["webhook", "add"], "change.awaiting_approval,"),
    ],
)
def test_no_choice_is_broken_in_the_middle_of_a_word(words: list[str], whole: str) -> None:
    narrow = {"COLUMNS": "80", "TERMINAL_WIDTH": "80"}
    ran = CliRunner().invoke(app, [*words, "--help"], env=narrow)

    assert whole in ran.stdout.split()
    assert not any("|" in each for each in ran.stdout.split())
