"""Which of a device's vital signs got worse since it was changed.

Only what is plain counts: a state that was well and is a bad one now, everybody gone from a home
that was full, packets that the device drops many times more than before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from brain.domain.change import Plan
from brain.domain.parameter import Snapshot, template_of, whole_number
from executors.losses import counted_on, losses
from executors.standing import out_of_service
from executors.vital_signs import COUNTERS, LINES, PEOPLE, STATES, signs_in

_UP = "Up"
_WAY_OUT = ("Device.IP.", "Device.PPP.", "Device.DHCPv4.Client.", "Device.DNS.", "Device.Ethernet.")
_WIFI = "Device.WiFi."
_JOINS = ("Device.WiFi.SSID.", "Device.WiFi.AccessPoint.")
"""What people join: a new name or passphrase sends them away until they are told of it."""
_SHORT, RADAR = timedelta(minutes=2), timedelta(minutes=11)
"""A log-in or a restart of a radio takes less than the first. A radio that listens for a radar
first is away for a minute, and for ten on the channels of weather radars (EN 301 893 table D.1)."""
_FULL_HOUSE = 4
"""So many do not leave within a few minutes by chance."""
_SOON = timedelta(minutes=15)
"""Who leaves later leaves for a reason of his own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """A sign that was well before the change and is bad now."""

    sign: str
    """The parameter, or the object of counters, that tells."""
    words: str
    patience: timedelta
    """How long it has to last before it is more than the change settling."""
    begins_within: timedelta | None = None
    """How soon after the write it has to begin; at any time unless told."""


def harms(
    plan: Plan, *, earlier: Snapshot | None, before: Snapshot, now: Snapshot
) -> tuple[Harm, ...]:
    """What got worse, and is not what somebody wanted.

    ``before`` is from right before the write and ``earlier`` from some time before that.
    """
    off = out_of_service(plan, before, now)
    explained = (*off, *_WAY_OUT) if _lines_down(before, now) else off
    found = [*_states(plan, before, now)]
    if not any(each.startswith(_WIFI) for each in off):
        found += _people(plan, before, now)
    if earlier is not None:
        found += [
            Harm(sign=sign, words=words, patience=_SHORT)
            for sign, words in losses(earlier, before, now)
        ]
    return tuple(each for each in found if not each.sign.startswith(explained))


def tells(sign: str, before: Snapshot, now: Snapshot) -> bool:
    """Whether a reading says anything of a sign, so that no harm in it means that all is well."""
    if template_of(sign) in COUNTERS:
        return counted_on(sign, before, now)
    return any(path.startswith(sign) for path in now.values)


def _states(plan: Plan, before: Snapshot, now: Snapshot) -> Iterator[Harm]:
    for path in signs_in(before):
        of = STATES.get(template_of(path))
        is_now = now.get(path)
        if of is None or is_now is None:
            continue
        name, well, bad = of
        was = before.values[path]
        if was in well and is_now in bad:
            words = f"{name} was {was} and is {is_now} ({path})"
            yield Harm(sign=path, words=words, patience=_patience(plan, path))


def _people(plan: Plan, before: Snapshot, now: Snapshot) -> Iterator[Harm]:
    """Everybody gone, soon after something was done to the Wi-Fi: a family leaves like that too."""
    paths = [path for path in plan.paths if path.startswith(_WIFI)]
    if not paths or any(path.startswith(_JOINS) for path in paths):
        return
    were, are = _joined(before), _joined(now)
    if were is not None and were >= _FULL_HOUSE and are == 0:
        words = f"{were} devices were on the Wi-Fi and none is now"
        sign = "Device.WiFi.AccessPoint."
        yield Harm(sign=sign, words=words, patience=RADAR, begins_within=_SOON)


def _joined(snapshot: Snapshot) -> int | None:
    said = [
        whole_number(value)
        for path, value in snapshot.values.items()
        if template_of(path) == PEOPLE
    ]
    told = [each for each in said if each is not None]
    return sum(told) if told and len(told) == len(said) else None


def _lines_down(before: Snapshot, now: Snapshot) -> bool:
    return any(
        value == _UP and now.get(path) not in (None, _UP)
        for path, value in before.values.items()
        if template_of(path) in LINES
    )


def _patience(plan: Plan, sign: str) -> timedelta:
    radio = sign.startswith(_WIFI) and any(path.startswith(_WIFI) for path in plan.paths)
    return RADAR if radio else _SHORT
