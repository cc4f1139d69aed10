"""Other rules by the dozen: each number changed, rules silenced and conditions turned round."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from brain.domain.errors import InvalidInput
from policies.bundle import Bundle
from policies.data import check, worked_out
from tests.policies.engines.spoiling import is_number, places, put

_TURNED = {" <= ": " > ", " < ": " >= ", " >= ": " < ", " == ": " != ", "is_number(": "is_string("}


@dataclass(frozen=True, slots=True)
class Mutant:
    """Rules with one thing changed, and what that is."""

    name: str
    bundle: Bundle


def numbers(base: Bundle, *, each: int = 1, seed: int = 1) -> Iterator[Mutant]:
    """Of the numbers below every two names, so many are changed, one in each mutant."""
    chance, groups = random.Random(seed), dict[tuple[str | int, ...], list[Any]]()
    for trail, value in places(dict(base.data)):
        if is_number(value):
            groups.setdefault(trail[:2], []).append((trail, value))
    for found in groups.values():
        for trail, value in chance.sample(found, min(each, len(found))):
            for other in (value * 3 + 1, value - 1, value / 2):
                changed = _numbered(base, put(dict(base.data), trail, other))
                if changed is not None:
                    yield Mutant(f"{'.'.join(map(str, trail))}: {value} -> {other}", changed)
                    break


def rules(base: Bundle, *, each: int = 1, seed: int = 1) -> Iterator[Mutant]:
    """Of every module, so many rules are silenced and so many conditions turned round."""
    chance = random.Random(seed)
    for name, source in sorted(base.modules.items()):
        for ways in (_silenced(source), _turned(source)):
            found = [*ways]
            for line, altered in chance.sample(found, min(each, len(found))):
                modules = {**base.modules, name: altered}
                yield Mutant(f"{name}: {line}", without_check(base, modules=modules))


def _numbered(base: Bundle, data: dict[str, Any]) -> Bundle | None:
    """With these numbers, which have to pass the schema; the rules need no other look."""
    try:
        check(data)
    except InvalidInput:
        return None
    return without_check(base, data=worked_out(data))


def _silenced(source: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"(?m)^.* if \{$", source):
        yield f"silenced {found[0]}", f"{source[: found.end()]}\n\t1 == 2{source[found.end() :]}"


def _turned(source: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"(?m)^\t[^#\n]*$", source):
        for sign, other in _TURNED.items():
            if sign in found[0]:
                line = found[0].replace(sign, other, 1)
                yield f"turned{line}", source[: found.start()] + line + source[found.end() :]


def without_check(base: Bundle, **altered: Any) -> Bundle:
    """Altered as no loader need let it be, in a tenth of the time that the loader takes."""
    said = {name: MappingProxyType(dict(value)) for name, value in altered.items()}
    return replace(base, revision="altered", **said)
