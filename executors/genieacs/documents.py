"""A device's document in GenieACS as the parameters that it remembers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from brain.domain.canonical import Json


@dataclass(frozen=True, slots=True)
class Remembered:
    """One parameter; ``value`` None: there is such a one, and its value was never read."""

    value: str | None
    type: str
    writable: bool
    at: str
    """When it was last read or written, as an ISO date, which sorts; empty when it never was."""


def parameters(document: Mapping[str, Json]) -> dict[str, Remembered]:
    """Every parameter of a document by its full path."""
    return {path: _parameter(node) for path, node in _leaves(document, "")}


def _leaves(node: Mapping[str, Json], above: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for name, below in node.items():
        if name.startswith("_") or not isinstance(below, dict):
            continue
        path = f"{above}{name}"
        if "_value" in below or below.get("_object") is False:
            yield path, below
        yield from _leaves(below, f"{path}.")


def rows_of(document: Mapping[str, Json], table: str) -> set[int]:
    """The numbers of the rows that a table is remembered to have."""
    place: Json = dict(document)
    for name in table.rstrip(".").split("."):
        place = place.get(name) if isinstance(place, dict) else None
    return {int(name) for name in place if name.isdecimal()} if isinstance(place, dict) else set()


def _parameter(node: Mapping[str, Json]) -> Remembered:
    value = node.get("_value")
    return Remembered(
        value=None if value is None else _text(value),
        type=str(node.get("_type", "")).rpartition(":")[2],
        writable=node.get("_writable") is True,
        at=str(node.get("_timestamp", "")),
    )


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
