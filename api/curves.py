"""What is drawn of a parameter over time: its numbers, how fast a counter grows, or its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from api.shapes.history import PointShape, SeriesShape

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Points to join by steps: a value holds until the next one."""

    path: str
    unit: str
    times: Sequence[datetime]
    heights: Sequence[float]
    words: Sequence[str] = ()
    """What the heights 0, 1, ... stand for; empty where they are numbers."""

    @property
    def last(self) -> str:
        """What it is at the end, in words."""
        if not self.heights:
            return ""
        height = self.heights[-1]
        return self.words[int(height)] if self.words else f"{height:,.6g}"


def curve(series: SeriesShape) -> Curve:
    """Of a counter, by how much it grew an hour; of words, which one it was."""
    numbers = series.numbers
    if numbers is None:
        return _of_words(series)
    if series.counter:
        return _growth(series, numbers)
    times = [each.at for each in series.points]
    return Curve(path=series.path, unit=series.units, times=times, heights=numbers)


def telling(found: Sequence[SeriesShape]) -> list[Curve]:
    """What tells most first: levels that moved, then traffic that did, then what stood still."""
    ranked = [(_rank(each, drawn := curve(each)), drawn) for each in found]
    return [drawn for _, drawn in sorted(ranked, key=lambda pair: pair[0])]


def _rank(series: SeriesShape, drawn: Curve) -> int:
    if len(set(drawn.heights)) < 2:
        return 2
    return 1 if series.counter else 0


def short_name(path: str) -> str:
    """The end of a path that tells it from its siblings: ``Interface.1 OpticalSignalLevel``."""
    object, _, leaf = path.rpartition(".")
    parts = object.split(".")
    numbered = [place for place, part in enumerate(parts) if part.isdigit()]
    if not numbered:
        return leaf
    row = parts[numbered[-1] - 1 : numbered[-1] + 1]
    return f"{'.'.join(row)} {leaf}"


def _growth(series: SeriesShape, numbers: Sequence[float]) -> Curve:
    """Between two looks; a counter that fell was begun anew, and how far it came is not known."""
    times: list[datetime] = []
    heights: list[float] = []
    for (before, low), (after, high) in pairwise(zip(series.points, numbers, strict=True)):
        if after.at > before.at and high >= low:
            times.append(before.at)
            heights.append((high - low) / ((after.at - before.at) / _HOUR))
    if times:
        times.append(series.points[-1].at)
        heights.append(heights[-1])
    unit = f"{series.units} an hour".strip()
    return Curve(path=series.path, unit=unit, times=times, heights=heights)


def _of_words(series: SeriesShape) -> Curve:
    points: Sequence[PointShape] = series.points
    words = list(dict.fromkeys(each.value for each in points))
    return Curve(
        path=series.path,
        unit="",
        times=[each.at for each in points],
        heights=[float(words.index(each.value)) for each in points],
        words=words,
    )
