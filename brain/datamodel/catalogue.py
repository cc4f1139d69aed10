"""The data model by path: what is there, of which type, and what may be written.

``catalogue("tr181-cwmp")`` is TR-181 as a device on TR-069 has it, ``"tr181-usp"`` as one on TR-369
does, ``"tr098"`` is the older InternetGatewayDevice model.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from brain.datamodel.decode import decode
from brain.datamodel.entry import (
    Access,
    Argument,
    Entry,
    EnumerationReference,
    Kind,
    ListFacets,
    PathReference,
    Range,
    Size,
    Syntax,
)
from brain.datamodel.managing import ENTRIES
from brain.datamodel.secrets import named_like_a_secret
from brain.datamodel.tables import Table, read_table
from brain.domain.device import Protocol
from brain.domain.errors import InvalidInput

__all__ = [
    "Access",
    "Argument",
    "Catalogue",
    "Entry",
    "EnumerationReference",
    "Kind",
    "ListFacets",
    "PathReference",
    "Range",
    "Size",
    "Syntax",
    "catalogue",
    "model_of",
    "template_of",
]

_INSTANCE = re.compile(r"\.[1-9][0-9]*(?=\.)")
_MEMORY = 50_000

_VIEWS = {"tr181-cwmp": ("tr181", 0), "tr181-usp": ("tr181", 1), "tr098": ("tr098", 0)}
"""The table of each model, and which of its two protocols."""


def template_of(path: str) -> str:
    """The path with ``{i}`` for each instance number (TR-106 section 3.1)."""
    return _INSTANCE.sub(".{i}", path)


class Catalogue:
    """One data model as one protocol has it."""

    def __init__(self, name: str, rows: Mapping[str, tuple[str, str]]) -> None:
        self.name = name
        self._rows = rows
        self._seen: dict[str, Entry | None] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, path: str) -> bool:
        return self.find(path) is not None

    @property
    def paths(self) -> Iterator[str]:
        """Every path template, objects by name and members in the order of the standard."""
        return iter(self._rows)

    def find(self, path: str) -> Entry | None:
        """What the model says of a concrete path or template; None when it does not know it.

        The path of a table (``Device.WiFi.Radio.``) finds the table's own entry.
        """
        try:
            return self._seen[path]
        except KeyError:
            return self._remember(path)

    def is_secret(self, path: str) -> bool:
        """Whether the value must not be shown; of an unknown path its name decides."""
        entry = self.find(path)
        return named_like_a_secret(path) if entry is None else entry.secret

    def _remember(self, path: str) -> Entry | None:
        # Paths come from devices: the memory is bounded, so that no device can fill it.
        if len(self._seen) >= _MEMORY:
            self._seen.clear()
        template = template_of(path)
        if template not in self._rows and template.endswith("."):
            template += "{i}."
        entry = self._seen.get(template)
        if template in ENTRIES:
            entry = ENTRIES[template]
        elif entry is None and template in self._rows:
            entry = decode(template, *self._rows[template])
            self._seen[template] = entry
        self._seen[path] = entry
        return entry


def model_of(protocol: Protocol) -> str:
    """The model that plans for a device are checked against; TR-098 is translated before that."""
    return "tr181-usp" if protocol is Protocol.USP else "tr181-cwmp"


@cache
def catalogue(model: str = "tr181-cwmp") -> Catalogue:
    """The catalogue of this model, read once."""
    if model not in _VIEWS:
        raise InvalidInput(
            f"there is no data model {model!r}",
            field="model",
            remedy=f"Choose one of {', '.join(_VIEWS)}.",
        )
    table, protocol = _VIEWS[model]
    return Catalogue(model, _view(_table(table), protocol))


@cache
def _table(name: str) -> Table:
    return read_table(name)


def _view(table: Table, protocol: int) -> dict[str, tuple[str, str]]:
    """The rows that this protocol has: since when, and its facts."""
    rows: dict[str, tuple[str, str]] = {}
    for path, columns in table.rows.items():
        # since CWMP, since USP, facts, facts of CWMP where they differ
        column = columns.split(" ")
        since = column[protocol]
        if since != "-":
            rows[path] = (since, table.pool[int(column[-1 if protocol == 0 else 2])])
    return rows
