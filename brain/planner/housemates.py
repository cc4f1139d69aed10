"""Which device of the home somebody means, by the words for it."""

import re
from collections.abc import Sequence

from brain.domain.canonical import Json
from brain.planner.recollection import Housemate
from brain.planner.telling import called
from brain.planner.words import plain

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "extender",
        re.compile(
            r"\b(?:extender|repeater|booster|mesh|satellite|pod|access point|verstärker|versterker"
            r"|répéteur|repetidor|amplificador)"
        ),
    ),
    ("set-top", re.compile(r"\b(?:set-?top|décodeur|decodificador|tv box)")),
    ("ont", re.compile(r"\b(?:ont|modem|fib(?:re|er) box)\b")),
    ("gateway", re.compile(r"\b(?:router|gateway|passerelle|hub)\b")),
)
_SHORTEST = 2
"""Characters of a name that can be told from the words around it."""


def meant(text: str, housemates: Sequence[Housemate]) -> tuple[Housemate, ...]:
    """Those that the text can mean: by name, else by kind, else all of them."""
    named = named_in(text, housemates)
    return named or _of_kind(plain(text), housemates) or tuple(housemates)


def named_in(
    text: str, housemates: Sequence[Housemate], *, among: Sequence[Json] | None = None
) -> tuple[Housemate, ...]:
    """Those whose model, serial number or id stands in the text."""
    words = f" {plain(text)} "
    return tuple(
        each
        for each in housemates
        if (among is None or each.device.id in among)
        and any(_stands(name, words) for name in _names(each))
    )


def listed(housemates: Sequence[Housemate]) -> str:
    """What an agent can choose from, in words."""
    return "; ".join(f"{called(each.device)} ({each.device.serial})" for each in housemates)


def _of_kind(words: str, housemates: Sequence[Housemate]) -> tuple[Housemate, ...]:
    for kind, sign in _KINDS:
        if sign.search(words):
            return tuple(each for each in housemates if kind in each.kinds)
    return ()


def _names(housemate: Housemate) -> tuple[str, ...]:
    device = housemate.device
    given = (device.model, device.product_class, device.serial, device.id)
    return tuple(plain(name) for name in given if len(name) >= _SHORTEST)


def _stands(name: str, words: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words) is not None
