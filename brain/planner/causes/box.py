"""The box itself: memory that runs out, a log that eats it up, software with a known bug."""

from collections.abc import Iterator
from datetime import timedelta

from brain.domain.change import Command
from brain.domain.incident import Symptom
from brain.domain.known_bug import KnownBug
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Cause, Direction, Effect, Evidence
from brain.planner.candidates import Candidate, Observed, seen, wanted
from brain.planner.playbook import Claim
from brain.planner.reading import is_on, number

_INFO = "Device.DeviceInfo."
_FREE, _TOTAL = _INFO + "MemoryStatus.Free", _INFO + "MemoryStatus.Total"
_CPU, _UPTIME = _INFO + "ProcessStatus.CPUUsage", _INFO + "UpTime"
_LITTLE = 0.10
"""Below this share of free memory, a box of this size swaps or drops."""
_DAY = 86_400
_BUSY = 90
_FALLS = 20
_SURE = {(True, True): 0.9, (True, False): 0.9, (False, True): 0.75, (False, False): 0.5}
"""How sure of a bug: by whether what sets it off is there, and whether a figure shows it."""
_SETTLES = timedelta(minutes=10)
"""How long a box takes to start and come to rest."""


def memory_leak(observed: Observed) -> Iterator[Candidate]:
    """A restart, where a box that has been up for days has hardly any memory left."""
    snapshot = observed.snapshot
    free, total, up = (number(snapshot, path) for path in (_FREE, _TOTAL, _UPTIME))
    if not free or not total or not up or free >= _LITTLE * total or up < _DAY:
        return
    claim = Claim(
        cause=Cause.MEMORY_LEAK,
        confidence=0.92,
        said=f"{round(100 * free / total)} % of the memory is free after {up // _DAY} days.",
        evidence=(
            seen(snapshot, _FREE, f"{free} of {total} kB are free."),
            seen(snapshot, _UPTIME, f"It started {up // _DAY} days ago."),
        ),
    )
    gained = Effect(
        metric=ParameterPath(_FREE),
        direction=Direction.UP,
        before=str(free),
        by=total // 10,
        within=_SETTLES,
    )
    restart = Command(path=ParameterPath("Device.Reboot()"))
    does = (
        "Restart the device, which gives the memory back for a while. If it runs out again, its "
        "software leaks and wants another version."
    )
    yield claim.mended_by([restart], does, effect=gained)


def log_flood(observed: Observed) -> Iterator[Candidate]:
    """Logging off, where the processor is busy, memory is there and the box writes a log."""
    snapshot = observed.snapshot
    busy, path = number(snapshot, _CPU), "Device.Syslog.Enable"
    free, total = number(snapshot, _FREE), number(snapshot, _TOTAL)
    short = free is not None and total is not None and free < _LITTLE * total
    if busy is None or busy < _BUSY or short or not is_on(snapshot, path):
        return
    claim = Claim(
        cause=Cause.LOG_FLOOD,
        confidence=0.8,
        said=f"The processor is {busy} % busy, and the device writes a log.",
        evidence=(
            seen(snapshot, _CPU, f"The processor is {busy} % busy."),
            seen(snapshot, path, "It writes a log."),
        ),
    )
    calmer = Effect(
        metric=ParameterPath(_CPU),
        direction=Direction.DOWN,
        before=str(busy),
        by=_FALLS,
        within=observed.deps.effect_within,
    )
    does = "Switch logging off. If the processor stays busy, it was not the log: it is undone then."
    yield claim.mended_by([wanted(snapshot, path, "false")], does, effect=calmer)


def known_bug(observed: Observed) -> Iterator[Candidate]:
    """The setting that hides a bug of this software, or a hand-over to whoever brings other."""
    version = observed.snapshot.get(_INFO + "SoftwareVersion") or observed.device.firmware
    for bug in observed.deps.known_bugs:
        here = bug.model in ("", observed.device.model) and version in bug.versions
        if here and _fits(observed, bug) and _shows(observed, bug):
            yield _of_bug(observed, bug, version)


def _fits(observed: Observed, bug: KnownBug) -> bool:
    """Whether it does what is complained of; where the words do not tell, a figure has to."""
    unplaced = observed.symptom is Symptom.UNCLEAR and bool(bug.shown_by)
    return unplaced or observed.symptom in bug.symptoms


def _shows(observed: Observed, bug: KnownBug) -> bool:
    up = number(observed.snapshot, _UPTIME)
    path, value = bug.trigger
    old_enough = not bug.after_hours or (up is not None and up >= bug.after_hours * 3600)
    set_off = not path or observed.snapshot.get(path) == value
    figure = number(observed.snapshot, bug.shown_by) if bug.shown_by else bug.shown_from
    return old_enough and set_off and figure is not None and figure >= bug.shown_from


def _of_bug(observed: Observed, bug: KnownBug, version: str) -> Candidate:
    path, value = bug.trigger
    claim = Claim(
        cause=Cause.KNOWN_BUG,
        confidence=_SURE[bool(path), bool(bug.shown_by)],
        said=f"Software {version} has a known bug. {bug.about}",
        evidence=(
            seen(observed.snapshot, _INFO + "SoftwareVersion", f"It runs {version}."),
            *((seen(observed.snapshot, path, f"It is set off by {value}."),) if path else ()),
            *((seen(observed.snapshot, bug.shown_by, "It shows."),) if bug.shown_by else ()),
            Evidence(text=bug.about),
        ),
    )
    if path and bug.instead:
        change = wanted(observed.snapshot, path, bug.instead)
        return claim.mended_by([change], f"Set {path} to {bug.instead}, which hides the bug.")
    other = f"Version {bug.mended_in} does not have it." if bug.mended_in else "No version is free."
    return claim.for_others("whoever plans software", f"No setting mends it. {other}")
