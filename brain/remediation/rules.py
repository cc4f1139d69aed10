"""The rules as data: what each looks at, when it opens an incident, and what bounds the work."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from brain.datamodel.traits import is_number, trait_of
from brain.domain.errors import InvalidInput, said_by
from brain.domain.history import Event, EventKind, Trait
from brain.domain.incident import Symptom

FLEET = "fleet"
"""Stands for the name of a rule where the look at the whole fleet opened an incident."""
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=31)
_HALF_AN_HOUR = timedelta(minutes=30)
_CLOSE_TOGETHER = 24
_LOOKS_APART = timedelta(minutes=2)
"""A look costs seconds in a fleet of a million, and two at the same moment are one."""
_EXPECTED: Mapping[str, str] = {
    "missing": "Add it.",
    "extra_forbidden": "Leave it out, or correct its name.",
    "hidden_value": "Name a parameter of TR-181 that is no secret, or leave it out.",
    "never_hold": "Have them end later or earlier than they begin, or leave them out.",
}


def _span(said: object) -> object:
    """``90s``, ``5m``, ``12h`` and ``7d``."""
    found = re.fullmatch(r"(\d{1,5})([smhd])", said) if isinstance(said, str) else None
    if found is None:
        raise ValueError("is no length of time such as 90s, 5m, 12h or 7d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _positive(span: timedelta) -> timedelta:
    if not timedelta() < span <= _LONGEST:
        raise ValueError("is not between one second and 31 days")
    return span


def _clock(said: object) -> object:
    if not isinstance(said, str) or not re.fullmatch(r"[0-2]\d:[0-5]\d", said):
        raise ValueError('is no time of day such as "22:30"; write it in quotes')
    return time.fromisoformat(said)


Span = Annotated[timedelta, BeforeValidator(_span)]
TimeOfDay = Annotated[time, BeforeValidator(_clock)]


class Measure(StrEnum):
    """How a rule makes one thing of many events."""

    COUNT = "count"
    """So many events within the window."""
    RISES = "rises"
    """The last reading is higher than the first, by so much."""
    FALLS = "falls"
    """The last reading is lower than the first, by so much."""
    GROWS = "grows"
    """A counter has grown by so much; one that starts anew at 0 has grown by what it says."""
    SAME_HOUR = "same_hour"
    """Readings reach the threshold in the same hour of the day, on so many days."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LooksAt(_Part):
    """Which events a rule counts."""

    events: tuple[EventKind, ...] = Field(min_length=1)
    paths: tuple[str, ...] = ()
    """TR-181 names; ``*`` stands for an instance number. Empty: events without a path count too."""
    values: tuple[str, ...] = ()
    """The only values that count; empty: any."""

    @field_validator("paths")
    @classmethod
    def _are_paths(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        for path in paths:
            if not re.fullmatch(r"Device(\.([A-Za-z0-9_\-]+|\*))+", path):
                raise ValueError(f"{path} is no TR-181 parameter; write Device.A.*.B")
            if trait_of(path.replace("*", "1")) is Trait.HIDDEN:
                raise PydanticCustomError(
                    "hidden_value",
                    "{path} is a secret, or may be one as TR-181 does not know it: "
                    "no rule may look at it",
                    {"path": path},
                )
        return paths

    def takes(self, event: Event) -> bool:
        """Whether this event counts, apart from its path."""
        return event.kind in self.events and (not self.values or event.value in self.values)


class Rule(_Part):
    """One rule. Readings and thresholds are in the unit of the parameter."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    title: str = Field(min_length=3, max_length=120)
    looks_at: LooksAt
    measure: Measure
    threshold: float = Field(allow_inf_nan=False)
    window: Span
    readings: int = Field(default=3, ge=2)
    """Fewer readings say nothing of a rise or a fall."""
    steadily: float = Field(default=0.0, ge=0, le=1)
    """The least share of the window's steps that go the same way."""
    apart: Span = timedelta()
    """For ``count``: what follows the last that counted within this is the same happening, told
    of by another interface of the stack."""
    days: int = Field(default=3, ge=2, le=31)
    """For ``same_hour``: on how many days."""
    symptom: Symptom
    band: Literal["", "2.4GHz", "5GHz", "6GHz"] = ""
    cool_down: Span
    """How long after an incident no other is opened for the same device or scope."""
    settle: Span = timedelta(minutes=5)
    """How long to wait before it is judged whether one home has it or many."""
    shared: tuple[Literal["access", "firmware", "area"], ...] = ("access",)
    """What many homes may have in common that explains it."""
    alone: bool = True
    """Whether one device by itself opens an incident."""
    firmware_devices: int = Field(default=5, ge=2)
    """So many devices of one version with the trouble make an incident of the version."""
    firmware_new_for: Span = timedelta(days=14)
    """A version explains trouble for so long after it was first seen in the field."""

    @property
    def every(self) -> timedelta:
        """How often a parameter has to be read so that the condition can be met."""
        if self.measure is Measure.SAME_HOUR:
            return _HALF_AN_HOUR
        if self.measure is Measure.COUNT:  # of several that come close together a look sees one
            return self.window / max(self.threshold, 1) / _CLOSE_TOGETHER
        return self.window / (self.readings + 1)

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        if self.apart and self.measure is not Measure.COUNT:
            raise ValueError("apart is for count; leave it out")
        if self.apart * (self.threshold - 1) >= self.window:
            raise ValueError(f"apart leaves no room for {self.threshold:g} within the window")
        return self

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for name in ("window", "cool_down", "settle", "firmware_new_for"):
            _positive(getattr(self, name))
        if self.measure is not Measure.COUNT and not self.looks_at.paths:
            raise ValueError(f"{self.measure} needs looks_at.paths: a number is read there")
        if self.measure is not Measure.SAME_HOUR and self.threshold <= 0:
            raise ValueError("threshold is not above 0, so everything would open an incident")
        if self.measure is not Measure.COUNT:
            for path in self.looks_at.paths:
                if not is_number(path.replace("*", "1")):
                    raise ValueError(f"{self.measure} needs a number, and {path} is none")
        if self.measure is Measure.SAME_HOUR and self.window < self.days * timedelta(days=1):
            raise ValueError(f"window is shorter than {self.days} days")
        if not self.alone and not self.shared:
            raise ValueError("neither alone nor shared: it would never open an incident")
        return self


class Budgets(_Part):
    """At most so many unattended changes an hour within each failure domain; 0: none."""

    tenant: int = Field(ge=0)
    olt: int = Field(ge=0)
    port: int = Field(ge=0)
    splitter: int = Field(ge=0)
    model: int = Field(ge=0)
    firmware: int = Field(ge=0)
    unplaced: int = Field(ge=0)
    """All devices together of which nobody entered where they hang."""


class QuietHours(_Part):
    """From one time of day to another, in GATEWRIGHT_TIMEZONE; over midnight where it is later."""

    begins: TimeOfDay
    ends: TimeOfDay

    @model_validator(mode="after")
    def _hold_at_some_time(self) -> Self:
        if self.begins == self.ends:
            raise PydanticCustomError("never_hold", "begins and ends are the same time of day")
        return self

    def hold(self, at: time) -> bool:
        """Whether they hold at this local time."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


class FleetLook(_Part):
    """The look at the whole fleet by the clock: what went dark at once tells of nothing itself."""

    every: Span = timedelta(minutes=5)
    """What is found at two looks in a row opens an incident."""
    cool_down: Span = timedelta(hours=12)
    """How long after an incident of the same scope, or of one above it, no other is opened."""

    @model_validator(mode="after")
    def _leaves_time(self) -> Self:
        _positive(self.cool_down)
        if not _LOOKS_APART <= _positive(self.every) < self.cool_down:
            raise ValueError("every is not between 2m and cool_down")
        return self


class Rulebook(_Part):
    """All rules of an operator, checked."""

    rules: tuple[Rule, ...]
    fleet: FleetLook | None = None
    """None: nobody looks unless a rule asks."""
    budgets: Budgets
    quiet_hours: tuple[QuietHours, ...] = ()

    @field_validator("rules")
    @classmethod
    def _have_names(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        names = [each.id for each in rules]
        for name in names:
            if name == FLEET:
                raise ValueError(f"{FLEET} is the name of the look at the whole fleet")
            if names.count(name) > 1:
                raise ValueError(f"there are two rules {name}")
        return rules

    def get(self, rule: str) -> Rule | None:
        """The rule of this name, or None: rules go, and incidents of theirs stay."""
        return next((each for each in self.rules if each.id == rule), None)

    @property
    def longest(self) -> timedelta:
        """The longest window: what is older counts for nothing."""
        return max((each.window for each in self.rules), default=timedelta(days=1))


def load_rules(file: Path | None = None) -> Rulebook:
    """The rules in this file, or the shipped ones; InvalidInput names the field and the remedy."""
    name = str(file) if file else "rules.yaml"
    try:
        text = file.read_text() if file else _shipped()
        document = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"cannot be read ({type(error).__name__})", field=name, remedy="Name a readable file."
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise InvalidInput(
            f"is no YAML{where}", field=name, remedy="Correct it; see docs/remediation.md."
        ) from None
    try:
        return Rulebook.model_validate(document)
    except ValidationError as error:
        raise _refused(error, name, document) from None


def _shipped() -> str:
    return files("brain.remediation").joinpath("rules.yaml").read_text()


def _refused(error: ValidationError, name: str, document: object) -> InvalidInput:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    remedy = _EXPECTED.get(
        str(first["type"]), "Correct it; docs/remediation.md says what is meant."
    )
    return InvalidInput(
        said_by(first["msg"]),
        field=f"{name}: {_named(first['loc'], document) or where}",
        remedy=remedy,
    )


def _named(location: tuple[int | str, ...], document: object) -> str:
    """``rules.2.window`` as ``rules.wan-drops.window``, where the rule has a name."""
    if len(location) < 2 or location[0] != "rules" or not isinstance(document, dict):
        return ""
    rules, number = document.get("rules"), location[1]
    rule = rules[number] if isinstance(rules, list) and isinstance(number, int) else None
    name = rule.get("id") if isinstance(rule, dict) else None
    rest = ".".join(str(part) for part in location[2:])
    return f"rules.{name}.{rest}".rstrip(".") if isinstance(name, str) else ""
