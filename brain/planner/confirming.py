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
from brain.planner.recollection import Recollection
from brain.planner.words import plain

CONFIRM = "confirm"
"""The key under which a question says what a yes means: ``{"mark": "5f0c..", "cause": ".."}``."""
_ASKED = "Is that what the subscriber complains of? Yes or no, or say what they notice."


def question_about(candidate: Candidate) -> tuple[str, dict[str, Json]]:
    """The question, and its payload."""
    does = candidate.summary.rstrip(".")
    text = f"{candidate.finding.summary} What would help: {does}. {_ASKED}"
    about: dict[str, Json] = {"mark": candidate.mark, "cause": candidate.finding.cause.value}
    return text, {CONFIRM: about}


def confirmed_in(text: str, past: Recollection) -> IntakeFacts | None:
    """The facts of a yes or a no to the last question; None where it is neither, or none was asked.

    A yes is to the very change that was shown: another one is asked about anew. A no leaves nothing
    understood.
    """
    about, before = past.last_asked.get(CONFIRM), past.facts
    answer = _answer(plain(text))
    if answer is None or before is None or not isinstance(about, dict):
        return None
    if not answer:
        return IntakeFacts(symptom=Symptom.UNCLEAR, declined=True)
    return replace(before, confirmed=str(about.get("mark", "")))


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
