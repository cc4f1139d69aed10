"""May this command be given, with these arguments?

Commands are TR-369's. A device on TR-069 knows three of them as the RPCs Reboot, FactoryReset and
Download, and diagnostics as writes to their objects.
"""

from collections.abc import Mapping
from dataclasses import replace

from brain.datamodel.catalogue import Catalogue, catalogue, template_of
from brain.datamodel.diagnostics import BY_COMMAND, MOST, Diagnostic
from brain.datamodel.entry import Argument, Entry, Kind
from brain.datamodel.facets import checked
from brain.datamodel.firmware import (
    FETCHES,
    OVER_CWMP,
    check_starts_at_once,
    fetches_firmware,
)
from brain.datamodel.live import check_reference
from brain.datamodel.nearby import hint
from brain.datamodel.paths import holds, object_of
from brain.datamodel.refusal import Rule, Subject, listed
from brain.datamodel.secrets import named_like_a_secret
from brain.domain.change import Command
from brain.domain.parameter import Snapshot, Value, whole_number

RPCS = frozenset({"Device.Reboot()", "Device.FactoryReset()"})
"""The commands without arguments that CWMP has as RPCs (TR-069 A.4.1.2 and A.4.1.4)."""


def check_command(change: Command, snapshot: Snapshot, book: Catalogue) -> Command:
    """The command with canonical arguments, in the order of the data model."""
    subject = Subject(field=change.path)
    by_usp = book.name == "tr181-usp"
    commands = catalogue("tr181-usp")
    entry = commands.find(change.path)
    if entry is None or entry.kind is not Kind.COMMAND:
        subject.refuse(Rule.UNKNOWN, *hint(change.path, commands))
    diagnostic = None if by_usp else BY_COMMAND.get(change.path)
    fetches = not by_usp and fetches_firmware(change.path)
    if not (by_usp or change.path in RPCS or diagnostic or fetches):
        subject.refuse(
            Rule.UNKNOWN,
            "a device on TR-069 does not know this command",
            f"It knows {listed((*sorted(RPCS | BY_COMMAND.keys()), FETCHES))}.",
        )
    if not fetches:
        _check_present(change, snapshot, subject)
    known = {each.name: each for each in entry.arguments if by_usp or diagnostic}
    if fetches:
        known = {each.name: each for each in entry.arguments if each.name in OVER_CWMP}
    # Reboot and FactoryReset carry a CommandKey of ours over CWMP and nothing else.
    given = _given(change, known, subject)
    if diagnostic is not None:
        _check_diagnostic(diagnostic, given, snapshot, subject)
    _check_mandatory(entry if by_usp or fetches else None, given, subject)
    if fetches:
        check_starts_at_once(given, subject)
    order = {name: place for place, name in enumerate(known)}
    names = sorted(given, key=lambda name: (order[_named(name)], name))
    arguments = tuple(
        (name, _argument(known[_named(name)], name, given[name], change, snapshot))
        for name in names
    )
    return replace(change, arguments=arguments)


def _named(argument: str) -> str:
    """The name in the data model of an argument such as ``Result.1.Name``."""
    return template_of(f".{argument}")[1:]


def _check_present(change: Command, snapshot: Snapshot, subject: Subject) -> None:
    owner = object_of(change.path)
    if owner.count(".") > 1 and not holds(snapshot, owner):
        subject.refuse(
            Rule.NOT_IN_DEVICE,
            "this device has not shown the object that the command is of",
            "Read the device again, or choose an object it has.",
        )


def _check_diagnostic(
    diagnostic: Diagnostic, given: Mapping[str, Value], snapshot: Snapshot, subject: Subject
) -> None:
    if diagnostic.state not in snapshot.values and diagnostic.state not in snapshot.writable:
        subject.refuse(
            Rule.NOT_IN_DEVICE,
            "this device has not shown that it can do this",
            "Read the device again, or choose another diagnostic.",
        )
    missing = [name for name in diagnostic.needs if not given.get(name)]
    if missing:
        subject.refuse(
            Rule.ARGUMENT, f"the argument {missing[0]} is missing", f"Give {', '.join(missing)}."
        )
    for name, most in MOST.items():
        if (whole_number(given.get(name)) or 0) > most:
            subject.refuse(
                Rule.ARGUMENT, f"{name} is more than a diagnostic takes", f"Give {most} at most."
            )


def _given(change: Command, known: Mapping[str, Argument], subject: Subject) -> dict[str, Value]:
    given = dict(change.arguments)
    if len(given) != len(change.arguments):
        subject.refuse(Rule.ARGUMENT, "an argument is given twice", "Give each argument once.")
    strange = [name for name in given if _named(name) not in known]
    if strange:
        subject.refuse(
            Rule.ARGUMENT,
            "the command takes no such argument",
            f"It takes {listed(tuple(known))}." if known else "Leave the arguments out.",
        )
    return given


def _check_mandatory(entry: Entry | None, given: Mapping[str, Value], subject: Subject) -> None:
    arguments = entry.arguments if entry else ()
    missing = [
        each.name
        for each in arguments
        if each.mandatory and "." not in each.name and each.name not in given
    ]
    if missing:
        subject.refuse(
            Rule.ARGUMENT, f"the argument {missing[0]} is missing", f"Give {', '.join(missing)}."
        )


def _argument(
    argument: Argument, name: str, text: str, change: Command, snapshot: Snapshot
) -> Value:
    secret = argument.syntax.secret or named_like_a_secret(name)
    subject = Subject(field=f"{change.path} {name}", secret=secret)
    value = checked(argument.syntax, text, subject)
    if argument.syntax.path_reference:
        check_reference(argument.syntax.path_reference, value, snapshot, subject)
    return value
