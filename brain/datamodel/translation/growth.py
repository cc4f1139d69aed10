"""Tables whose rows come and go, and are the same rows in both models.

A row of one model has to be a row of the other, no more and no less: a WLANConfiguration is a row
of three tables of TR-181, a resolver is an item of a list, and neither is here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from brain.datamodel.catalogue import catalogue
from brain.datamodel.entry import Access
from brain.datamodel.translation.binding import Binding, Look
from brain.datamodel.translation.home import Home
from brain.datamodel.translation.instances import BY_VALUE, fill
from brain.datamodel.translation.joins import JOINS, Captures
from brain.datamodel.translation.mapping import NEW, Row, generic, names_in, pattern_of, rows
from brain.datamodel.translation.rules import LINKS
from brain.domain.parameter import ParameterPath, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A table of one device, under both its names. Both end in a dot."""

    native: str
    table: ParameterPath
    number: int
    """A row that it does not have: a new one is looked at as if it were this."""
    captures: Captures
    """With the number of that row."""
    rows: tuple[Row, ...]
    """What its rows hold."""

    @property
    def grows(self) -> bool:
        """Whether TR-098 lets rows be added and deleted (TR-106 2.2.1)."""
        entry = catalogue("tr098").find(f"{generic(self.native)}{{i}}.")
        return entry is not None and entry.access is Access.READ_WRITE

    @property
    def joined_by(self) -> tuple[str, ...]:
        """The leaves that say which of several such tables a row is in."""
        return tuple(_leaf_of(row.target) for row in self.rows if row.rule in LINKS)

    def look(self, home: Home, leaf: str) -> Look | None:
        """A leaf of the new row, by its TR-181 name; None when TR-098 has nothing for it."""
        for row in self.rows:
            target = fill(row.target, self.captures, home)
            if _leaf_of(row.target) != leaf or target is None:
                continue
            owner = f"{self.native}{self.number}."
            link = fill(NEW + row.argument, self.captures, home) if row.rule in LINKS else ""
            return Look(
                Binding(
                    path=ParameterPath(target),
                    native=owner + row.leaf,
                    row=row,
                    owner=owner,
                    captures=self.captures,
                    target=link or "",
                ),
                home,
                {},
            )
        return None

    def holds(self, home: Home, values: Sequence[tuple[str, Value]]) -> bool:
        """Whether a row with these values would be in this table, and not in another like it."""
        given = dict(values)
        for leaf in self.joined_by:
            look = self.look(home, leaf)
            if look is None or given.get(leaf, "").rstrip(".") != look.at.target:
                return False
        return True


def places_of(home: Home) -> tuple[Place, ...]:
    """The tables that this device has shown, by a row or by the parameter that counts its rows."""
    return tuple(place for native, its in _pairs() for place in _places(native, its, home))


def is_row_for_row(table: str) -> bool:
    """Whether the rows of a TR-181 table are rows of TR-098."""
    return any(generic(_table_of(its[0].target)) == generic(table) for _, its in _pairs())


def _places(native: str, its: tuple[Row, ...], home: Home) -> Iterator[Place]:
    parent = native[: native.rstrip(".").rfind(".") + 1]
    pattern = pattern_of(parent)
    found = {match[0]: match for path in home.values if (match := pattern.match(path))}
    for above, match in sorted(found.items()):
        own = above + native.removeprefix(parent)
        numbers = _numbers(own, home)
        if not numbers and above + _counter(native) not in home.values:
            continue
        number = max(numbers, default=0) + 1
        at = {name: int(text) for name, text in match.groupdict().items()}
        at[names_in(its[0].native)[-1]] = number
        table = fill(_table_of(its[0].target), at, home)
        if table is not None:
            path = ParameterPath(table)
            yield Place(native=own, table=path, number=number, captures=at, rows=its)


def _numbers(table: str, home: Home) -> set[int]:
    below = (path.removeprefix(table) for path in home.values if path.startswith(table))
    return {int(row) for each in below if (row := each.partition(".")[0]).isdecimal()}


def _counter(native: str) -> str:
    entry = catalogue("tr098").find(f"{generic(native)}{{i}}.")
    return (entry.entries_parameter if entry else "") or "{}"


@cache
def _pairs() -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """The native tables, as the mapping names them, whose rows are those of one TR-181 table."""
    found: dict[str, list[Row]] = {}
    for row in rows():
        joined = any(name in names_in(row.target) for name in BY_VALUE)
        if row.rule not in ("none", "part") and row.table and not joined:
            found.setdefault(_table_of(row.native), []).append(row)
    return tuple((native, tuple(its)) for native, its in found.items() if _is_one_for_one(its))


def _is_one_for_one(its: list[Row]) -> bool:
    names = names_in(its[0].native)
    targets = {_table_of(row.target) for row in its}
    ends = {names_in(row.target)[-1:] for row in its}
    if len(targets) != 1 or len(ends) != 1 or not all(ends):
        return False
    ((end,),) = ends
    one, other = dict.fromkeys(names, 1), {**dict.fromkeys(names, 1), names[-1]: 2}
    join = JOINS.get(end)
    return end == names[-1] if join is None else join(one) != join(other)


def _table_of(template: str) -> str:
    return template[: template.rfind("{")]


def _leaf_of(template: str) -> str:
    return template[template.rfind("}") + 2 :]
