"""Between a device's own names and values and those of TR-181."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from brain.datamodel.catalogue import Catalogue, catalogue
from brain.datamodel.tr098 import Translator
from brain.domain.change import SetParameter
from brain.domain.parameter import ParameterPath, Value
from executors.acs import messages as m
from executors.canonical import is_path, value_of


class Dialect(Protocol):
    """How one device says things."""

    def heard(self, values: Iterable[m.ParameterValue]) -> dict[ParameterPath, Value]:
        """What the device said, in TR-181; what has no place there is left out."""

    def writable(self, names: Mapping[str, bool]) -> dict[ParameterPath, bool]:
        """What the device lets us write, in TR-181."""

    def native(self, paths: Sequence[ParameterPath]) -> tuple[str, ...]:
        """What to ask the device for, to learn these."""

    def sets(self, changes: Sequence[SetParameter]) -> tuple[m.ParameterValue, ...]:
        """What to set for these; InvalidValue when the device has nothing of the kind."""


class Tr181:
    """A device that speaks TR-181 itself; ``numeric`` says that it writes booleans as 1 and 0."""

    def __init__(self, model: Catalogue | None = None, *, numeric: bool = False) -> None:
        self._model = model or catalogue("tr181-cwmp")
        self._numeric = numeric

    def heard(self, values: Iterable[m.ParameterValue]) -> dict[ParameterPath, Value]:
        """As it is, in canonical form where it can be read."""
        return {
            ParameterPath(each.name): value_of(self._model, each.name, each.value, each.type)
            for each in values
            if is_path(each.name)
        }

    def writable(self, names: Mapping[str, bool]) -> dict[ParameterPath, bool]:
        """As it is."""
        return {ParameterPath(name): flag for name, flag in names.items() if is_path(name)}

    def native(self, paths: Sequence[ParameterPath]) -> tuple[str, ...]:
        """The same."""
        return tuple(paths)

    def sets(self, changes: Sequence[SetParameter]) -> tuple[m.ParameterValue, ...]:
        """The same, with the type that the plan names."""
        sets = (m.ParameterValue(each.path, each.after, each.type) for each in changes)
        return _spelled(sets, numeric=self._numeric)


class Tr098:
    """A device that speaks TR-098; what it ``said`` of itself tells its instances apart."""

    def __init__(self, said: Iterable[m.ParameterValue]) -> None:
        values = [*said]
        self._numeric = writes_numbers(values) is True
        self._translator = Translator(
            {each.name: each.value for each in values},
            types={each.name: each.type for each in values},
        )

    def heard(self, values: Iterable[m.ParameterValue]) -> dict[ParameterPath, Value]:
        """Translated; what was said before is remembered and completes it."""
        return self._translator.to_tr181({each.name: each.value for each in values})

    def writable(self, names: Mapping[str, bool]) -> dict[ParameterPath, bool]:
        """Translated."""
        return dict(self._translator.writable(names))

    def native(self, paths: Sequence[ParameterPath]) -> tuple[str, ...]:
        """Translated; more than was asked for where that takes several."""
        return self._translator.native_paths(paths)

    def sets(self, changes: Sequence[SetParameter]) -> tuple[m.ParameterValue, ...]:
        """Translated; the types are those of TR-098, or the device's own."""
        sets = (
            m.ParameterValue(name, value, kind.rpartition(":")[2])
            for name, kind, value in self._translator.native_sets(changes)
        )
        return _spelled(sets, numeric=self._numeric)


def writes_numbers(said: Iterable[m.ParameterValue]) -> bool | None:
    """Whether a device writes its booleans as 1 and 0; None when it said none.

    XML Schema lets both spellings stand (part 2, 3.2.2), and some devices read only their own.
    """
    texts = {each.value.strip() for each in said if each.type == "boolean"}
    if texts & {"true", "false"}:
        return False
    return True if texts & {"1", "0"} else None


def _spelled(sets: Iterable[m.ParameterValue], *, numeric: bool) -> tuple[m.ParameterValue, ...]:
    if not numeric:
        return tuple(sets)
    digits = {"true": "1", "false": "0"}
    return tuple(
        replace(each, value=digits.get(each.value, each.value)) if each.type == "boolean" else each
        for each in sets
    )
