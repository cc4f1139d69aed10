"""Reads a message by its words, in English, German, Dutch, Spanish and French (``signs.toml``)."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from brain.domain.incident import Symptom
from brain.planner.facts import Band, IntakeFacts
from brain.planner.requests import addresses_in, read_request

LONGEST = 4_000
"""Characters of a message that are read; nobody describes a home network in more."""

_CLAIMED = r"\b(?:pre-?)?approved\b|\bverdict\b"
"""Beside a complaint, a wish that brings its own approval is no agent's: the complaint is read."""
_LAST_PORT = 65_535
_BANDS: tuple[tuple[Band, str], ...] = (
    (Band.GHZ_2_4, r"2[.,]4"),
    (Band.GHZ_5, r"(?<![\d.,])5(?=\s?-?\s?(?:g\b|ghz))"),
    (Band.GHZ_6, r"(?<![\d.,])6(?=\s?-?\s?(?:g\b|ghz))"),
)


def read_message(text: str, *, known: Symptom = Symptom.UNCLEAR) -> IntakeFacts:
    """The facts of a message; ``known`` is the symptom the case already has."""
    words = plain(text)
    band = _band(words)
    request, symptom = read_request(text[:LONGEST], words), _symptom(words)
    if request is not None and not (symptom and re.search(_CLAIMED, words)):
        return IntakeFacts(symptom=Symptom.EXPLICIT_REQUEST, band=band, request=request)
    named = addresses_in(words)
    address = named[0] if len(named) == 1 else ""
    return IntakeFacts(symptom=symptom or known, band=band, address=address, port=_port(words))


def plain(text: str) -> str:
    """Small letters and single spaces, no longer than is read."""
    return " ".join(text[:LONGEST].casefold().replace("\u2019", "'").split())


@cache
def signs() -> tuple[tuple[Symptom, re.Pattern[str]], ...]:
    """The signs of ``signs.toml``, in its order."""
    read = tomllib.loads((files("brain.planner") / "signs.toml").read_text("utf-8"))
    return tuple(
        (Symptom(entry.pop("symptom")), re.compile("|".join(_patterns(entry, read["words"]))))
        for entry in read["sign"]
    )


def _patterns(by_language: dict[str, list[str]], words: dict[str, str]) -> Iterator[str]:
    for patterns in by_language.values():
        for pattern in patterns:
            for name, listed in words.items():
                pattern = pattern.replace(name, listed)
            yield pattern


def _symptom(words: str) -> Symptom | None:
    return next((symptom for symptom, sign in signs() if sign.search(words)), None)


def _port(words: str) -> int:
    named = {int(each) for each in re.findall(r"\b(?:port|poort|puerto)\s*(\d{1,5})\b", words)}
    port = named.pop() if len(named) == 1 else 0
    return port if port <= _LAST_PORT else 0


def _band(words: str) -> Band | None:
    named = [band for band, sign in _BANDS if re.search(sign, words)]
    return named[0] if len(named) == 1 else None
