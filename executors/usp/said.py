"""What an agent says, in canonical TR-181."""

from collections.abc import Mapping
from typing import Final

from brain.datamodel.catalogue import catalogue
from brain.domain.parameter import ParameterPath, Value
from executors.canonical import is_path, value_of

_BOOK: Final = catalogue("tr181-usp")


def heard(values: Mapping[str, str]) -> dict[ParameterPath, Value]:
    """Values by path; what can be no path is left out."""
    return {
        ParameterPath(name): value_of(_BOOK, name, text)
        for name, text in values.items()
        if is_path(name)
    }
