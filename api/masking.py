"""Decides which values of a device may be shown: only those that the data model knows as no secret.

A vendor's own parameter is not in the catalogue, so nobody knows whether it holds a secret: it is
masked too. TR-181 marks secrets as "secured" or "hidden" (TR-106 3.2).
"""

from brain.datamodel.catalogue import Catalogue, Entry

from brain.domain.change import AddObject, Change, Command, SetParameter
from brain.domain.parameter import ParameterPath, Value


class Mask:
    """Shows or hides values by their paths."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def entry(self, path: str) -> Entry | None:
        """What the data model says of this path, if it knows it."""
        return self._catalogue.find(path)

    def value(self, path: str, value: Value | None) -> Value | None:
        """The value, or None when it must not be shown."""
        entry = self.entry(path)
        return value if entry is not None and not entry.secret else None

    def before_and_after(self, change: Change) -> tuple[Value | None, Value | None]:
        """What one parameter was and will be; either may not be for showing."""
        if not isinstance(change, SetParameter) or change.secret:
            return None, None
        return self.value(change.path, change.before), self.value(change.path, change.after)

    def arguments(self, change: Change) -> tuple[tuple[str, Value | None], ...]:
        """The values a new object starts with, or the arguments of a command."""
        if isinstance(change, AddObject):
            row = f"{change.path}1."
            return tuple((name, self.value(row + name, value)) for name, value in change.values)
        if isinstance(change, Command):
            return tuple((name, None) for name, _ in change.arguments)
        return ()

    def basis(
        self, values: tuple[tuple[ParameterPath, Value], ...]
    ) -> tuple[tuple[str, Value | None], ...]:
        """The values that a plan was reasoned from."""
        return tuple((str(path), self.value(path, value)) for path, value in values)
