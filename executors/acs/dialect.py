"""Between a device's own names and values and those of TR-181."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from brain.datamodel.catalogue import Catalogue, catalogue
from brain.datamodel.tr098 import Translator
from brain.domain.change import AddObject, DeleteObject, SetParameter
from brain.domain.parameter import ParameterPath, Value, is_object
from executors.acs import messages as m
from executors.canonical import is_path, values_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """A row to add, by the device's own names."""

    table: str
    values: tuple[m.ParameterValue, ...]
    """What it starts with, each named as seen from the row."""

    def within(self, row: str) -> tuple[m.ParameterValue, ...]:
        """The values by their full names, once the row (a path that ends in a dot) is there."""
        return tuple(each._replace(name=f"{row}{each.name}") for each in self.values)


class Dialect(Protocol):
    """How one device says things."""

    def heard(
        self, values: Iterable[m.ParameterValue], *, asked: Sequence[str] = ()
    ) -> dict[ParameterPath, Value]:
        """What the device said, in TR-181; what has no place there is left out.

        ``asked``, when the values are the whole answer to it: the native paths. Rows below them
        that are not in it are gone.
        """

    def writable(self, names: Mapping[str, bool]) -> dict[ParameterPath, bool]:
        """What the device lets us write, in TR-181."""

    def native(self, paths: Sequence[ParameterPath]) -> tuple[str, ...]:
        """What to ask the device for, to learn these."""

    def whole(
        self, paths: Sequence[ParameterPath], asked: Sequence[str]
    ) -> tuple[ParameterPath, ...]:
        """Of these TR-181 objects what an answer to the native paths tells whole. To be asked
        before it is heard."""

    def sets(self, changes: Sequence[SetParameter]) -> tuple[m.ParameterValue, ...]:
        """What to set for these; InvalidValue when the device has nothing of the kind."""

    def adds(self, change: AddObject) -> "NewRow":
        """The row to add for this; InvalidValue when the device has no such rows."""

    def deletes(self, change: DeleteObject) -> str:
        """The row to delete for this; InvalidValue when the device has no such rows."""


class Tr181:
    """A device that speaks TR-181 itself; ``numeric`` says that it writes booleans as 1 and 0."""

    def __init__(self, model: Catalogue | None = None, *, numeric: bool = False) -> None:
        self._model = model or catalogue("tr181-cwmp")
        self._numeric = numeric

    def heard(
        self, values: Iterable[m.ParameterValue], *, asked: Sequence[str] = ()
    ) -> dict[ParameterPath, Value]:
        """As it is, in canonical form where it can be read."""
        return values_of(self._model, values)

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

    def whole(
        self, paths: Sequence[ParameterPath], asked: Sequence[str]
    ) -> tuple[ParameterPath, ...]:
        """All of them."""
        return tuple(path for path in paths if is_object(path))

    def adds(self, change: AddObject) -> NewRow:
        """The same, with the types of the data model."""
        values = (
            m.ParameterValue(leaf, value, type_of(self._model, f"{change.path}1.{leaf}"))
            for leaf, value in change.values
        )
        return NewRow(table=change.path, values=_spelled(values, numeric=self._numeric))

    def deletes(self, change: DeleteObject) -> str:
        """The same."""
        return change.path


class Tr098:
    """A device that speaks TR-098; what it ``said`` of itself tells its instances apart."""

    def __init__(self, said: Iterable[m.ParameterValue]) -> None:
        values = [*said]
        self._numeric = writes_numbers(values) is True
        self._translator = Translator(
            {each.name: each.value for each in values},
            types={each.name: each.type for each in values},
        )

    def heard(
        self, values: Iterable[m.ParameterValue], *, asked: Sequence[str] = ()
    ) -> dict[ParameterPath, Value]:
        """Translated; what was said before is remembered and completes it."""
        said = {each.name: each.value for each in values}
        return self._translator.to_tr181(said, asked=asked)

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

    def whole(
        self, paths: Sequence[ParameterPath], asked: Sequence[str]
    ) -> tuple[ParameterPath, ...]:
        """The tables whose rows are rows in both models: else what is missing need not be gone."""
        return self._translator.whole(paths, asked)

    def adds(self, change: AddObject) -> NewRow:
        """Translated, where a row is a row in both models."""
        table, sets = self._translator.native_row(change)
        values = (
            m.ParameterValue(leaf, text, kind.rpartition(":")[2]) for leaf, kind, text in sets
        )
        return NewRow(table=table, values=_spelled(values, numeric=self._numeric))

    def deletes(self, change: DeleteObject) -> str:
        """Translated, where a row is a row in both models."""
        return self._translator.native_deletion(change)


def writes_numbers(said: Iterable[m.ParameterValue]) -> bool | None:
    """Whether a device writes its booleans as 1 and 0; None when it said none.

    XML Schema lets both spellings stand (part 2, 3.2.2), and some devices read only their own.
    """
    texts = {each.value.strip() for each in said if each.type == "boolean"}
    if texts & {"true", "false"}:
        return False
    return True if texts & {"1", "0"} else None


def type_of(model: Catalogue, path: str) -> str:
    """The type that the data model gives a parameter; string where it does not know it."""
    entry = model.find(path)
    return str(entry.type) if entry is not None and entry.type is not None else "string"


def _spelled(sets: Iterable[m.ParameterValue], *, numeric: bool) -> tuple[m.ParameterValue, ...]:
    if not numeric:
        return tuple(sets)
    digits = {"true": "1", "false": "0"}
    return tuple(
        each._replace(value=digits.get(each.value, each.value)) if each.type == "boolean" else each
        for each in sets
    )
