"""Reads the tables beside this module. ``scripts/datamodel/tables.py`` writes them.

A table is base64 over gzip over text: a header, a pool of distinct facts in JSON, an empty line,
the rows. Only the rows are taken apart when it is opened; facts wait until somebody asks.
"""

from base64 import b64decode
from dataclasses import dataclass
from importlib.resources import files
from json import loads
from zlib import decompress

_GZIP = 31
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read: the pool of facts, and for each path what stands in its row."""

    header: dict[str, object]
    pool: tuple[str, ...]
    rows: dict[str, str]


def read_table(name: str) -> Table:
    """The table of this name, ``tr181`` or ``tr098``."""
    return open_table((files("brain.datamodel") / "data" / f"{name}.table").read_bytes())


def open_table(packed: bytes) -> Table:
    """A table from its packed form; ValueError when it was written for another version of us."""
    head, _, body = decompress(b64decode(packed), _GZIP).decode().partition("\n\n")
    first, *pool = head.split("\n")
    header = loads(first)
    if header["format"] != _FORMAT:
        raise ValueError(f"this table has format {header['format']}: convert it again")
    return Table(header=header, pool=tuple(pool), rows=_rows(body))


def _rows(body: str) -> dict[str, str]:
    rows: dict[str, str] = {}
    above = ""
    for line in body.splitlines():
        name, _, columns = line.partition(" ")
        if name[0] == "\t":
            rows[above + name[1:]] = columns
        else:
            above = name
            rows[name] = columns
    return rows
