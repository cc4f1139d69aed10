"""Reads a bulk data report, as JSON or CSV, in each of the layouts of TR-181 Device.BulkData.

What it is follows from its content: agents in the field do not always say. No I/O; all of it was
sent from outside, so everything is bounded, and what does not fit is Malformed.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Final, NoReturn

from brain.domain.errors import InvalidInput

MAX_BYTES: Final = 512 * 1024
"""Of one upload, unpacked."""
_MOST_REPORTS: Final = 200
"""In one upload: a device sends later what it could not send at once (NumberOfRetainedReports)."""
_MOST_VALUES: Final = 20_000
_DEEPEST: Final = 32
_LONGEST: Final = 256
"""Characters of a path (TR-106 section 3.1.1)."""
_TIME: Final = "ReportTimestamp"
_SECONDS: Final = re.compile(r"[0-9]{1,11}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}(Z|[+-][0-9]{2}:[0-9]{2})?")


class Malformed(InvalidInput):
    """An upload that is no report. The text never quotes it."""

    code = "malformed_report"


@dataclass(frozen=True, slots=True)
class Report:
    """What was collected at one moment."""

    at: datetime | None
    """None where the device says no time."""
    values: Mapping[str, str] = field(repr=False)
    """By what the device calls each, as it wrote them."""


def read(content: bytes) -> list[Report]:
    """Every report of one upload, oldest or newest first as it came; Malformed for none."""
    if len(content) > MAX_BYTES:
        raise Malformed("is too large", field="report")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("is not UTF-8", field="report") from None
    found = _of_json(text) if text.lstrip().startswith("{") else _of_csv(text)
    if not found:
        raise Malformed("holds no report", field="report")
    return found


def _of_json(text: str) -> list[Report]:
    try:
        # Numbers stay as they were written: a 64 bit counter is no float.
        document = json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("is no JSON", field="report") from None
    reports = document.get("Report")
    if not isinstance(reports, list) or len(reports) > _MOST_REPORTS:
        raise Malformed("has no list of reports, or too many", field="Report")
    found: list[Report] = []
    left = _MOST_VALUES
    for each in reports:
        if not isinstance(each, dict):
            raise Malformed("is no object", field="Report")
        said = dict(each)
        at = _moment(said.pop("CollectionTime", ""))
        found.append(Report(at, _bounded(_flat(said), left)))
        left -= len(found[-1].values)
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _flat(said: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Name-value pairs as they are, an object hierarchy by the paths of its leaves."""
    open_: list[tuple[str, object, int]] = [("", said, 0)]
    while open_:
        path, node, depth = open_.pop()
        if len(path) > _LONGEST:  # a long name that many lie below would be held many times
            raise Malformed("has a name that is too long", field="Report")
        if isinstance(node, dict) and depth < _DEEPEST:
            open_ += [(f"{path}.{k}" if path else k, v, depth + 1) for k, v in node.items()]
        elif isinstance(node, bool):
            yield path, "true" if node else "false"
        elif isinstance(node, str):
            yield path, node
        elif node is not None:
            raise Malformed("holds a list, or is too deep", field="Report")


def _of_csv(text: str) -> list[Report]:
    first = text.partition("\n")[0].rstrip("\r")
    comma = first[len(_TIME) : len(_TIME) + 1] if first.startswith(_TIME) else ","
    try:
        rows = [row for row in csv.reader(StringIO(text), delimiter=comma or ",") if row]
    except (csv.Error, TypeError, ValueError):
        raise Malformed("is no CSV", field="report") from None
    if len(rows) > _MOST_VALUES or any(len(row) != len(rows[0]) for row in rows):
        raise Malformed("is too long, or its rows differ in length", field="report")
    if not rows:
        return []
    head, *body = rows
    by_row = {"ParameterName", "ParameterValue"} <= set(head)
    return _per_row(head, body) if by_row else _per_column(head, body)


def _per_row(head: list[str], body: list[list[str]]) -> list[Report]:
    name, value = head.index("ParameterName"), head.index("ParameterValue")
    found: dict[str, dict[str, str]] = {}
    for row in body:
        at = row[head.index(_TIME)] if _TIME in head else ""
        found.setdefault(at, {})[row[name]] = row[value]
    if len(found) > _MOST_REPORTS:
        raise Malformed("holds too many moments", field=_TIME)
    return [Report(_moment(at), values) for at, values in found.items()]


def _per_column(head: list[str], body: list[list[str]]) -> list[Report]:
    if len(body) > _MOST_REPORTS or len(head) * len(body) > _MOST_VALUES:
        raise Malformed("holds too many rows", field="report")
    if not any("." in each for each in head):
        raise Malformed("names no parameter", field="report")
    found = []
    for row in body:
        said = dict(zip(head, row, strict=True))
        found.append(Report(_moment(said.pop(_TIME, "")), said))
    return found


def _bounded(pairs: Iterator[tuple[str, str]], most: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = value
        if len(found) > most:
            raise Malformed("holds too many values", field="Report")
    return found


def _moment(said: object) -> datetime | None:
    """Seconds since 1970, or ISO 8601 (UTC where it names no zone); None where nothing is said."""
    text = said if isinstance(said, str) else "?"
    if not text:
        return None
    try:
        if _SECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        if _DATE.fullmatch(text):
            at = datetime.fromisoformat(text)
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise Malformed("is no time", field="CollectionTime")
