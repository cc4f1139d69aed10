"""Tells by its words what hurts, or only that something does (``signs.toml``)."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from brain.domain.incident import Symptom

_PATH = re.compile(r"\bdevice\.\S+")
"""A parameter's name says nothing of what hurts, whatever words it is made of."""
_UMLAUTS = str.maketrans({"ä": "ae?", "ö": "oe?", "ü": "ue?", "ß": "ss"})
"""In signs: the dots may be written as an e, and small letters here have no ß."""
_UNSAID = re.compile(r"\b(ca|wo|do|does|did|is|are|was|has|have|could|would)nt\b")
"""What people leave out of *can't* and its like. ``wont`` and ``cant`` are no words here."""


def symptom_in(words: str) -> Symptom | None:
    """What hurts, by the first sign that fits; None when none does. ``words`` are plain."""
    bare = _bare(words)
    return next((symptom for symptom, sign in signs() if sign.search(bare)), None)


def complains(words: str) -> bool:
    """Whether something of the home is named, and that it hurts: enough to look for the cause."""
    bare = _bare(words)
    return all(sign.search(bare) for sign in _complaint())


@cache
def signs() -> tuple[tuple[Symptom, re.Pattern[str]], ...]:
    """The signs of ``signs.toml``, in its order."""
    return tuple(
        (
            Symptom(entry["symptom"]),
            _pattern(chain(*(each for name, each in entry.items() if name != "symptom"))),
        )
        for entry in _read()["sign"]
    )


@cache
def _complaint() -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(each) for each in _read()["complaint"].values())


@cache
def _read() -> dict[str, Any]:  # TOML
    return tomllib.loads((files("brain.planner") / "signs.toml").read_text("utf-8"))


def _pattern(patterns: Iterable[str]) -> re.Pattern[str]:
    listed: Mapping[str, str] = _read()["words"]
    whole = "|".join(patterns)
    for name, words in listed.items():
        whole = whole.replace(name, words)
    return re.compile(_without_accents(whole.translate(_UMLAUTS)))


def _bare(words: str) -> str:
    return _UNSAID.sub(r"\1n't", _without_accents(_PATH.sub(" ", words)))


def _without_accents(text: str) -> str:
    """Letters without marks, and those of other widths as plain ones."""
    parted = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parted if not unicodedata.combining(each))
