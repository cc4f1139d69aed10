"""How a value or path is refused: which rule it broke, and what to do about it, in plain words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Never

from brain.domain.errors import InvalidValue
from brain.domain.parameter import INTEGERS, ParameterType

_LISTED = 12


class Rule(StrEnum):
    """The names of the rules, as ``InvalidValue.rule`` carries them. Live lists may add more."""

    UNKNOWN = "unknown"
    NOT_IN_DEVICE = "not_in_device"
    READ_ONLY = "read_only"
    TYPE = "type"
    RANGE = "range"
    ENUMERATION = "enumeration"
    ENUMERATION_REF = "enumeration_ref"
    SIZE = "size"
    PATTERN = "pattern"
    LIST = "list"
    PATH_REF = "path_ref"
    ENTRIES = "entries"
    ARGUMENT = "argument"
    NOT_MAPPED = "not_mapped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is being checked, so that every refusal names it and none shows a secret."""

    field: str
    secret: bool = False

    def refuse(self, rule: str, message: str, remedy: str) -> Never:
        """Raise InvalidValue for this field."""
        raise InvalidValue(message, field=self.field, rule=rule, remedy=remedy)

    def shown(self, kind: ParameterType, value: str) -> str:
        """The value where it is a number and no secret: text could be anybody's data."""
        return value if kind in INTEGERS and not self.secret else "this"


def listed(values: tuple[str, ...]) -> str:
    """The values for a sentence; of very many only the first."""
    shown = ", ".join(value or '"" (empty)' for value in values[:_LISTED])
    return shown if len(values) <= _LISTED else f"{shown} or {len(values) - _LISTED} more"
