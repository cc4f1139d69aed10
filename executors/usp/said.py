"""What an agent says, in canonical TR-181."""

from collections.abc import Mapping
from typing import Final

from brain.datamodel.catalogue import catalogue
from brain.domain.parameter import ParameterPath, Value
from executors.canonical import values_of

_BOOK: Final = catalogue("tr181-usp")


def heard(values: Mapping[str, str]) -> dict[ParameterPath, Value]:
    """Values by path; what can be no path is left out."""
    return values_of(_BOOK, [(name, text, "string") for name, text in values.items()])
