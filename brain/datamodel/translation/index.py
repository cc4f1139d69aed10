"""Every TR-181 path of one TR-098 device, and the native parameter behind it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product

from brain.datamodel.catalogue import template_of
from brain.datamodel.facets import split_list
from brain.datamodel.translation.binding import Binding, Look
from brain.datamodel.translation.growth import Place, places_of
from brain.datamodel.translation.home import Home
from brain.datamodel.translation.instances import captures, fill
from brain.datamodel.translation.joins import POSITIONS, Captures
from brain.datamodel.translation.mapping import NEW, Row, by_native, rows
from brain.datamodel.translation.rules import LINKS, RULES
from brain.domain.parameter import ParameterPath

_POSITIONED = tuple(f"{{{name}}}" for name in POSITIONS)
_NONE: frozenset[str] = frozenset()
_ACCESS_POINT = "{wlan}"


class Index:
    """Built from what the device has; it does not change."""

    def __init__(self, home: Home) -> None:
        self.home = home

    @cached_property
    def bindings(self) -> Mapping[ParameterPath, Binding]:
        """One binding for each TR-181 path: of several candidates the first in the mapping.

        Several WLANConfiguration rows may be one radio: the lowest of them speaks for it.
        """
        best: dict[ParameterPath, Binding] = {}
        for native in self.home.values:
            template = template_of(native)
            own = self.home.vendor.by_native.get(template, ())
            for row in (*by_native().get(template, ()), *own):
                for each in self._candidates(native, row):
                    known = best.get(each.path)
                    if known is None or _rank(each) < _rank(known):
                        best[each.path] = each
        return dict(sorted(best.items()))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every row of the mapping, and of the vendor's own."""
        return (*rows(), *self.home.vendor.rows)

    @cached_property
    def tables(self) -> Mapping[str, frozenset[str]]:
        """The device's own tables, by their template: each ends in a dot."""
        found: dict[str, set[str]] = {}
        for native in self.home.values:
            names = native.split(".")
            for place, name in enumerate(names):
                if name.isdecimal():
                    table = ".".join(names[:place]) + "."
                    found.setdefault(template_of(table), set()).add(table)
        return {template: frozenset(each) for template, each in found.items()}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The tables whose rows are rows of TR-181 as well."""
        return places_of(self.home)

    def tables_of(self, row: Row) -> frozenset[str]:
        """The device's own tables that a row is about; none where its rows do not have it."""
        return self.tables.get(row.table, _NONE) if row.native_template in self._shown else _NONE

    @cached_property
    def _shown(self) -> frozenset[str]:
        return frozenset(template_of(native) for native in self.home.values)

    def _candidates(self, native: str, row: Row) -> Iterator[Binding]:
        found = captures(row.pattern, native)
        if found is None:
            return
        positions = 1
        if any(name in row.target for name in _POSITIONED):
            positions = len(split_list(self.home.values[native]))
        for at, position in product(self._spread(row, found), range(positions)):
            path = fill(row.target, at, self.home, position=position)
            if path is None:
                continue
            link = fill(NEW + row.argument, at, self.home) if row.rule in LINKS else ""
            binding = Binding(
                path=ParameterPath(path),
                native=native,
                row=row,
                owner=native.removesuffix(row.leaf),
                captures=at,
                position=position,
                target=link or "",
            )
            if RULES[row.rule].applies(Look(binding, self.home, {})):
                yield binding

    def _spread(self, row: Row, at: Captures) -> list[Captures]:
        """What is one for a whole LAN in TR-098 is one for each access point in TR-181."""
        if _ACCESS_POINT not in row.target or "w" in at:
            return [at]
        return [{**at, "w": wlan} for wlan in self.home.wlans_of(at["l"])]


def _rank(binding: Binding) -> tuple[int, tuple[int, ...]]:
    return binding.row.place, tuple(binding.captures.values())
