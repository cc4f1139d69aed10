"""What a device says of TR-181, in canonical form.

A secret is never taken over, even from a device that shows it: TR-181 lets hidden and secured
parameters read back empty, so that is how they read here.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from brain.datamodel.catalogue import Catalogue
from brain.datamodel.lexical import reader_of
from brain.domain.parameter import ParameterPath, ParameterType, Value, is_concrete

_LONGEST_PATH: Final = 256  # TR-106 section 3.1.1
_TYPES: Final[dict[str, ParameterType]] = {str(kind): kind for kind in ParameterType}
_Read = Callable[[str], Value | None]


def is_path(name: str) -> bool:
    """Whether a device may name a parameter or object so."""
    return len(name) <= _LONGEST_PATH and _may_be_one(name)


@lru_cache(maxsize=8192)  # the same names come from every device, and what is kept of them is short
def _may_be_one(name: str) -> bool:
    return is_concrete(ParameterPath(name)) and name.isascii()


def values_of(model: Catalogue, said: Iterable[tuple[str, str, str]]) -> dict[ParameterPath, Value]:
    """Values by path, of names, texts and the types that the device gives them, which count where
    the model has none; what can be no path is left out.
    """
    values = {}
    for name, text, kind in said:
        known = _known(model, name, _TYPES.get(kind)) if len(name) <= _LONGEST_PATH else None
        if known is not None:
            path, read = known
            value = read(text)
            # Not of its type: kept as it came, and never equal to a legal value.
            values[path] = text if value is None else value
    return values


@lru_cache(maxsize=8192)  # as above
def _known(
    model: Catalogue, name: str, kind: ParameterType | None
) -> tuple[ParameterPath, _Read] | None:
    """What this name is, and how a text of it is read; None when it can be no path."""
    if not _may_be_one(name):
        return None
    path, entry = ParameterPath(name), model.find(name)
    if model.is_secret(name):
        return path, _hidden
    if entry is not None and entry.is_list:
        return path, _as_it_came
    known = (entry.type if entry is not None else None) or kind
    return path, _as_it_came if known is None else reader_of(known)


def _hidden(_: str) -> Value:
    return ""


def _as_it_came(text: str) -> Value:
    return text
