"""What somebody may have meant by a path that the data model does not know."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

from brain.datamodel.catalogue import Catalogue, template_of

_NAMES = 12
_CLOSE = 0.6


def near(path: str, book: Catalogue, *, limit: int = 5) -> tuple[str, ...]:
    """The path templates most like this one, best first; none when nothing is like it."""
    template = template_of(path)
    by_name: dict[str, list[str]] = {}
    for each in book.paths:
        by_name.setdefault(_last(each), []).append(each)
    names = get_close_matches(_last(template), by_name, n=_NAMES, cutoff=_CLOSE)
    return _best(template, (each for name in names for each in by_name[name]), limit)


def hint(path: str, book: Catalogue) -> tuple[str, str]:
    """Why an unknown path cannot be written, and what to do."""
    if ".X_" in path:
        return (
            "this is a vendor's own extension, which the data model does not know",
            "Use a standard parameter: extensions are read, never written.",
        )
    found = near(path, book, limit=1)
    return (
        "the data model has nothing of this name that can be written like this",
        f"Did you mean {found[0]}?" if found else "Look the path up with: gatewright model show",
    )


def _last(path: str) -> str:
    names = path.rstrip(".").removesuffix(".{i}")
    return names.rpartition(".")[2]


def _best(template: str, found: Iterable[str], limit: int) -> tuple[str, ...]:
    matcher = SequenceMatcher(b=template, autojunk=False)
    ranked: list[tuple[float, str]] = []
    for each in found:
        matcher.set_seq1(each)
        if matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE:
            ranked.append((-matcher.ratio(), each))
    return tuple(each for _, each in sorted(ranked)[:limit])
