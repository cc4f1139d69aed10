"""Draws a storm: who is through, who is connected, and how long an agent's reads took."""

from pathlib import Path

from evals.storm.figures import Storm

_INK, _THROUGH, _OPEN, _WAITING = "#24312f", "#1f7a6c", "#c2742c", "#8a97a8"


def draw(storm: Storm, folder: Path) -> Path | None:
    """Write ``storm-NUMBER.png``; None without the extra ``plots``."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:  # an extra that not everyone has
        return None
    figure = Figure(figsize=(9, 6), dpi=110, layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    moments = storm.measured.moments
    times = [moment.at for moment in moments]
    for label, color, heights in (
        ("sessions completed", _THROUGH, [moment.done for moment in moments]),
        ("connections open", _OPEN, [moment.open for moment in moments]),
        ("sent away, not in yet", _WAITING, [moment.backlog for moment in moments]),
    ):
        above.plot(times, heights, color=color, label=label)
    above.legend(frameon=False)
    above.set_title(f"{storm.number:,} devices back at once", loc="left", color=_INK)
    reads = storm.measured.reads
    below.plot([at for at, _ in reads], [seconds for _, seconds in reads], ".", color=_THROUGH)
    below.set_ylabel("live read, s", color=_INK)
    below.set_xlabel("seconds since the release", color=_INK)
    for axes in (above, below):
        axes.grid(color="#dfe6e4", linewidth=0.7)
        axes.set_ylim(bottom=0)
        axes.spines[["top", "right"]].set_visible(False)
    target = folder / f"storm-{storm.number}.png"
    figure.savefig(target)
    return target
