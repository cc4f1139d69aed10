"""What a parameter's change is worth to a device's timeline, by what the data model says of it."""

import re
from collections.abc import Callable
from typing import Final

from brain.datamodel.catalogue import catalogue
from brain.datamodel.entry import Entry
from brain.domain.history import Trait
from brain.domain.parameter import INTEGERS, ParameterType

_NUMBERS: Final = INTEGERS | {ParameterType.DECIMAL}
_WORDLESS: Final[dict[ParameterType, re.Pattern[str]]] = {
    **dict.fromkeys(INTEGERS, re.compile(r"-?[0-9]{1,20}")),
    ParameterType.DECIMAL: re.compile(r"-?[0-9.]{1,40}"),
    ParameterType.BOOLEAN: re.compile(r"true|false|0|1"),
    ParameterType.DATE_TIME: re.compile(r"[0-9T:.Z+-]{1,40}"),
}
_CLOCKS: Final = ("UpTime", "Uptime", "LastChange", "TimeRemaining", "LastUpdate", "TimeStamp")
"""How these end: seconds that count on by themselves."""
_SCANS: Final = ".NeighboringWiFiDiagnostic.Result."
"""Written anew with every scan."""


def trait_of(path: str) -> Trait:
    """What a change of this parameter is; a vendor's own is HIDDEN, for it may be a secret."""
    entry = catalogue().find(path)
    if entry is None or entry.secret:
        return Trait.HIDDEN
    if entry.forced_inform or path.endswith(_CLOCKS) or _SCANS in path:
        return Trait.PASSING
    return Trait.SETTING if entry.writable else _of_the_device(entry)


def says_no_words(path: str) -> Callable[[str], bool] | None:
    """Tells of a value whether it is a number, a truth, a time or a word of the standard.

    Anything else people may have written, or it says who they are. None where TR-181 does not know
    the parameter, or it is a secret.
    """
    entry = catalogue().find(path)
    if entry is None or entry.secret:
        return None
    if entry.enumeration:
        words = frozenset(entry.enumeration)
        return lambda text: words.issuperset(text.split(",") if entry.is_list else [text])
    pattern = _WORDLESS.get(entry.type) if entry.type and not entry.is_list else None
    return (lambda text: pattern.fullmatch(text) is not None) if pattern else (lambda text: False)


def is_number(path: str) -> bool:
    """Whether the value is one number."""
    entry = catalogue().find(path)
    return entry is not None and entry.type in _NUMBERS and not entry.is_list


def is_counter(path: str) -> bool:
    """Whether it only grows until the device starts anew (TR-106 StatsCounter32 and 64)."""
    entry = catalogue().find(path)
    named = entry.syntax.named if entry and entry.syntax else ""
    return named.startswith("StatsCounter")


def units_of(path: str) -> str:
    """The unit of measure, as the standard writes it; empty where it says none."""
    entry = catalogue().find(path)
    if entry is None or entry.syntax is None:
        return ""
    return "dBm/1000" if entry.syntax.named == "Dbm1000" else entry.units


def _of_the_device(entry: Entry) -> Trait:
    if entry.type is ParameterType.DATE_TIME:
        return Trait.PASSING
    return Trait.MEASURE if entry.type in _NUMBERS and not entry.is_list else Trait.STATE
