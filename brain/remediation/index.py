"""Finds the rules that look at an event, what of it they need, and how often they need to hear."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from brain.datamodel.traits import says_no_words, trait_of
from brain.domain.history import Event, EventKind, Trait
from brain.remediation.rules import Rule, Rulebook

_READ = frozenset({EventKind.INFORM, EventKind.VALUE_CHANGE})
"""What follows when somebody reads a parameter."""


class Index:
    """Answers without going through all rules each time."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules = tuple((each, _pattern(each.looks_at.paths)) for each in rulebook.rules)
        self._at = lru_cache(maxsize=20_000)(self._look)
        self._telling = lru_cache(maxsize=20_000)(says_no_words)

    def rules(self, event: Event) -> tuple[Rule, ...]:
        """Those that count this event."""
        found = self._at(event.path)
        return tuple(rule for rule in found if rule.looks_at.takes(event)) if found else ()

    def kept(self, event: Event) -> Event | None:
        """The event as it may be kept for the rules; None where none of them counts it.

        Kept in clear are numbers, words of the standard, and what a rule itself names. Any other
        text may be what people call their network or their telephone: it is left out, and so is a
        path that is of a secret, or that TR-181 does not know.
        """
        counting = self.rules(event)
        if not counting:
            return None
        plain = self._telling(event.path) if event.path else None
        path = event.path if plain else ""  # else whoever sent it may have made it up
        told = (plain is not None and plain(event.value)) or self._names(event, counting)
        value = event.value if told else ""
        same = (path, value) == (event.path, event.value)  # mostly: then there is none to make
        return event if same else replace(event, path=path, value=value)

    def every(self, path: str) -> timedelta | None:
        """How often this parameter has to be read for the rules; None where none looks at it."""
        looking = (rule for rule in self._at(path) if rule.looks_at.paths)
        return min(
            (rule.every for rule in looking if _READ & {*rule.looks_at.events}), default=None
        )

    def _names(self, event: Event, counting: tuple[Rule, ...]) -> bool:
        """Whether a rule names this value itself, and it is of no parameter that may be secret."""
        named = any(event.value in rule.looks_at.values for rule in counting)
        return named and not (event.path and trait_of(event.path) is Trait.HIDDEN)

    def _look(self, path: str) -> tuple[Rule, ...]:
        return tuple(rule for rule, paths in self._rules if paths is None or paths.fullmatch(path))


def _pattern(paths: tuple[str, ...]) -> re.Pattern[str] | None:
    if not paths:
        return None
    parts = (re.escape(path).replace(r"\*", r"\d+") for path in paths)
    return re.compile("|".join(parts))
