"""Reads how somebody goes on in a case, by its words, in five languages (``follow_ups.toml``)."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from brain.planner.facts import FollowUp
from brain.planner.words import plain

_Sign = tuple[FollowUp, re.Pattern[str]]
_ORDERS = frozenset({FollowUp.UNDO})
"""What is told to be done, and is not when somebody says not to."""


def follow_up_in(text: str) -> tuple[FollowUp, str] | None:
    """How the message goes on, and what it is about where it says so; None when it does not."""
    words = plain(text)
    for kind, sign in _signs():
        for found in sign.finditer(words):
            if kind not in _ORDERS or not _taken_back(words[: found.start()]):
                return kind, (found.groupdict().get("about") or "").strip(" ,;:")
    return None


@cache
def _read() -> dict[str, Any]:  # TOML
    return tomllib.loads((files("brain.planner") / "follow_ups.toml").read_text("utf-8"))


@cache
def _signs() -> tuple[_Sign, ...]:
    return tuple(_patterns())


def _patterns() -> Iterator[_Sign]:
    read = _read()
    for entry in read["sign"]:
        kind = FollowUp(entry["follow_up"])
        for language, patterns in entry.items():
            if language == "follow_up":
                continue
            for pattern in patterns:
                for name, listed in read["words"].items():
                    pattern = pattern.replace(name, listed)
                yield kind, re.compile(pattern)


def _taken_back(before: str) -> bool:
    return re.search(_read()["not"], before) is not None
