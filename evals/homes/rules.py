"""What a device itself refuses: the lexical form of a type, and the rule a model file names."""

import re
from collections.abc import Callable

from brain.domain.parameter import ParameterType

_LIMITS = {
    ParameterType.INT: (-(2**31), 2**31 - 1),
    ParameterType.UNSIGNED_INT: (0, 2**32 - 1),
    ParameterType.LONG: (-(2**63), 2**63 - 1),
    ParameterType.UNSIGNED_LONG: (0, 2**64 - 1),
}
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)( chars)?")
_ADDRESS = re.compile(r"((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}")
_BOOLEANS = {"0": "false", "false": "false", "1": "true", "true": "true"}


def lexical(kind: ParameterType, text: str) -> str | None:
    """The text as a device keeps it, or None when it is not of this type (TR-106 section 3.2)."""
    if kind is ParameterType.BOOLEAN:
        return _BOOLEANS.get(text)
    if kind not in _LIMITS:
        return text
    if not re.fullmatch(r"-?\d{1,20}", text):
        return None
    low, high = _LIMITS[kind]
    return str(int(text)) if low <= int(text) <= high else None


def obeys(rule: str, text: str, sibling: Callable[[str], str]) -> bool:
    """Whether a device takes this text.

    Rules are ``1..255``, ``8..63 chars``, ``a|b|c``, ``address``, ``addresses`` (a list), and
    ``in PossibleChannels``, where ``sibling`` gives the value of a leaf beside the parameter.
    """
    if not rule:
        return True
    if found := _RANGE.fullmatch(rule):
        size = len(text.encode()) if found[3] else int(text)
        return int(found[1]) <= size <= int(found[2])
    if rule.startswith("in "):
        return text in expand(sibling(rule.removeprefix("in ")))
    if rule in ("address", "addresses"):
        parts = text.split(",") if rule == "addresses" and text else [text]
        return all(part == "" or _ADDRESS.fullmatch(part) for part in parts)
    return text in rule.split("|")


def expand(channels: str) -> tuple[str, ...]:
    """The items of a list such as PossibleChannels, where ``n-m`` stands for a range (TR-181)."""
    items: list[str] = []
    for part in filter(None, channels.split(",")):
        low, dash, high = part.partition("-")
        if dash and low.isdigit() and high.isdigit():
            items += [str(each) for each in range(int(low), int(high) + 1)]
        else:
            items.append(part)
    return tuple(items)
