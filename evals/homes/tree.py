"""The parameter tree of one device: objects, rows and parameters, as a CWMP device keeps them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from brain.domain.parameter import ParameterType
from evals.homes.device_model import DeviceModel, ParameterSpec, TableSpec

Gauge = Callable[[str, tuple[int, ...]], str]
"""Shows what moves: the name of a gauge and the row numbers on its path give the text of now."""


_MOVING = ("#", "=")


@dataclass(slots=True)
class Parameter:
    """One parameter. ``gauge`` and ``rows`` say what it shows when its value is not kept here."""

    type: ParameterType
    writable: bool
    secret: bool
    value: str
    rule: str
    gauge: str
    rows: tuple[int, ...]


class Tree:
    """All of one device's names and values. Paths of objects end in a dot."""

    def __init__(self, model: DeviceModel, facts: Mapping[str, str], gauge: Gauge) -> None:
        self.model = model
        self.parameters: dict[str, Parameter] = {}
        self.objects: dict[str, bool] = {}
        """Every object, and whether it can be added to or deleted."""
        self.hidden: tuple[str, ...] = ()
        """Patterns of what this box has and does not tell, as ``fnmatch`` has them."""
        self.version = 0
        """Grows with every change, so that what follows from the settings can be remembered."""
        self._facts = facts
        self._gauge = gauge
        self._used: dict[str, int] = {}
        self._specs: dict[str, list[tuple[str, ParameterSpec]]] = {}
        for path, spec in model.parameters.items():
            table, mark, leaf = path.rpartition("{i}.")
            self._specs.setdefault(table + mark, []).append((leaf, spec))
        self._nested: dict[str, list[tuple[str, TableSpec]]] = {}
        """By template of a row, or empty: the tables right below it."""
        for path, rows in model.tables.items():
            above, mark, name = path.removesuffix("{i}.").rpartition("{i}.")
            self._nested.setdefault(above + mark, []).append((name, rows))
        for path, writable in model.objects.items():
            self._object(path, writable)
        self._plant("", "", {}, {})
        for path, value in model.settings.items():
            self.put(path, value)

    def read(self, path: str) -> str:
        """The value as the device holds it, secrets too; raises KeyError when there is none."""
        parameter = self.parameters[path]
        if not parameter.gauge:
            return parameter.value
        kind, name = parameter.gauge[0], parameter.gauge[1:]
        text = str(len(self.rows(name))) if kind == "#" else self._gauge(name, parameter.rows)
        wraps = parameter.type is ParameterType.UNSIGNED_INT and text.isdigit()
        return str(int(text) % 2**32) if wraps else text

    def shown(self, path: str) -> str:
        """The value as the device tells it: a secret is empty (TR-181 "secured")."""
        secret = self.parameters[path].secret and not self.model.returns_secrets
        return "" if secret else self.read(path)

    def put(self, path: str, value: str) -> None:
        """Keep this value, whatever the path showed so far; raises KeyError when there is none."""
        parameter = self.parameters[path]
        self.version += 1
        parameter.value, parameter.gauge = value, ""

    def below(self, prefix: str) -> Iterator[str]:
        """The parameters told of below an object, or of everything for an empty prefix."""
        return (path for path in self.parameters if path.startswith(prefix) and self.tells(path))

    def tells(self, path: str) -> bool:
        """Whether the box would tell of a parameter to who asks."""
        return not any(fnmatchcase(path, pattern) for pattern in self.hidden)

    def rows(self, table: str) -> list[int]:
        """The numbers of the rows that a table has now."""
        cut = len(table)
        found = {path[cut:-1] for path in self.objects if path.startswith(table)}
        return sorted(int(each) for each in found if each.isdigit())

    def can_grow(self, table: str) -> bool:
        """Whether the make knows what a new row of this table holds."""
        return self._template(table) in self._specs

    def add(
        self,
        table: str,
        *,
        facts: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> int:
        """Add a row and return its number, which no earlier row of this table had (A.3.2.6)."""
        number = self._used.get(table, 0) + 1
        self.version += 1
        self._used[table] = number
        self._plant(self._template(table), f"{table}{number}.", facts or {}, settings or {})
        return number

    def remove(self, row: str) -> None:
        """Delete a row and all below it."""
        self.version += 1
        for path in [path for path in self.parameters if path.startswith(row)]:
            del self.parameters[path]
        for path in [path for path in self.objects if path.startswith(row)]:
            del self.objects[path]

    def clear(self, table: str) -> None:
        """Delete all rows and count from 1 again, as devices do with results of diagnostics."""
        for number in self.rows(table):
            self.remove(f"{table}{number}.")
        self._used.pop(table, None)

    def _plant(
        self,
        template: str,
        row: str,
        facts: Mapping[str, str],
        settings: Mapping[str, str],
    ) -> None:
        known = {**self._facts, "i": row[:-1].rpartition(".")[2], **facts}
        if row:
            self._object(row, self._writable(template))
        for leaf, spec in self._specs.get(template, []):
            path = row + leaf
            self._object(path.rpartition(".")[0] + ".", False)
            shape = settings.get(leaf, spec.value)
            text = shape.format_map(known)
            self.parameters[path] = Parameter(
                type=spec.type,
                writable=spec.writable,
                secret=spec.secret,
                value=text,
                rule=spec.rule,
                gauge=text if shape[:1] in _MOVING else "",
                rows=_rows(path),
            )
        self._tables(template, row)

    def _tables(self, template: str, row: str) -> None:
        for name, spec in self._nested.get(template, ()):
            table = row + name
            self._object(table, spec.writable)
            for settings in spec.rows:
                self.add(table, settings=settings)

    def _writable(self, template: str) -> bool:
        spec = self.model.tables.get(template)
        return spec.writable if spec else False

    def _object(self, path: str, writable: bool) -> None:
        if path in self.objects:
            self.objects[path] = self.objects[path] or writable
            return
        parent = path[:-1].rpartition(".")[0]
        if parent:
            self._object(parent + ".", False)
        self.objects[path] = writable

    def _template(self, table: str) -> str:
        """The template of a table's rows; a file may number the outer rows or leave them open."""
        named = table + "{i}."
        if named in self._specs:
            return named
        return ".".join("{i}" if part.isdigit() else part for part in named.split("."))


@lru_cache(maxsize=65_536)
def _rows(path: str) -> tuple[int, ...]:
    """The numbers in a path. Kept: homes of one make have the same paths."""
    return tuple(int(part) for part in path.split(".") if part.isdigit())
