"""The schema of ``schedule``: windows and freezes as written, and the numbers that rules read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from brain.domain.canonical import Json
from policies.numbers.strict import ANY, DOWN, KNOWN_ANY, UP, Country, Path, Strict, Words

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
_Span = tuple[int, int]
"""Minutes since Monday: from the first, and not the second any more."""


class Window(Strict):
    """A time of day on some weekdays, in which changes may be made."""

    model_config = KNOWN_ANY

    weekdays: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(min_length=1)
    opens: int = Field(alias="from")
    closes: int = Field(alias="until")
    minutes: object = None
    """Worked out, as is what follows: what is written here does not count."""
    text: object = None

    @field_validator("opens", "closes", mode="before")
    @classmethod
    def _minutes(cls, value: object) -> int:
        """Minutes since midnight. YAML reads 22:00 without quotes as the number 1320."""
        hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
        digits = hours + minutes
        plain = len(hours) == len(minutes) == 2 and digits.isascii() and digits.isdecimal()
        if not colon or not plain or int(hours) > 23 or int(minutes) > 59:
            raise ValueError('write a time of day in quotes, from "00:00" to "23:59"')
        return int(hours) * 60 + int(minutes)

    def spans(self) -> list[_Span]:
        """When it is open within a week, in order; one that goes on into Monday is two."""
        length = (self.closes - self.opens) % _DAY or _DAY
        found: list[_Span] = []
        for day in dict.fromkeys(self.weekdays):
            start = _DAYS.index(day) * _DAY + self.opens
            found.append((start, min(start + length, _WEEK)))
            if start + length > _WEEK:
                found.append((0, start + length - _WEEK))
        return sorted(found)

    def words(self, name: str) -> str:
        """The window in words."""
        days = [day.capitalize() for day in _DAYS if day in self.weekdays]
        when = "every day" if len(days) == len(_DAYS) else ", ".join(days)
        return f"{name}: {when}, {_clock(self.opens)} to {_clock(self.closes)}"


class Freeze(Strict):
    """A time in which nothing is changed, for all or for some."""

    model_config = KNOWN_ANY

    starts: datetime = Field(alias="from")
    stops: datetime = Field(alias="until")
    tenants: list[Words] = Field(default_factory=list)
    countries: list[Country] = Field(default_factory=list)
    begins: object = None
    ends: object = None
    text: object = None

    @field_validator("starts", "stops", mode="before")
    @classmethod
    def _instant(cls, value: object) -> datetime:
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise ValueError(
                'write an instant in quotes and with its zone: "2026-12-19T00:00+01:00"'
            )
        return found

    @model_validator(mode="after")
    def _in_order(self) -> "Freeze":
        if self.stops <= self.starts:
            raise ValueError("until has to be after from")
        return self

    def words(self, name: str) -> str:
        """The freeze in words."""
        return f"freeze {name}, until {self.stops:%Y-%m-%d %H:%M %z}"


class Kind(Strict):
    """Changes that are made only within a window."""

    model_config = KNOWN_ANY

    templates: list[Path]
    windows: list[Words] = Field(min_length=1)
    when: object = None


class Schedule(Strict):
    """What stands in ``schedule/data.yaml``. What rules read of it is worked out, never written."""

    max_wait_minutes: int = Field(ge=1, le=4 * _WEEK, json_schema_extra=UP)
    windows: dict[Words, Window] = Field(json_schema_extra=ANY)
    kinds: dict[Words, Kind] = Field(json_schema_extra=ANY)
    freezes: dict[Words, Freeze] = Field(json_schema_extra=DOWN)

    @field_validator("kinds")
    @classmethod
    def _reachable(cls, kinds: dict[str, Kind], info: ValidationInfo) -> dict[str, Kind]:
        """Each kind has windows that are there, and none has to wait longer than a change may."""
        windows: Mapping[str, Window] = info.data.get("windows", {})
        longest: int = info.data.get("max_wait_minutes", _WEEK)
        for name, kind in kinds.items():
            missing = [each for each in kind.windows if each not in windows]
            if missing:
                raise ValueError(f"{name}: there is no window {missing[0]}")
            gap = _longest_gap([span for each in kind.windows for span in windows[each].spans()])
            if gap > longest:
                raise ValueError(
                    f"{name}: its windows are closed for {gap} minutes at a stretch; raise "
                    "max_wait_minutes to that, or open a window more often"
                )
        return kinds


def worked_out(written: Mapping[str, Json]) -> dict[str, Json]:
    """The schedule with the numbers and words that rules read beside what was written.

    Raises pydantic's ValidationError for one that is not whole. Working out twice is the same.
    """
    schedule = Schedule.model_validate(dict(written))
    windows = {name: _of_window(name, each) for name, each in schedule.windows.items()}
    kinds = {name: _of_kind(each, schedule.windows) for name, each in schedule.kinds.items()}
    freezes = {name: _of_freeze(name, each) for name, each in schedule.freezes.items()}
    return {
        **written,
        "windows": _beside(written["windows"], windows),
        "kinds": _beside(written["kinds"], kinds),
        "freezes": _beside(written["freezes"], freezes),
    }


def as_written(schedule: Mapping[str, Json]) -> dict[str, Json]:
    """The schedule without what ``worked_out`` put into it."""
    made: dict[str, tuple[type[Strict], Json]] = {
        "windows": (Window, schedule.get("windows")),
        "kinds": (Kind, schedule.get("kinds")),
        "freezes": (Freeze, schedule.get("freezes")),
    }
    parts = {name: _written(kind, each) for name, (kind, each) in made.items()}
    return {**schedule, **parts}


def _written(kind: type[Strict], parts: Json) -> Json:
    """What is worked out is what anything may stand in: see the classes above."""
    made = {name for name, field in kind.model_fields.items() if field.annotation is object}
    return {
        name: {key: value for key, value in _mapping(each).items() if key not in made}
        for name, each in _mapping(parts).items()
    }


def _of_window(name: str, window: Window) -> dict[str, Json]:
    minutes: list[Json] = [{"from": start, "until": end} for start, end in window.spans()]
    return {"minutes": minutes, "text": window.words(name)}


def _of_kind(kind: Kind, windows: Mapping[str, Window]) -> dict[str, Json]:
    return {"when": "; ".join(windows[each].words(each) for each in kind.windows)}


def _of_freeze(name: str, freeze: Freeze) -> dict[str, Json]:
    return {
        "begins": int(freeze.starts.timestamp()),
        "ends": int(freeze.stops.timestamp()),
        "text": freeze.words(name),
    }


def _beside(written: Json, found: Mapping[str, dict[str, Json]]) -> dict[str, Json]:
    there = written if isinstance(written, dict) else {}
    return {name: {**_mapping(there.get(name)), **each} for name, each in found.items()}


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _longest_gap(spans: Sequence[_Span]) -> int:
    """How many minutes of a week nothing is open at a stretch."""
    return max((later - before for before, later in _between(sorted(spans))), default=_WEEK)


def _between(spans: Sequence[_Span]) -> Iterator[_Span]:
    """The end of each span, or of a longer one before it, and the beginning of the next."""
    if not spans:
        return
    end = max(end for _, end in spans) - _WEEK
    for start, until in spans:
        yield end, start
        end = max(end, until)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
