"""What a module of rules names below ``data.gatewright``: numbers, and rules of other packages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.packed import ROOT
from policies.replay.reads import got
from policies.tokens import Token, tokens

Path = tuple[str, ...]
"""Names below ``data.gatewright``; the empty one is all of it."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that lies below a path is mentioned with it. It errs on the side of too much."""

    package: Path
    paths: frozenset[Path]
    calls: frozenset[Path]
    """Those of them that are called as functions."""

    @classmethod
    def of(cls, source: str) -> "Mentions":
        """What this source mentions. Raises ValueError for what it does not understand."""
        words = tokens(source)
        if any(f"data.{ROOT}" in word.text for word in words if word.kind in ("text", "raw")):
            raise ValueError("a text reads like a reference")
        if any(word.text == "with" for word in words):
            raise ValueError("data are replaced while they are read")
        found = dict(_mentioned(words, _imports(words)))
        called = {path for at, path in found.items() if _opens(words, at + 1, "(")}
        return cls(_package(words), frozenset(found.values()), frozenset(called))

    def mentions(self, path: Path) -> bool:
        """Whether what stands at this path, or a part of it, or what it lies in, is named."""
        return any(each[: len(path)] == path[: len(each)] for each in self.paths)


def _package(words: Sequence[Token]) -> Path:
    if len(words) < 2 or words[0].text != "package" or words[1].line != words[0].line:
        raise ValueError("no package on one line")
    names = words[1].text.split(".")
    if names[0] != ROOT or _opens(words, 2, "["):
        raise ValueError(f"no plain package below {ROOT}")
    return tuple(names[1:])


def _imports(words: Sequence[Token]) -> dict[str, Path]:
    """What each imported name stands for."""
    found: dict[str, Path] = {}
    for at, word in enumerate(words[:-1]):
        path = words[at + 1].text
        if word.text != "import" or path == "rego.v1":
            continue
        if not path.startswith(f"data.{ROOT}.") or _opens(words, at + 2, "["):
            raise ValueError(f"line {word.line}: an import that is not plainly below data.{ROOT}")
        renamed = [each.text for each in words[at + 2 : at + 4]]
        name = renamed[1] if renamed[:1] == ["as"] else path.rpartition(".")[2]
        if found.setdefault(name, tuple(path.split(".")[2:])) != tuple(path.split(".")[2:]):
            raise ValueError(f"line {word.line}: one name for two imports")
    return found


def _mentioned(words: Sequence[Token], imports: dict[str, Path]) -> Iterator[tuple[int, Path]]:
    """Each word that stands for data, by its place, with what it names."""
    for at, word in enumerate(words):
        before = words[at - 1]
        if word.kind != "name" or (before.text in ("import", "package") and not before.glued):
            continue
        first, *names = word.text.split(".")
        if first == "data":
            if names[:1] != [ROOT]:
                raise ValueError(f"line {word.line}: data are named as a whole")
            yield at, tuple(names[1:])
        elif first in imports:
            yield at, (*imports[first], *(names or got(words, at) or _member(words, at)))


def _member(words: Sequence[Token], at: int) -> Path:
    """The name in ``object.get(it, "name", ...)``."""
    said = [each.text for each in words[max(at - 2, 0) : at]] == ["object.get", "("]
    name = words[at + 2 : at + 3]
    return (name[0].text[1:-1],) if said and name and name[0].kind == "text" else ()


def _opens(words: Sequence[Token], at: int, bracket: str) -> bool:
    return at < len(words) and words[at].text == bracket and words[at].glued
