"""Which parts of a question the rules read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies.tokens import Token, tokens

_INPUT = "input"
_BEFORE, _AFTER = ["object.get", "("], [",", "["]


@dataclass(frozen=True, slots=True)
class Reads:
    """Paths below ``input`` that rules name; all that lies below a path is read with it.

    It errs on the side of too much: whatever is not plainly a path counts as the whole question.
    """

    paths: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, modules: Mapping[str, str]) -> "Reads":
        """What these modules (source by name) read."""
        found = {path for source in modules.values() for path in _paths(tokens(source))}
        return cls(frozenset(path for path in found if not _within(path, found)))

    def reads(self, path: tuple[str, ...]) -> bool:
        """Whether what stands at this path, or a part of it, is read."""
        return any(_begins(path, each) or _begins(each, path) for each in self.paths)


def _paths(words: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    for at, word in enumerate(words):
        if word.kind != "name" or word.text.split(".")[0] != _INPUT:
            continue
        names = word.text.split(".")[1:]
        yield tuple(names) if names else got(words, at)


def got(words: Sequence[Token], at: int) -> tuple[str, ...]:
    """The path in ``object.get(it, ["a", "b"], ...)``, ``it`` being the word there; else nothing.

    Nothing means that all of it is read.
    """
    before, after = words[max(at - 2, 0) : at], words[at + 1 : at + 3]
    if [each.text for each in before] != _BEFORE or [each.text for each in after] != _AFTER:
        return ()
    names: list[str] = []
    for word in words[at + 3 :]:
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
