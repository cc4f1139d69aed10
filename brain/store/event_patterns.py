"""Puts together what happened to many devices alike: rows of events into patterns."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from brain.domain.history import Pattern
from brain.domain.parameter import template_of


def patterns_in(rows: Iterable[Row[Any]], *, least: int) -> list[Pattern]:
    """Patterns of ``least`` devices or more, the widest spread first.

    What makes two rows alike is the value (the code of a fault) or, without one, the path whatever
    its instance numbers.
    """
    alike: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for row in rows:
        what = row.value or template_of(row.path)
        key = (what, row.by, row.manufacturer, row.model, row.firmware or "")
        alike.setdefault(key, []).append(row)
    found = [_pattern(key, each) for key, each in alike.items()]
    wide = [each for each in found if each.devices >= least]
    return sorted(wide, key=lambda each: (-each.devices, -each.times, each.what, each.firmware))


def _pattern(key: tuple[Any, ...], rows: list[Row[Any]]) -> Pattern:
    what, by, manufacturer, model, firmware = key
    return Pattern(
        what=what,
        by=by,
        manufacturer=manufacturer,
        model=model,
        firmware=firmware,
        devices=len({row.device for row in rows}),
        times=sum(row.times for row in rows),
        first=min(row.first for row in rows),
        last=max(row.last for row in rows),
    )
