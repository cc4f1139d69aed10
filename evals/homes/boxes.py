"""How the device itself is doing: memory that leaks, logs that flood, software with known bugs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evals.homes.bugs import BUGS
from evals.homes.chance import jitter

if TYPE_CHECKING:
    from evals.homes.home import Home

FRESH_KB = 118_000
"""Free after a start, give or take ``_SWAY_KB``."""
_SWAY_KB = 4_000
_TIGHT_KB, _CRASH_KB = 24_000, 4_000
"""Below the first a box begins to drop its caches and to stall; at the second it starts anew."""
_SYSLOG = "Device.Syslog."
_VERSION = "Device.DeviceInfo.SoftwareVersion"
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxState:
    """The box now. ``speed`` is what is left of its forwarding, ``loss`` a share of packets."""

    free_kb: int
    cpu: int
    speed: float = 1.0
    latency_ms: float = 0.0
    loss: float = 0.0
    names: bool = True


def box_state(home: "Home") -> BoxState:
    """What memory, log, bugs and slow poison together make of the box."""
    free = _free_kb(home)
    tight = min(max((_TIGHT_KB - free) / (_TIGHT_KB - _CRASH_KB), 0.0), 1.0)
    flooded = floods(home)
    bug = _bug(home)
    poison = _poison(home)
    cpu = 97 if flooded else 12 + round(70 * tight)
    return BoxState(
        free_kb=free,
        cpu=min(cpu + round((2 if flooded else 8) * _sway(home, "cpu")), 100),
        speed=(1 - 0.8 * tight) * (0.3 if flooded else 1.0) * bug.speed,
        latency_ms=180 * tight + (60.0 if flooded else 0.0) + bug.latency_ms,
        loss=1 - (1 - 0.08 * tight) * (1 - 0.01 * flooded) * (1 - bug.loss) * (1 - poison),
        names=bug.names,
    )


def floods(home: "Home") -> bool:
    """Whether something fills the log now."""
    return home.household.truth.box.flood and home.reads(_SYSLOG + "Enable", "true")


def crash_if_full(home: "Home") -> None:
    """Start anew as often as memory ran out since the last start."""
    leak = home.household.truth.box.leak_kb_per_hour
    if leak <= 0:
        return
    lasts = timedelta(hours=(FRESH_KB - _CRASH_KB) / leak)
    crashes = (home.clock() - home.started) // lasts
    if crashes > 0:
        home.started += crashes * lasts
        home.happened("1 BOOT")


def _free_kb(home: "Home") -> int:
    hours = home.up_for.total_seconds() / 3600
    leaked = home.household.truth.box.leak_kb_per_hour * hours
    left = FRESH_KB + int(_SWAY_KB * _sway(home, "memory")) - int(leaked)
    return max(left, _CRASH_KB)


def _sway(home: "Home", what: str) -> float:
    return jitter(home.household.seed, what, int(home.clock().timestamp()) // 10)


def _bug(home: "Home") -> "_Effect":
    bug = BUGS.get(home.household.truth.box.bug)
    if bug is None or home.setting(_VERSION) not in bug.versions:
        return _Effect()
    ripe = home.up_for >= timedelta(hours=bug.after_hours)
    trigger, value = bug.trigger
    active = ripe and (not trigger or home.setting(trigger) == value)
    if not active:
        return _Effect()
    return _Effect(bug.speed, bug.latency_ms, bug.loss, bug.names)


@dataclass(frozen=True, slots=True)
class _Effect:
    speed: float = 1.0
    latency_ms: float = 0.0
    loss: float = 0.0
    names: bool = True


def _poison(home: "Home") -> float:
    """Two percent of the frames for every minute past the time it takes to show, 30 at most."""
    path, minutes = home.household.truth.box.loss_after_change
    changed = home.changed_at.get(path)
    if changed is None or home.was[path] == home.setting(path):
        return 0.0
    past = (home.clock() - changed) / _MINUTE - minutes
    return min(max(0.02 * past, 0.0), 0.3)
