"""How far a change of the rules reaches: which rules to compare before a decision is asked anew.

A decision is made from the question, the numbers and the rules. Where only some packages changed,
or mention numbers that did, the others see no more of them than the rules that they name. While
these give what they gave, so does everything above them, and the decision is the one in the log.

So the touched packages stand a second time beside the new rules, as they were. What they name of
untouched ones is the new rules': that is what it was, or something compared above is not (by
induction, as no rule can lead back to itself).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from brain.domain.canonical import Json, canonical_bytes
from policies.bundle import Bundle
from policies.engine import DECISION
from policies.packed import ROOT
from policies.replay.mentions import Mentions, Path

BEFORE = f"{ROOT}_before"
"""Where touched packages and the numbers stand as they were, beside the new ones."""
_DECIDES = tuple(DECISION.split("/")[1:-1])
_NAMED = re.compile(rf"\b(data\.|package\s+){ROOT}\.([\w.]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the decisions of one revision are to be held against first."""

    revision: str
    """Of the rules that decided."""
    modules: Mapping[str, str]
    """The touched ones as they were, in a place of their own: ``data.gatewright_before``."""
    data: Mapping[str, Json]
    rules: tuple[Path, ...]
    """While these give what they gave, the decision is what it was."""


def reach(base: Bundle, bundle: Bundle) -> Reach | None:
    """How far it is from ``base`` to ``bundle``; None when every decision has to be asked anew.

    That is whenever it is not plain: packages that come or go, rules that go or say other words,
    the decision itself, functions and whole packages that are named from outside. Nor are rules
    compared with themselves: who replays those wants to see what they say.
    """
    reworded = any(bundle.findings.get(code) != text for code, text in base.findings.items())
    if base.revision == bundle.revision or reworded:
        return None
    try:
        return _reached(base, bundle)
    except ValueError:
        return None


def _reached(base: Bundle, bundle: Bundle) -> Reach:
    """As ``reach``. Raises ValueError where it is not plain."""
    old, new = ({n: Mentions.of(s) for n, s in b.modules.items()} for b in (base, bundle))
    packages = _packages(old, new, {*base.data, *bundle.data})
    changed = [*_changed(base.data, bundle.data)]
    touched = {
        module.package
        for name, module in [*old.items(), *new.items()]
        if base.modules.get(name) != bundle.modules.get(name)
        or any(module.mentions(path) for path in changed)
    }
    if _DECIDES in touched or _DECIDES not in packages:
        raise ValueError("the decision itself changed")
    others = [module for module in new.values() if module.package not in touched]
    return Reach(
        revision=base.revision,
        modules={
            name: _as_it_was(base.modules[name], packages - touched)
            for name, module in old.items()
            if module.package in touched
        },
        data=dict(base.data),
        rules=tuple(sorted({rule for module in others for rule in _seen(module, touched)})),
    )


def _as_it_was(source: str, untouched: set[Path]) -> str:
    """The module in its other place: there the numbers and touched packages are as they were."""

    def placed(found: re.Match[str]) -> str:
        path = tuple(found[2].split("."))
        stays = any(path[: len(each)] == each for each in untouched)
        return f"{found[1]}{ROOT if stays else BEFORE}.{found[2]}"

    return _NAMED.sub(placed, source)


def _packages(
    old: Mapping[str, Mentions], new: Mapping[str, Mentions], data: set[str]
) -> set[Path]:
    """All packages. Raises ValueError unless they are the same ones, and each stands alone.

    So no name means more than one of them, and none of them together with numbers.
    """
    packages = {module.package for module in old.values()}
    if packages != {module.package for module in new.values()}:
        raise ValueError("a package came or went")
    within = any(
        one != other and one == other[: len(one)] for one in packages for other in packages
    )
    if within or () in packages or any(path[0] in data for path in packages):
        raise ValueError("a package lies within another, or within the numbers")
    named = {path for module in [*old.values(), *new.values()] for path in module.paths}
    if any(path == package[: len(path)] for path in named for package in packages):
        raise ValueError("a package is named as a whole, or several are")
    return packages


def _changed(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Path]:
    """Where the numbers differ: by two names, or by one where there is no second."""
    for name in {*old, *new}:
        one, other = old.get(name), new.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from ((name, each) for each in {*one, *other} if _unlike(one, other, each))
        elif _unlike(old, new, name):
            yield (name,)


def _unlike(old: Mapping[str, Json], new: Mapping[str, Json], name: str) -> bool:
    """By their text: to Python, 1 and True are equal."""
    texts = [canonical_bytes(each[name]) if name in each else None for each in (old, new)]
    return texts[0] != texts[1]


def _seen(module: Mentions, touched: set[Path]) -> Iterator[Path]:
    """The rules of touched packages that this module names. Raises ValueError for functions."""
    for path in module.paths:
        for package in touched:
            if path[: len(package)] == package:
                if path in module.calls:
                    raise ValueError("a function of it is called")
                yield path[: len(package) + 1]
