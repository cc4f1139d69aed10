"""May this change be written to this device? Every path and value passes here before a plan.

What the data model does not know is accepted when a device says it and refused when somebody wants
to write it. Deleted and deprecated parameters live on in the field: a device that shows one may be
asked to change it.
"""

from dataclasses import replace

from brain.datamodel.catalogue import Catalogue, catalogue
from brain.datamodel.commands import check_command
from brain.datamodel.entry import Access, Entry, Kind
from brain.datamodel.facets import checked, readable
from brain.datamodel.live import check_live
from brain.datamodel.nearby import hint
from brain.datamodel.refusal import Rule, Subject
from brain.datamodel.rows import check_add, check_delete
from brain.domain.change import AddObject, Change, DeleteObject, SetParameter
from brain.domain.parameter import ParameterPath, Snapshot, Value, is_concrete

CWMP = "tr181-cwmp"


def validate(change: Change, snapshot: Snapshot, *, model: str = CWMP) -> Change:
    """The change with canonical values, its type and whether it is secret filled in.

    ``snapshot`` is what the device last said, ``model`` the catalogue of its protocol. Raises
    InvalidValue whose ``field`` is the path, ``rule`` what was broken and ``remedy`` what to do;
    it never shows a secret or anybody's text. A change it returned comes back unchanged.
    """
    book = catalogue(model)
    if not is_concrete(change.path):
        Subject(field=change.path).refuse(
            Rule.UNKNOWN,
            "this does not name exactly one thing",
            "Put instance numbers where wildcards, searches or placeholders are.",
        )
    if isinstance(change, SetParameter):
        return _checked_set(change, snapshot, book)
    if isinstance(change, AddObject):
        return check_add(change, snapshot, book)
    if isinstance(change, DeleteObject):
        return check_delete(change, snapshot, book)
    return check_command(change, snapshot, book)


def read_value(path: str, text: str, *, model: str = CWMP) -> Value:
    """What a device said of this path, in canonical form where the data model knows its type.

    Nothing is refused: an unknown path, or a value that is not of its type, is kept as it was said.
    """
    entry = catalogue(model).find(path)
    return text if entry is None or entry.syntax is None else readable(entry.syntax, text)


def _checked_set(change: SetParameter, snapshot: Snapshot, book: Catalogue) -> SetParameter:
    entry = book.find(change.path)
    secret = book.is_secret(change.path)
    subject = Subject(field=change.path, secret=secret)
    if entry is None or entry.syntax is None or entry.kind is not Kind.PARAMETER:
        subject.refuse(Rule.UNKNOWN, *hint(change.path, book))
    _check_present(change.path, snapshot, subject)
    _check_writable(change.path, entry, snapshot, subject)
    value = checked(entry.syntax, change.after, subject)
    check_live(entry, change.path, value, snapshot)
    return replace(
        change,
        type=entry.syntax.type,
        before=readable(entry.syntax, change.before),
        after=value,
        secret=secret,
    )


def _check_present(path: ParameterPath, snapshot: Snapshot, subject: Subject) -> None:
    if path not in snapshot.values and path not in snapshot.writable:
        subject.refuse(
            Rule.NOT_IN_DEVICE,
            "this device has not shown that it has this parameter",
            "Read the device again, or choose a parameter it has.",
        )


def _check_writable(
    path: ParameterPath, entry: Entry, snapshot: Snapshot, subject: Subject
) -> None:
    if entry.access is Access.WRITE_ONCE:
        subject.refuse(
            Rule.READ_ONLY,
            "this can only be set when the row is created",
            "Add a new row with the value wanted.",
        )
    if entry.access is not Access.READ_WRITE:
        subject.refuse(
            Rule.READ_ONLY,
            "the data model makes this read-only",
            "Change the setting that it reports on.",
        )
    if snapshot.writable.get(path) is False:
        subject.refuse(
            Rule.READ_ONLY,
            "this device does not let anybody write this",
            "Choose another setting, or ask the vendor.",
        )
