"""Rego source, cut into words: enough to see what it calls, not what it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>\#[^\n]*)
  | (?P<text>"(?:[^"\\\n]|\\.)*")
  | (?P<raw>`[^`]*`)
  | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<sign>:=|==|!=|<=|>=|[{}()\[\]|&,;:=<>+\-*/%.])
    """,
    re.VERBOSE,
)
_OPEN, _CLOSE = "{[(", "}])"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of source: what kind it is, where, and how deep in brackets."""

    kind: str
    text: str
    line: int
    depth: int
    glued: bool
    """Nothing stands between it and the word before."""


@lru_cache(maxsize=256)
def tokens(source: str) -> tuple[Token, ...]:
    """The words of this source, without spaces and comments.

    Raises ValueError with the line for a character that begins no word it knows. Kept by source:
    bundles differ in their numbers far more often than in their rules.
    """
    return tuple(_cut(source))


def _cut(source: str) -> Iterator[Token]:
    at, line, depth, glued = 0, 1, 0, False
    while at < len(source):
        found = _WORD.match(source, at)
        if found is None:
            raise ValueError(f"line {line}: {source[at]!r} begins no word of Rego")
        kind, text = str(found.lastgroup), found.group()
        if kind in ("space", "comment"):
            glued = False
        else:
            depth -= text in _CLOSE
            yield Token(kind, text, line, depth, glued)
            depth += text in _OPEN
            glued = True
        at, line = found.end(), line + text.count("\n")
