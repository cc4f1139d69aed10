"""Decides which values of a device may be shown: only those that the data model knows as no secret.

A vendor's own parameter is not in the catalogue, so nobody knows whether it holds a secret: it is
masked too. TR-106 marks secrets as "hidden" or "secured".
"""

from collections.abc import Sequence

from brain.datamodel.catalogue import Catalogue, Entry
from brain.datamodel.secrets import named_like_a_secret
from brain.domain.change import AddObject, Change, Command, SetParameter
from brain.domain.parameter import ParameterPath, Value


class Mask:
    """Shows or hides values by their paths, as the first catalogue that knows a path says."""

    def __init__(self, catalogues: Sequence[Catalogue]) -> None:
        self._catalogues = tuple(catalogues)

    def value(self, path: str, value: Value | None) -> Value | None:
        """The value, or None when it must not be shown."""
        entry = self._entry(path)
        return value if entry is not None and not entry.secret else None

    def before_and_after(self, change: Change) -> tuple[Value | None, Value | None]:
        """What one parameter was and will be; either may not be for showing."""
        if not isinstance(change, SetParameter) or change.secret:
            return None, None
        return self.value(change.path, change.before), self.value(change.path, change.after)

    def arguments(self, change: Change) -> tuple[tuple[str, Value | None], ...]:
        """The values that a new object starts with, or the arguments of a command."""
        if isinstance(change, AddObject):
            row = f"{change.path}1."
            return tuple((name, self.value(row + name, value)) for name, value in change.values)
        if isinstance(change, Command):
            shown = self._open_arguments(change.path)
            return tuple(
                (name, value if name in shown else None) for name, value in change.arguments
            )
        return ()

    def basis(
        self, values: tuple[tuple[ParameterPath, Value], ...]
    ) -> tuple[tuple[str, Value | None], ...]:
        """The values that a plan was reasoned from."""
        return tuple((str(path), self.value(path, value)) for path, value in values)

    def _entry(self, path: str) -> Entry | None:
        found = (catalogue.find(path) for catalogue in self._catalogues)
        return next((entry for entry in found if entry is not None), None)

    def _open_arguments(self, command: str) -> frozenset[str]:
        entry = self._entry(command)
        return frozenset(
            each.name
            for each in (entry.arguments if entry else ())
            if not each.syntax.secret and not named_like_a_secret(each.name)
        )
