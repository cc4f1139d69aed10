"""Short lives: a few steps of the machine, each of which ends well unless a fault is planted."""

from typing import Any

from brain.domain.approval import Answer
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Author
from evals.workbench import CHANNEL
from tests.invariants.databases import Databases
from tests.invariants.machine import Life, living_on

Step = tuple[str, dict[str, Any]]


def begin(plan: str = "channel 11", *, asked: bool = False, promised: bool = False) -> Step:
    """Sam asked for this; ``asked``: and nobody has answered yet."""
    return "begin", {"plan": plan, "asked": asked, "promised": promised}


def submit(plan: str, **but: Any) -> Step:
    usual = {"by": "sam", "author": Author.RULES, "behalf": "sub-1", "promised": False}
    return "submit", {"plan": plan, "at": 0, "case": "cas_1", **usual, **but}


def answer(who: str, *, which: int = 0, right: bool = True, times: int = 1) -> Step:
    said = {"answer": Answer.APPROVE, "right": right, "times": times}
    return "answer", {"which": which, "who": who, **said}


def stands_in(by: str, to: str, group: str = "approvers") -> Step:
    return "stands_in", {"by": by, "to": to, "group": group, "minutes": 5}


def glass(who: str = "olga", *, which: int = 0) -> Step:
    return "break_glass", {"which": which, "who": who, "right": True}


def weather(what: str) -> Step:
    return "weather", {"what": what, "asked": 3}


def run(steps: int, *, which: int = 0, anew: bool = False) -> Step:
    return "run", {"which": which, "steps": steps, "anew": anew}


def killed(moment: int) -> Step:
    return "run_is_killed", {"which": 0, "moment": moment, "known": True}


def waits(seconds: int) -> Step:
    return "time_passes", {"seconds": seconds, "swept": False}


def stranger(path: ParameterPath = CHANNEL, value: int = 3) -> Step:
    return "stranger", {"at": 0, "path": path, "value": value}


def permit(which: int = 0, plan: int = 0) -> Step:
    return "old_permit", {"which": which, "plan": plan}


def device(what: str) -> Step:
    return "device", {"what": what, "at": 0}


def tampered(how: str) -> Step:
    return "trail_is_tampered_with", {"how": how}


def metric(seen: str) -> Step:
    return "metric", {"at": 0, "seen": seen}


EVERYBODY: Step = ("everybody_approves", {"which": 0})


def live(databases: Databases, steps: tuple[Step, ...]) -> Life:
    """Take these steps, with everything checked after each, to the end of the life."""
    life = living_on(databases)()
    try:
        for name, given in steps:
            getattr(life, name)(**given)
            life.everything_holds()
    finally:
        life.teardown()
    return life
