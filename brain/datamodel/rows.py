"""May this row be added to, or deleted from, a table of the device?"""

from dataclasses import replace

from brain.datamodel.catalogue import Catalogue
from brain.datamodel.entry import Access, Entry, Kind
from brain.datamodel.facets import checked
from brain.datamodel.live import check_live
from brain.datamodel.nearby import hint
from brain.datamodel.paths import holds, object_of, rows_of
from brain.datamodel.refusal import Rule, Subject
from brain.domain.change import AddObject, DeleteObject
from brain.domain.parameter import ParameterPath, Snapshot, Value

_NO_ROWS = "Choose a table whose rows may be added and deleted."


def check_add(change: AddObject, snapshot: Snapshot, book: Catalogue) -> AddObject:
    """The new row with canonical values; ``change.path`` is the table's own path."""
    table = change.path
    subject = Subject(field=table)
    entry = _table(table, book, subject)
    if entry.path != f"{_template(table, book)}{{i}}.":
        subject.refuse(
            Rule.UNKNOWN,
            "this is one row, not the table it is in",
            f"Name the table: {object_of(table)}",
        )
    _check_present(table, entry, snapshot, subject)
    most = entry.entries.high if entry.entries else None
    if most is not None and len(rows_of(snapshot, table)) >= most:
        subject.refuse(
            Rule.ENTRIES, f"the table holds {most} rows at most", "Delete or change a row instead."
        )
    names = [name for name, _ in change.values]
    if len(set(names)) != len(names):
        subject.refuse(Rule.ARGUMENT, "a value is given twice", "Give each value once.")
    values = tuple(
        (name, _initial(table, name, text, snapshot, book)) for name, text in change.values
    )
    return replace(change, values=values)


def check_delete(change: DeleteObject, snapshot: Snapshot, book: Catalogue) -> DeleteObject:
    """The deletion itself, when the row is there and the table lets it go."""
    subject = Subject(field=change.path)
    entry = _table(change.path, book, subject)
    table = object_of(change.path)
    if _template(change.path, book) != entry.path:
        subject.refuse(
            Rule.UNKNOWN, "this is a whole table, not one row", "Name one row, such as Table.1."
        )
    if not holds(snapshot, change.path):
        subject.refuse(
            Rule.NOT_IN_DEVICE, "this device has not shown such a row", "Read the device again."
        )
    least = (entry.entries.low if entry.entries else None) or 0
    if len(rows_of(snapshot, table)) <= least:
        subject.refuse(
            Rule.ENTRIES, f"the table holds {least} rows at least", "Change the row instead."
        )
    return change


def _template(path: str, book: Catalogue) -> str:
    """The template of exactly this path: of a table its own, without the row."""
    entry = book.find(path)
    row = path.rstrip(".").rpartition(".")[2]
    if entry is None:
        return ""
    return entry.path if row.isdecimal() else entry.path.removesuffix("{i}.")


def _table(path: ParameterPath, book: Catalogue, subject: Subject) -> Entry:
    entry = book.find(path)
    if entry is None or entry.kind is not Kind.OBJECT:
        subject.refuse(Rule.UNKNOWN, *hint(path, book))
    if not entry.path.endswith("{i}."):
        subject.refuse(Rule.READ_ONLY, "this is one object, not a table of rows", _NO_ROWS)
    if entry.access is not Access.READ_WRITE:
        subject.refuse(Rule.READ_ONLY, "the device alone adds and deletes these rows", _NO_ROWS)
    return entry


def _check_present(
    table: ParameterPath, entry: Entry, snapshot: Snapshot, subject: Subject
) -> None:
    """An empty table shows itself by the parameter that counts its rows."""
    counter = object_of(table) + entry.entries_parameter
    if holds(snapshot, table) or (entry.entries_parameter and snapshot.get(counter) is not None):
        return
    subject.refuse(
        Rule.NOT_IN_DEVICE,
        "this device has not shown that it has this table",
        "Read the device again, or choose a table it has.",
    )


def _initial(
    table: ParameterPath, name: str, text: str, snapshot: Snapshot, book: Catalogue
) -> Value:
    path = f"{table}{{i}}.{name}"
    entry = book.find(path)
    subject = Subject(field=f"{table}{name}", secret=book.is_secret(path))
    if entry is None or entry.syntax is None:
        subject.refuse(Rule.UNKNOWN, *hint(path, book))
    if entry.access is Access.READ_ONLY:
        subject.refuse(
            Rule.READ_ONLY, "the data model makes this read-only", "Leave it to the device."
        )
    value = checked(entry.syntax, text, subject)
    check_live(entry, path, value, snapshot)
    return value
