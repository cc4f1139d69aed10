"""One parameter of one device, under both its names, as rules look at it."""

from collections.abc import Mapping
from dataclasses import dataclass

from brain.datamodel.translation.home import Home
from brain.datamodel.translation.mapping import Row
from brain.domain.parameter import ParameterPath

Sets = tuple[tuple[str, str], ...]
"""Native paths and the values to set there, in the standard's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A TR-181 path of this device, and the native one behind it."""

    path: ParameterPath
    native: str
    row: Row
    owner: str
    """The native object instance that the row belongs to, with its dot."""
    captures: Mapping[str, int]
    position: int = 0
    """Which item of a native list, counted from 0."""
    target: str = ""
    """For a link: the TR-181 path that it points to."""


@dataclass(frozen=True, slots=True)
class Look:
    """A binding and the device it is of, which may be about to change."""

    at: Binding
    home: Home
    pending: Mapping[str, str]
    """What the same request will set, by native path."""

    @property
    def text(self) -> str:
        """What the device said of the parameter itself; empty when it has not."""
        return self.now(self.at.native) or ""

    def now(self, native: str) -> str | None:
        """What a native path is, or will be once the request so far is carried out."""
        if native in self.pending:
            return self.home.vendor.standard(native, self.pending[native])
        return self.home.get(native)

    def beside(self, leaf: str) -> str | None:
        """What another leaf of the same object is; the vendor's own where that counts instead."""
        return self._there(self.home.vendor.leaf(leaf, self._there))

    def place_of(self, leaf: str) -> str:
        """The native path of the leaf that counts for this one of the standard."""
        return self.at.owner + self.home.vendor.leaf(leaf, self._there)

    def _there(self, leaf: str) -> str | None:
        return self.now(self.at.owner + leaf)

    def after(self, sets: Sets) -> "Look":
        """The same, once these are set as well."""
        own = {native: self.home.vendor.own(native, value) for native, value in sets}
        return Look(self.at, self.home, {**self.pending, **own})

    def set(self, value: str) -> Sets:
        """Set the parameter itself."""
        return ((self.at.native, value),)

    def set_beside(self, leaf: str, value: str) -> Sets:
        """Set another leaf of the same object."""
        return ((self.at.owner + leaf, value),)
