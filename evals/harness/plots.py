"""Plots as inline SVG: bars with their 95 % intervals, and lines. Numbers are shares, 0 to 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_COLOURS = ("#2f6f9f", "#d08a2e", "#5b8c5a", "#9a5b9a", "#a04848", "#6a6a6a")
_LEFT, _RIGHT, _TOP, _ROW, _GAP = 210, 60, 26, 13, 10
_WIDTH = 760
_INNER = _WIDTH - _LEFT - _RIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One share with its interval; None where there is nothing to show."""

    value: float | None
    low: float
    high: float
    n: int


def bars(title: str, rows: Mapping[str, Mapping[str, Bar]]) -> str:
    """For each row one bar a series; whiskers are the intervals."""
    series = list(dict.fromkeys(name for row in rows.values() for name in row))
    height = _TOP + sum(len(row) * _ROW + _GAP for row in rows.values()) + 24
    parts, y = [_axis(height)], float(_TOP)
    for name, row in rows.items():
        middle = y + len(row) * _ROW / 2
        parts.append(_text(_LEFT - 8, middle + 4, name, "end"))
        for label, bar in row.items():
            parts.append(_bar(y, bar, _COLOURS[series.index(label) % len(_COLOURS)], label))
            y += _ROW
        y += _GAP
    return _figure(title, "".join(parts), height, series)


def lines(title: str, series: Mapping[str, Mapping[int, float]]) -> str:
    """A line a series over whole numbers."""
    ks = sorted({k for points in series.values() for k in points})
    height = 230
    parts = [_axis_up(height)]
    step = _INNER / max(1, len(ks) - 1)
    for place, k in enumerate(ks):
        parts.append(_text(_LEFT + place * step, height - 8, f"k = {k}", "middle"))
    for number, points in enumerate(series.values()):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [
            (_LEFT + ks.index(k) * step, _up(share, height)) for k, share in sorted(points.items())
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
    return _figure(title, "".join(parts), height, list(series))


def _bar(y: float, bar: Bar, colour: str, label: str) -> str:
    if bar.value is None:
        return _text(_LEFT + 4, y + _ROW - 3, "nothing to score", "start", faint=True)
    x, low, high = (_LEFT + _INNER * share for share in (bar.value, bar.low, bar.high))
    middle = y + _ROW / 2
    told = (
        f"{label}: {100 * bar.value:.1f} % [{100 * bar.low:.1f}, {100 * bar.high:.1f}] of {bar.n}"
    )
    return (
        f"<g><title>{escape(told)}</title>"
        f'<rect x="{_LEFT}" y="{y + 1:.1f}" width="{max(x - _LEFT, 0.5):.1f}" height="{_ROW - 3}" '
        f'fill="{colour}" opacity="0.75"/>'
        f'<path d="M{low:.1f} {middle:.1f}H{high:.1f}M{low:.1f} {middle - 3:.1f}v6'
        f'M{high:.1f} {middle - 3:.1f}v6" stroke="currentColor" stroke-width="1.2" fill="none"/>'
        f"</g>{_text(_WIDTH - _RIGHT + 6, y + _ROW - 3, f'{100 * bar.value:.0f} %', 'start')}"
    )


def _axis(height: float) -> str:
    marks = []
    for tenths in range(0, 11, 2):
        x = _LEFT + _INNER * tenths / 10
        marks.append(
            f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{height - 22}" class="grid"/>'
        )
        marks.append(_text(x, height - 8, f"{tenths * 10} %", "middle", faint=True))
    return "".join(marks)


def _axis_up(height: float) -> str:
    marks = []
    for tenths in range(0, 11, 2):
        y = _up(tenths / 10, height)
        marks.append(
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" class="grid"/>'
        )
        marks.append(_text(_LEFT - 8, y + 4, f"{tenths * 10} %", "end", faint=True))
    return "".join(marks)


def _up(share: float, height: float) -> float:
    return height - 28 - share * (height - 50)


def _text(x: float, y: float, words: str, anchor: str, *, faint: bool = False) -> str:
    style = ' class="faint"' if faint else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(words)}</text>'


def _figure(title: str, inside: str, height: float, series: Sequence[str]) -> str:
    legend = "".join(
        f'<span><i style="background:{_COLOURS[number % len(_COLOURS)]}"></i>{escape(name)}</span>'
        for number, name in enumerate(series)
    )
    return (
        f"<figure><figcaption>{escape(title)}</figcaption><p class=legend>{legend}</p>"
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f"{inside}</svg></figure>"
    )
