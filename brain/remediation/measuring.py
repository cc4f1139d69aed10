"""What a rule remembers of one device: a few numbers for each slice of its window, never events.

A slice is a twelfth of the window, or an hour of the day. So a tally stays small however many
events come, and one event costs the same whether it is the first or the millionth.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

from brain.domain.errors import Unreadable
from brain.domain.history import Event
from brain.domain.remediation import Seen
from brain.remediation.rules import Measure, Rule

_SLICES = 12
_HOUR = timedelta(hours=1)
_KEPT = 3
"""The latest events are kept, for people to see what it rests on."""


@dataclass(slots=True)
class Slice:
    """What came within one slice: how often, the first and last reading, how far it grew."""

    count: int = 0
    first: float = 0.0
    last: float = 0.0
    grown: float = 0.0


@dataclass(slots=True)
class Tally:
    """All that a rule knows of one device, over one path or over all of the rule's."""

    version: str = ""
    """The software under which it was counted: other software begins anew."""
    slices: dict[int, Slice] = field(default_factory=dict)
    last: float | None = None
    tripped_at: datetime | None = None
    seen: list[Seen] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> "Tally":
        """The tally that ``write`` made this of; an empty one of nothing. Raises Unreadable."""
        if not text:
            return cls()
        try:
            version, slices, last, tripped, seen = json.loads(text)
            return cls(
                version=version,
                slices={int(key): Slice(*each) for key, each in slices.items()},
                last=last,
                tripped_at=_moment(tripped),
                seen=[Seen(at=_at(at), path=p, value=v, kind=k) for at, p, v, k in seen],
            )
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise Unreadable("a stored tally is damaged") from error

    def write(self) -> str:
        """As short text."""
        slices = {n: [s.count, s.first, s.last, s.grown] for n, s in self.slices.items()}
        seen = [[each.at.timestamp(), each.path, each.value, each.kind] for each in self.seen]
        tripped = self.tripped_at.timestamp() if self.tripped_at else None
        document = [self.version, slices, self.last, tripped, seen]
        return json.dumps(document, separators=(",", ":"))

    def add(self, rule: Rule, event: Event, *, version: str, zone: tzinfo) -> bool:
        """Count one event; whether it counts: a reading has to be a number, and not late.

        Nor does what is told of the same happening once more count.
        """
        reading = 0.0
        if rule.measure is not Measure.COUNT:
            found = _number(event.value)
            if found is None:
                return False
            reading = found
        if "firmware" in rule.shared and version != self.version:
            self.slices, self.last, self.seen = {}, None, []
        self.version = version
        ordered = rule.measure in (Measure.GROWS, Measure.RISES, Measure.FALLS)
        if ordered and self.seen and event.at < self.seen[-1].at:
            return False  # overtaken by a newer one: a lower value would look like a new start
        if rule.measure is Measure.SAME_HOUR and reading < rule.threshold:
            return False
        if rule.apart and self.seen and abs(event.at - self.seen[-1].at) <= rule.apart:
            return False
        if self.seen and event.at - self.seen[-1].at >= rule.window:
            self.last = None  # what it grew by since then, it did not grow by within the window
        self._put(_slice_of(rule, event.at, zone), reading)
        self._forget(rule)
        seen = Seen(at=event.at, path=event.path, value=event.value, kind=event.kind.value)
        self.seen = [*self.seen, seen][-_KEPT:]
        return True

    def _put(self, number: int, reading: float) -> None:
        there = self.slices.get(number)
        if there is None:
            there = self.slices[number] = Slice(first=reading)
        if self.last is not None:
            there.grown += reading - self.last if reading >= self.last else reading
        there.count += 1
        there.last = self.last = reading

    def met(self, rule: Rule) -> str:
        """What was measured, in a sentence, if the rule's condition is met; else nothing."""
        if not self.slices:
            return ""
        match rule.measure:
            case Measure.COUNT:
                times = sum(each.count for each in self.slices.values())
                said = f"{times} times within {span(rule.window)}"
                return said if times >= rule.threshold else ""
            case Measure.GROWS:
                grown = sum(each.grown for each in self.slices.values())
                enough = grown >= rule.threshold and self._readings >= rule.readings
                return f"grew by {grown:,.0f} within {span(rule.window)}" if enough else ""
            case Measure.SAME_HOUR:
                return _same_hour(rule, self.slices)
            case _:
                return self._moved(rule)

    def _moved(self, rule: Rule) -> str:
        ordered = [self.slices[number] for number in sorted(self.slices)]
        first, last = ordered[0].first, ordered[-1].last
        sign = 1 if rule.measure is Measure.RISES else -1
        moved = sign * (last - first)
        if moved < rule.threshold or self._readings < rule.readings:
            return ""
        stops = [first, *(each.last for each in ordered)]
        same_way = sum(sign * (b - a) > 0 for a, b in pairwise(stops))
        if same_way < rule.steadily * (len(stops) - 1):
            return ""
        how = "rose" if sign > 0 else "fell"
        return f"{how} from {first:,.0f} to {last:,.0f} within {span(rule.window)}"

    @property
    def _readings(self) -> int:
        return sum(each.count for each in self.slices.values())

    def _forget(self, rule: Rule) -> None:
        """Drop what lies before the window that ends with the newest slice."""
        width = _HOUR if rule.measure is Measure.SAME_HOUR else rule.window / _SLICES
        oldest = max(self.slices) - int(rule.window / width) + 1
        self.slices = {n: each for n, each in self.slices.items() if n >= oldest}


def span(time: timedelta) -> str:
    """A length of time for a person."""
    for unit, name in ((timedelta(days=1), "days"), (_HOUR, "h"), (timedelta(minutes=1), "min")):
        if time >= 2 * unit or (time >= unit and name != "days" and not time % unit):
            return f"{time / unit:g} {name}"
    return f"{time.total_seconds():g} s"


def _slice_of(rule: Rule, at: datetime, zone: tzinfo) -> int:
    if rule.measure is not Measure.SAME_HOUR:
        return int(at.timestamp() // (rule.window / _SLICES).total_seconds())
    local = at.astimezone(zone)
    return local.toordinal() * 24 + local.hour


def _same_hour(rule: Rule, slices: dict[int, Slice]) -> str:
    days: dict[int, int] = {}
    for number in slices:
        days[number % 24] = days.get(number % 24, 0) + 1
    hour = max(days, key=lambda each: (days[each], -each))
    if days[hour] < rule.days:
        return ""
    return f"reached {rule.threshold:,.0f} between {hour}:00 and {hour + 1}:00 on {days[hour]} days"


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < 1e18 else None  # neither endless nor no number at all


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else _at(seconds)
