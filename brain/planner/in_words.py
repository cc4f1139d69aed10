"""Has a language model say facts in its own words; a number that is none of theirs is refused."""

import re
from collections.abc import Sequence

from brain.domain.canonical import Json
from brain.planner.answers import SaidAnswer
from brain.planner.consulting import consult
from brain.planner.notebook import Run
from brain.planner.prompting import prompt
from brain.planner.telling import Tell
from brain.planner.words import LONGEST

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b(?:[a-z]+_[0-9a-f]{8}|Device\.[\w.]+|[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)\b")


async def in_words(run: Run, tell: Tell, facts: Sequence[str]) -> str:
    """The model's sentence over these facts; empty when it takes no part or strays from them."""
    names = run.notes.pseudonyms
    shown = [names.scrub(each) for each in facts]
    message = names.scrub(run.notes.text)[:LONGEST]
    data: dict[str, Json] = {"message": message, "facts": list(shown)}
    answer = await consult(run, tell, prompt("answer", data), SaidAnswer)
    if answer is None:
        return ""
    if not keeps_to(answer.sentence, shown):
        tell("step", "The model's answer strayed from what is known; the facts are told instead.")
        return ""
    return " ".join(names.reveal(answer.sentence).split())


def keeps_to(sentence: str, facts: Sequence[str]) -> bool:
    """Whether every number, path, code and pseudonym in the sentence stands in the facts."""
    told = " ".join(facts)
    numbers = _numbers(sentence) <= _numbers(told)
    return bool(sentence.strip()) and numbers and set(_NAME.findall(sentence)) <= _names(told)


def _numbers(text: str) -> set[str]:
    return {found.replace(",", ".").rstrip(".") for found in _NUMBER.findall(text)}


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text))
