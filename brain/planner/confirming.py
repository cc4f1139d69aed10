"""Asks whether what was found is what hurts, where no words say so; and reads the yes or no.

Where only a language model hears a complaint, there may be none. One press of a person settles it.
"""

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from brain.domain.canonical import Json
from brain.domain.incident import Symptom
from brain.planner.candidates import Candidate
from brain.planner.facts import IntakeFacts
from brain.planner.notebook import Notebook
from brain.planner.recollection import Recollection
from brain.planner.words import plain

CONFIRM = "confirm"
"""The key under which a question says what a yes means: ``{"candidate": "dns", "cause": ...}``."""
_ASKED = "Is that what the subscriber complains of? Yes or no, or say what they notice."


def question_about(candidate: Candidate) -> tuple[str, dict[str, Json]]:
    """The question, and its payload."""
    does = candidate.summary.rstrip(".")
    text = f"{candidate.finding.summary} What would help: {does}. {_ASKED}"
    about: dict[str, Json] = {"candidate": candidate.id, "cause": candidate.finding.cause.value}
    return text, {CONFIRM: about}


def confirmed_in(text: str, past: Recollection) -> IntakeFacts | None:
    """The facts of a yes or a no to the last question; None where it is neither, or none was asked.

    A yes makes the complaint the agent's own. A no leaves nothing understood.
    """
    about, before = past.last_asked.get(CONFIRM), past.facts
    answer = _answer(plain(text))
    if answer is None or before is None or not isinstance(about, dict):
        return None
    if not answer:
        return IntakeFacts(symptom=Symptom.UNCLEAR, declined=True)
    complains = before.symptom is Symptom.UNCLEAR
    return replace(before, complains=complains, confirmed=str(about.get("candidate", "")))


def confirmed(notes: Notebook) -> Candidate | None:
    """The candidate that was said yes to, while it is still one."""
    wanted = notes.known.confirmed
    return next((each for each in notes.candidates if wanted and each.id == wanted), None)


def _answer(words: str) -> bool | None:
    """Yes, no, or neither; a word more than that is another message."""
    said = words.strip(" .!,;¡¿?")
    if _words()["yes"].fullmatch(said):
        return True
    return False if _words()["no"].fullmatch(said) else None


@cache
def _words() -> dict[str, re.Pattern[str]]:
    read = tomllib.loads((files("brain.planner") / "follow_ups.toml").read_text("utf-8"))
    return {
        name: re.compile("|".join(pattern for each in said.values() for pattern in each))
        for name, said in read["answer"].items()
    }
