"""Values that both models have under different words."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from json import loads

from brain.datamodel.catalogue import catalogue
from brain.datamodel.translation.binding import Look, Sets

_ANY_OTHER = "*"

Words = Mapping[str, str | None]
"""TR-181's word for each of TR-098's; ``*`` stands for every other word, None for no word."""


def from_words(look: Look, table: str = "") -> str | None:
    """TR-181's word; None when there is none, or when the device uses a word of its own."""
    words = _tables()[table or look.at.row.argument]
    text = look.text
    if text in words:
        return words[text]
    return text if _ANY_OTHER in words else None


def to_words(value: str, look: Look) -> Sets | None:
    """TR-098's word, when exactly one means it."""
    words = _tables()[look.at.row.argument]
    if _ANY_OTHER in words and _is_known(value, look):
        return look.set(value)
    found = [old for old, new in words.items() if new == value and old != _ANY_OTHER]
    if not found and _ANY_OTHER in words:
        return look.set(value)
    return look.set(found[0]) if len(found) == 1 else None


def _is_known(value: str, look: Look) -> bool:
    entry = catalogue("tr098").find(look.at.native)
    return entry is not None and value in entry.enumeration


@cache
def _tables() -> Mapping[str, Words]:
    text = (files("brain.datamodel") / "data" / "tr098_words.json").read_text("utf-8")
    tables: dict[str, Words] = loads(text)
    return tables
