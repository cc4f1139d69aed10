"""What a device says of TR-181, in canonical form.

A secret is never taken over, even from a device that shows it: TR-181 lets hidden and secured
parameters read back empty, so that is how they read here.
"""

from functools import lru_cache
from typing import Final

from brain.datamodel.catalogue import Catalogue
from brain.datamodel.lexical import canonical_or_none
from brain.domain.parameter import ParameterPath, ParameterType, Value, is_concrete

_LONGEST_PATH: Final = 256  # TR-106 section 3.1.1
_TYPES: Final[dict[str, ParameterType]] = {str(kind): kind for kind in ParameterType}


def is_path(name: str) -> bool:
    """Whether a device may name a parameter or object so."""
    return len(name) <= _LONGEST_PATH and _may_be_one(name)


@lru_cache(maxsize=8192)  # the same names come from every device, and what is kept of them is short
def _may_be_one(name: str) -> bool:
    return is_concrete(ParameterPath(name)) and name.isascii()


def value_of(model: Catalogue, name: str, said: str, kind: str = "string") -> Value:
    """Its value; ``kind`` is the type that the device gives it, where the model has none."""
    if model.is_secret(name):
        return ""
    entry = model.find(name)
    if entry is not None and entry.is_list:
        return said
    known = (entry.type if entry is not None else None) or _TYPES.get(kind)
    value = canonical_or_none(known, said) if known is not None else None
    # Not of its type: kept as it came, and never equal to a legal value.
    return said if value is None else value
