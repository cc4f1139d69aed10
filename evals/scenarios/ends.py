"""Assertions on a world: ``web.works == 1``, ``Device.WiFi.Radio.1.Channel in 1, 11``.

``FIGURE OPERATOR VALUE``. A figure is one of ``evals.homes.quality`` (``well`` is 1 when everybody
gets what they want), or a parameter of the device in TR-181's names. Operators are ``== != < <= >
>= in``. A value is a number, a text, or ``before``: what it was at first, with ``+ N``, ``- N`` or
``* N`` behind it if need be.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_FORM = re.compile(r"(?P<figure>\S+)\s+(?P<sign>==|!=|<=|>=|<|>|in)\s+(?P<value>\S.*)")
_BEFORE = re.compile(r"before(?:\s*(?P<sign>[-+*])\s*(?P<number>\d+(?:\.\d+)?))?")
_COMPARES: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MOVES: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}

Facts = Mapping[str, str]
"""Figures and parameters with their values as text."""


@dataclass(frozen=True, slots=True)
class End:
    """One assertion."""

    figure: str
    sign: str
    value: str

    def holds(self, now: Facts, before: Facts) -> bool:
        """Whether it is true now; false when there is no such figure."""
        if self.figure not in now:
            return False
        said = now[self.figure]
        if self.sign == "in":
            return any(_same(said, each.strip()) for each in self.value.split(","))
        bound = self._bound(before)
        if bound is None:
            return False
        if self.sign in ("==", "!="):
            return _same(said, bound) is (self.sign == "==")
        left, right = _number(said), _number(bound)
        return left is not None and right is not None and _COMPARES[self.sign](left, right)

    def _bound(self, before: Facts) -> str | None:
        found = _BEFORE.fullmatch(self.value)
        if found is None:
            return self.value
        was = before.get(self.figure)
        if was is None or not found["sign"]:
            return was
        number = _number(was)
        return (
            None if number is None else str(_MOVES[found["sign"]](number, float(found["number"])))
        )


def read_end(text: str) -> End:
    """Read one assertion; raises ValueError saying how one is written."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            f"{text!r} is not FIGURE OPERATOR VALUE, such as 'web.works == 1'; operators are "
            f"{', '.join(_COMPARES)}, in"
        )
    end = End(found["figure"], found["sign"], found["value"].strip())
    numeric = end.sign in ("<", "<=", ">", ">=")
    if numeric and _number(end.value) is None and not _BEFORE.fullmatch(end.value):
        raise ValueError(
            f"{text!r} compares with {end.value!r}, which is no number and no 'before'"
        )
    return end


def _same(left: str, right: str) -> bool:
    one, other = _number(left), _number(right)
    return left == right if one is None or other is None else one == other


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
