"""Rows that are added, deleted and told of as TR-181 names them, on one device."""

from collections.abc import Iterable, Mapping, Sequence

from brain.datamodel.catalogue import catalogue, template_of
from brain.datamodel.paths import object_of
from brain.datamodel.refusal import Rule, Subject
from brain.datamodel.translation.growth import Place, is_row_for_row
from brain.datamodel.translation.index import Index
from brain.datamodel.translation.rules import RULES
from brain.datamodel.translation.wording import Wording
from brain.domain.change import AddObject, DeleteObject
from brain.domain.parameter import ParameterPath, Value

NativeSets = tuple[tuple[str, str, str], ...]
"""Leaves, xsd types and values."""


def row_to_add(change: AddObject, index: Index, wording: Wording) -> tuple[str, NativeSets]:
    """As ``Translator.native_row``."""
    place = _place_for(change, index)
    row = f"{place.native}{place.number}."
    sets: dict[str, str] = {}
    for leaf, value in change.values:
        if leaf not in place.joined_by:
            sets |= _initial(place, leaf, value, index, wording, sets)
    return place.native, tuple(
        (native.removeprefix(row), *wording.typed(native, text)) for native, text in sets.items()
    )


def row_to_delete(change: DeleteObject, index: Index) -> str:
    """As ``Translator.native_deletion``."""
    table = object_of(change.path)
    natives = {place.native for place in index.places if place.table == table and place.grows}
    owners = {
        binding.owner
        for path, binding in index.bindings.items()
        if path.startswith(change.path) and object_of(binding.owner) in natives
    }
    if len(owners) != 1:
        Subject(field=change.path).refuse(
            Rule.NOT_MAPPED, _why_no_rows(table, index), "Change the row instead."
        )
    return owners.pop()


def told_whole(
    paths: Sequence[ParameterPath], asked: Sequence[str], index: Index
) -> tuple[ParameterPath, ...]:
    """As ``Translator.whole``."""
    answered = tuple(objects_in(asked))
    missing = [p.table for p in index.places if not p.native.startswith(answered)]
    missing += [
        path
        for path, binding in index.bindings.items()
        if binding.native not in asked and not binding.native.startswith(answered)
    ]
    tables = {place.table for place in index.places}
    known = sorted(t for t in tables if not any(each.startswith(t) for each in missing))
    rows_too = (path for path in objects_in(paths) if path.startswith(tuple(known)))
    below = (table for table in known if table.startswith(tuple(objects_in(paths))))
    return tuple(dict.fromkeys((*map(ParameterPath, rows_too), *below)))


def objects_in(paths: Iterable[str]) -> list[str]:
    """The objects of these paths: those that end in a dot."""
    return [path for path in paths if path.endswith(".")]


def _place_for(change: AddObject, index: Index) -> Place:
    subject = Subject(field=change.path)
    here = [each for each in index.places if each.table == change.path and each.grows]
    if not here:
        subject.refuse(
            Rule.NOT_MAPPED,
            _why_no_rows(change.path, index),
            "Choose another table, or change a row that is there.",
        )
    fit = [each for each in here if each.holds(index.home, change.values)]
    if len(fit) != 1:
        names = ", ".join(here[0].joined_by)
        subject.refuse(
            Rule.NOT_MAPPED,
            f"TR-098 has such a table for each connection, and {names} names none of them",
            f"Give {names} the path of a connection of this device.",
        )
    return fit[0]


def _why_no_rows(table: str, index: Index) -> str:
    if is_row_for_row(table):
        return "this device has not shown that it has such rows"
    if any(row.target_template.startswith(template_of(table)) for row in index.rows):
        return "a row of this table is no row of its own in TR-098, so none comes or goes"
    return "TR-098 has no counterpart for this"


def _initial(
    place: Place,
    leaf: str,
    value: Value,
    index: Index,
    wording: Wording,
    pending: Mapping[str, str],
) -> dict[str, str]:
    look = place.look(index.home, leaf)
    secret = catalogue().is_secret(f"{place.table}1.{leaf}")
    subject = Subject(field=f"{place.table}{leaf}", secret=secret)
    rule = RULES[look.at.row.rule] if look is not None else None
    sets = rule.write(value, look) if look is not None and rule and rule.write else None
    if sets is None:
        subject.refuse(
            Rule.NOT_MAPPED, "this cannot be said of a new row in TR-098", "Leave it out."
        )
    return dict(wording.checked(each, pending, subject, shared=False) for each in sets)
