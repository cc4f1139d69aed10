"""Which parts of a question the rules read: two questions alike in these are one question."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from brain.domain.canonical import Json
from policies.tokens import Token, tokens

_INPUT = "input"
_GET = ["object.get", "(", _INPUT, ",", "["]

_Tree = dict[str, "_Tree | None"]


@dataclass(frozen=True, slots=True)
class Reads:
    """Paths below ``input`` that rules name; all that lies below a path is read with it.

    It errs on the side of too much: whatever is not plainly a path counts as the whole question.
    """

    paths: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, modules: Mapping[str, str]) -> "Reads":
        """What these modules (source by name) read."""
        found = {path for source in modules.values() for path in _paths(list(tokens(source)))}
        return cls(frozenset(path for path in found if not _within(path, found)))

    def reads(self, path: tuple[str, ...]) -> bool:
        """Whether what stands at this path, or a part of it, is read."""
        return any(_begins(path, each) or _begins(each, path) for each in self.paths)

    def part(self, question: dict[str, Json]) -> dict[str, Json]:
        """The question without what no rule reads."""
        tree: _Tree | None = {}
        for path in self.paths:
            tree = _grown(tree, path)
        part = _pruned(question, tree)
        return part if isinstance(part, dict) else {}


def key_of(part: Mapping[str, Json]) -> bytes:
    """The same for two parts that are alike, and for no others."""
    text = json.dumps(part, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).digest()


def _paths(words: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    for at, word in enumerate(words):
        if word.kind != "name" or word.text.split(".")[0] != _INPUT:
            continue
        names = word.text.split(".")[1:]
        yield tuple(names) if names else _got(words, at)


def _got(words: Sequence[Token], at: int) -> tuple[str, ...]:
    """The path in ``object.get(input, ["a", "b"], ...)``, or that of the whole question."""
    start = at - _GET.index(_INPUT)
    if start < 0 or [each.text for each in words[start : start + len(_GET)]] != _GET:
        return ()
    names: list[str] = []
    for word in words[start + len(_GET) :]:
        if word.kind == "text":
            names.append(word.text[1:-1])
        elif word.text == "]" or word.kind == "name":  # below what is found by a name: all
            return tuple(names)
        elif word.text != ",":
            break
    return ()


def _begins(path: tuple[str, ...], with_: tuple[str, ...]) -> bool:
    return path[: len(with_)] == with_


def _within(path: tuple[str, ...], others: set[tuple[str, ...]]) -> bool:
    return any(path[:end] in others for end in range(len(path)))


def _grown(tree: _Tree | None, path: tuple[str, ...]) -> _Tree | None:
    """None stands for all that is there."""
    if tree is None or not path:
        return None
    tree[path[0]] = _grown(tree.get(path[0], {}), path[1:])
    return tree


def _pruned(value: Json, tree: _Tree | None) -> Json:
    if tree is None or not isinstance(value, dict):
        return value
    return {name: _pruned(value[name], below) for name, below in tree.items() if name in value}
