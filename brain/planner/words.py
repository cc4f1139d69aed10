"""Reads a message by its words, in English, German, Dutch, Spanish and French."""

import re

from brain.domain.incident import Symptom
from brain.planner.facts import Band, IntakeFacts
from brain.planner.quoting import is_borrowed, own_words
from brain.planner.requests import addresses_in, read_request
from brain.planner.signs import complains, symptom_in

LONGEST = 4_000
"""Characters of a message that are read; nobody describes a home network in more."""

_LAST_PORT = 65_535
_BANDS: tuple[tuple[Band, str], ...] = (
    (Band.GHZ_2_4, r"2[.,]4"),
    (Band.GHZ_5, r"(?<![\d.,])5(?=\s?-?\s?(?:g\b|ghz))"),
    (Band.GHZ_6, r"(?<![\d.,])6(?=\s?-?\s?(?:g\b|ghz))"),
)


def read_message(text: str, *, known: Symptom = Symptom.UNCLEAR) -> IntakeFacts:
    """The facts of a message; ``known`` is the symptom the case already has.

    Behind a complaint, a wish that is quoted or that claims to be approved is not the agent's own:
    the complaint is read, and the wish is passed over.
    """
    text = text[:LONGEST]
    own = own_words(text) if _complains(own_words(text)) else text
    words = plain(own)
    request, wished = read_request(own, words), read_request(text, plain(text))
    if request is not None and not (_complains(own) and is_borrowed(words)):
        return IntakeFacts(symptom=Symptom.EXPLICIT_REQUEST, band=_band(words), request=request)
    symptom, named = symptom_in(words) or known, addresses_in(words)
    return IntakeFacts(
        symptom=symptom,
        band=_band(words),
        address=named[0] if len(named) == 1 else "",
        port=_port(words),
        transport=_transport(words),
        complains=symptom is Symptom.UNCLEAR and complains(words),
        passed_over=wished is not None,
    )


def plain(text: str) -> str:
    """Small letters and single spaces, no longer than is read."""
    return " ".join(text[:LONGEST].casefold().replace("\u2019", "'").split())


def _complains(text: str) -> bool:
    words = plain(text)
    return symptom_in(words) is not None or complains(words)


def _port(words: str) -> int:
    named = {int(each) for each in re.findall(r"\b(?:port|poort|puerto)\s*(\d{1,5})\b", words)}
    port = named.pop() if len(named) == 1 else 0
    return port if port <= _LAST_PORT else 0


def _transport(words: str) -> str:
    named = set(re.findall(r"\b(tcp|udp)\b", words))
    return "UDP" if named == {"udp"} else "TCP"


def _band(words: str) -> Band | None:
    named = [band for band, sign in _BANDS if re.search(sign, words)]
    return named[0] if len(named) == 1 else None
