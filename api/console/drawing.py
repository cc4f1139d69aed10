"""Curves on a page: a small one to see at a glance, a large one to read."""

from typing import Any

from nicegui import ui

from api.curves import Curve

_WIDTH, _HEIGHT, _EDGE = 220, 40, 3


def sparkline(curve: Curve) -> None:
    """A curve without axes, in steps from left to right."""
    with ui.element("div").classes("gw-spark"):
        ui.html(_svg(curve), sanitize=False)  # numbers and nothing else


def plot(curve: Curve) -> None:
    """A curve with axes; what it was then shows under the pointer."""
    ui.echart(_options(curve)).classes("w-full").style("height: 260px")


def _svg(curve: Curve) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="100%" height="{_HEIGHT}" '
        f'preserveAspectRatio="none" aria-hidden="true"><path d="{_steps(curve)}" fill="none" '
        'stroke="currentColor" stroke-width="1.5" vector-effect="non-scaling-stroke"/></svg>'
    )


def _steps(curve: Curve) -> str:
    if not curve.times:
        return ""
    begin, low = curve.times[0], min(curve.heights)
    long = (curve.times[-1] - begin).total_seconds() or 1.0
    high = max(curve.heights) - low
    parts: list[str] = []
    for at, height in zip(curve.times, curve.heights, strict=True):
        x = _EDGE + (_WIDTH - 2 * _EDGE) * (at - begin).total_seconds() / long
        share = (height - low) / high if high else 0.5
        y = _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * share
        parts.append(f"H{x:.1f}V{y:.1f}" if parts else f"M{x:.1f} {y:.1f}")
    if len(parts) == 1:
        parts.append(f"H{_WIDTH - _EDGE}")
    return "".join(parts)


def _options(curve: Curve) -> dict[str, Any]:
    shown = [curve.words[int(each)] for each in curve.heights] if curve.words else curve.heights
    points = [[at.isoformat(), each] for at, each in zip(curve.times, shown, strict=True)]
    kind: dict[str, Any] = (
        {"type": "category", "data": list(curve.words)}
        if curve.words
        else {"type": "value", "scale": True}
    )
    return {
        "animation": False,
        "useUTC": True,
        "grid": {"left": 80, "right": 24, "top": 32, "bottom": 32},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "time"},
        "yAxis": {**kind, "name": curve.unit, "nameTextStyle": {"align": "left"}},
        "series": [
            {
                "type": "line",
                # Steps are taken along the axis of categories first, where there is one.
                "step": "start" if curve.words else "end",
                "showSymbol": len(points) < 60,
                "lineStyle": {"color": "#0c5f57", "width": 2},
                "itemStyle": {"color": "#0c5f57"},
                "data": points,
            }
        ],
    }
