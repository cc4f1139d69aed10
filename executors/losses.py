"""Packets that a device drops since it was changed, held against those that it dropped before.

What a device counts says something only of the time that two readings have between them, and
nothing when it started anew in that time.
"""

from collections.abc import Iterable, Iterator

from brain.domain.parameter import Snapshot, template_of, whole_number
from executors.vital_signs import COUNTERS, LOST, SENT, UP_TIME, signs_in

_NOTICEABLE, _TIMES = 0.02, 5
"""The share of packets lost that people notice, and how many times what it was before."""


def losses(earlier: Snapshot, before: Snapshot, now: Snapshot) -> Iterator[tuple[str, str]]:
    """Objects whose counters tell of harm, and what they tell."""
    if restarted(earlier, before) or restarted(before, now):
        return
    for each in sorted({path.rpartition(".")[0] + "." for path in signs_in(before)}):
        if template_of(each) not in COUNTERS:
            continue
        then, since = _lost(each, earlier, before), _lost(each, before, now)
        if then is None or since is None or not since[1]:
            continue
        # With few packets little is known of before, and more is asked for.
        share, most = since[0] / since[1], (then[0] + 1) / (then[1] + 1)
        if share >= max(_NOTICEABLE, _TIMES * most):
            was = then[0] / max(then[1], 1)
            yield each, f"the device drops {_percent(share)} of its packets, {_percent(was)} before"


def counted_on(stats: str, before: Snapshot, now: Snapshot) -> bool:
    """Whether what was counted before can be held against what is counted now."""
    return not restarted(before, now) and _lost(stats, before, now) is not None


def restarted(first: Snapshot, then: Snapshot) -> bool:
    """Whether the device says that it started between two readings."""
    was, is_now = whole_number(first.get(UP_TIME)), whole_number(then.get(UP_TIME))
    if is_now is None:
        return False
    sooner = is_now < (then.taken_at - first.taken_at).total_seconds()
    return sooner or (was is not None and is_now < was)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _lost(stats: str, first: Snapshot, then: Snapshot) -> tuple[int, int] | None:
    """Packets lost, and all; None where a counter was not told or began anew in between."""
    lost, good = _grown(stats, LOST, first, then), _grown(stats, SENT, first, then)
    return None if lost is None or good is None else (lost, lost + good)


def _grown(stats: str, leaves: Iterable[str], first: Snapshot, then: Snapshot) -> int | None:
    total, told = 0, False
    for leaf in leaves:
        said = first.get(stats + leaf), then.get(stats + leaf)
        if None in said:
            continue
        was, is_now = map(whole_number, said)
        if was is None or is_now is None or is_now < was:
            return None
        total, told = total + is_now - was, True
    return total if told else None
