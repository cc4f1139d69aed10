"""Checks a value against what the device itself said: live lists and references."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from json import loads

from brain.datamodel.catalogue import template_of
from brain.datamodel.entry import Entry, EnumerationReference, PathReference
from brain.datamodel.facets import split_list
from brain.datamodel.paths import beside, holds
from brain.datamodel.refusal import Rule, Subject, listed
from brain.domain.parameter import Snapshot, Value

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,39}|", re.ASCII)
_LOOK = "Read it from the device first."


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveList:
    """A parameter whose values another one lists, where only the text of the standard says so."""

    parameter: str
    rule: str
    otherwise: str = ""
    """The parameter that decides when the device lists nothing."""
    lists: Mapping[str, str]
    """The legal values for each value of that one."""


def check_live(entry: Entry, path: str, value: Value, snapshot: Snapshot) -> None:
    """Raise InvalidValue unless what the device said allows this value for this parameter."""
    subject = Subject(field=path, secret=entry.secret)
    syntax = entry.syntax
    if syntax is None:
        return
    items = split_list(value) if syntax.list else (value,)
    if reference := syntax.enumeration_reference:
        _check_enumeration(reference, items, snapshot, subject)
    if syntax.path_reference:
        for item in items:
            check_reference(syntax.path_reference, item, snapshot, subject)
    if live := live_list(entry.path):
        _check_live_list(live, value, snapshot, subject)


def live_list(template: str) -> LiveList | None:
    """The list that a parameter's values are in, where only the text of the standard says so."""
    return _live_lists().get(template)


def _check_enumeration(
    reference: EnumerationReference,
    items: tuple[str, ...],
    snapshot: Snapshot,
    subject: Subject,
) -> None:
    where = beside(reference.parameter, subject.field)
    listing = snapshot.get(where) if where else None
    null = () if reference.null is None else (reference.null,)
    if listing is None:
        subject.refuse(
            Rule.ENUMERATION_REF,
            f"the device has not said what it allows ({where or reference.parameter})",
            _LOOK,
        )
    legal = (*split_list(listing), *null)
    if any(item not in legal for item in items):
        subject.refuse(
            Rule.ENUMERATION_REF,
            f"this device does not allow this value (see {where})",
            f"Choose one of {_told(legal)}." if legal else "The device lists none: leave it.",
        )


def check_reference(
    reference: PathReference, value: Value, snapshot: Snapshot, subject: Subject
) -> None:
    """Raise InvalidValue unless the value names what the device has, or nothing at all."""
    if not value:  # a null reference: TR-106 section 3.2.4 lets any reference point nowhere
        return
    is_row = reference.kind == "row"
    target = value.rstrip(".") + "." if is_row else value
    template = template_of(target)
    if reference.targets and not any(_points(each, template) for each in reference.targets):
        subject.refuse(
            Rule.PATH_REF,
            "this names something of the wrong kind",
            f"Name a row of {listed(reference.targets)}",
        )
    known = holds(snapshot, target) if target.endswith(".") else target in snapshot.values
    if not known:
        subject.refuse(
            Rule.PATH_REF,
            "this names nothing that the device has shown",
            "Name something the device has, or leave it empty.",
        )


def _points(target: str, template: str) -> bool:
    return template == target or (target.count(".") == 1 and template.startswith(target))


def _check_live_list(live: LiveList, value: Value, snapshot: Snapshot, subject: Subject) -> None:
    where, listing = _listing(live, snapshot, subject)
    if not listing:
        subject.refuse(
            live.rule, f"the device has not said which values it allows ({where})", _LOOK
        )
    if not any(_holds(item, value) for item in split_list(listing)):
        subject.refuse(
            live.rule,
            f"{value} is not among the values this device allows (see {where})",
            f"Choose one of {_told(split_list(listing))}.",
        )


def _listing(live: LiveList, snapshot: Snapshot, subject: Subject) -> tuple[str, str]:
    where = beside(live.parameter, subject.field) or live.parameter
    listing = snapshot.get(where)
    decider = beside(live.otherwise, subject.field) if live.otherwise else None
    if listing or decider is None:
        return where, listing or ""
    return decider, live.lists.get(snapshot.get(decider) or "", "")


def _holds(item: str, value: Value) -> bool:
    """Whether an item of a list is the value, or a range ``n-m`` that holds it."""
    low, dash, high = item.partition("-")
    if dash and low.isdecimal() and high.isdecimal() and value.isdecimal():
        return int(low) <= int(value) <= int(high)
    return item == value


def _told(items: tuple[str, ...]) -> str:
    """What a device lists, for a sentence. Text that is no plain word is the device's to keep."""
    return listed(tuple(item for item in items if _WORD.fullmatch(item))) or "what it lists"


@cache
def _live_lists() -> Mapping[str, LiveList]:
    text = (files("brain.datamodel") / "data" / "live_lists.json").read_text("utf-8")
    lists: dict[str, LiveList] = {}
    for row in loads(text):
        otherwise = row.get("otherwise", {})
        lists[row["parameter"]] = LiveList(
            parameter=row["list"],
            rule=row["rule"],
            otherwise=otherwise.get("parameter", ""),
            lists=otherwise.get("lists", {}),
        )
    return lists
