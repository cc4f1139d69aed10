"""The tables in which a language model is shown a device: a row an object, and only what tells.

Short on purpose: a model reads slowly what it is shown, and a small one loses itself in it.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import islice

from brain.datamodel.catalogue import Catalogue
from brain.domain.canonical import Json
from brain.domain.history import By, Event
from brain.domain.parameter import ParameterPath, Snapshot
from brain.planner.groups import Group, paths_of
from brain.planner.pseudonyms import Pseudonyms
from brain.planner.radios import heard_networks

_MOST_ROWS = 40
_MOST_SETTABLE = 20
_MOST_CHANNELS = 24
_RECENT = timedelta(days=1)
_NOT_LONG_AGO = timedelta(days=14)
_MOST_CHANGES = 8
_ROOT = "Device."
_WELL = frozenset({"Up", "Enabled"})
_WHO: dict[By, str] = {
    By.US: "us",
    By.CONTROLLER: "another controller",
    By.SUBSCRIBER: "the subscriber",
    By.RESET: "a reset",
    By.DEVICE: "the device",
    By.UNKNOWN: "nobody knows whom",
}
_COUNTERS = frozenset({"ErrorsReceived", "ErrorsSent", "DroppedPackets", "FailureCount"})
_NOT_SHOWN = re.compile(r"Device\.(?:WiFi\.NeighboringWiFiDiagnostic|Hosts)\.")
"""Shown as counts."""


def rows_shown(snapshot: Snapshot, pseudonyms: Pseudonyms, *, first: Iterable[Group]) -> list[Json]:
    """The settings and measurements, a row an object; these groups' rows first.

    ``["WiFi.Radio.1: Channel 6, TransmitPower 100"]``.
    """
    rows = _rows(snapshot, pseudonyms)
    ahead = tuple(str(path) for path in paths_of(first))
    order = sorted(rows, key=lambda at: (not at, not at.startswith(ahead)))
    return [rows[at] for at in order[:_MOST_ROWS]]


def networks_shown(snapshot: Snapshot) -> list[Json]:
    """The foreign networks heard, a row a channel: how many, and how loud the loudest is."""
    heard = heard_networks(snapshot)
    many = Counter((each.band, each.channel) for each in heard)
    loudest = {
        place: max(each.signal for each in heard if (each.band, each.channel) == place)
        for place in many
    }
    by_loudness = sorted(many, key=lambda place: (-loudest[place], place))
    return [
        f"{band.value} channel {channel}: {many[band, channel]}, "
        f"loudest {loudest[band, channel]} dBm"
        for band, channel in by_loudness[:_MOST_CHANNELS]
    ]


def hosts_shown(snapshot: Snapshot) -> dict[str, Json]:
    """How many things hang on the home network, and how many are there now."""
    hosts = snapshot.below("Device.Hosts.Host.")
    here = [value for path, value in hosts.items() if path.endswith(".Active")]
    return {"known": len(here), "active": here.count("true")}


def events_shown(timeline: Iterable[Event], *, now: datetime) -> dict[str, Json]:
    """How often each kind of thing happened in the last day."""
    recent = Counter(each.kind.value for each in timeline if now - each.at <= _RECENT)
    return dict(sorted(recent.items()))


def changes_shown(
    timeline: Iterable[Event], pseudonyms: Pseudonyms, *, now: datetime
) -> list[Json]:
    """Who set what in the last two weeks, the newest first; what the device set itself is left out.

    ``["3 h ago: WiFi.Radio.1.Channel became 6, by the subscriber"]``; only what tells is shown.
    """
    told = (_change_said(each, pseudonyms, now) for each in _set_by_somebody(timeline, now))
    return list(islice(filter(None, told), _MOST_CHANGES))


def _set_by_somebody(timeline: Iterable[Event], now: datetime) -> list[Event]:
    recent = [each for each in timeline if each.by is not None and now - each.at <= _NOT_LONG_AGO]
    return sorted((each for each in recent if each.by is not By.DEVICE), key=lambda e: e.at)[::-1]


def _change_said(event: Event, pseudonyms: Pseudonyms, now: datetime) -> str:
    """Empty for what tells nothing, or whose value nobody may see."""
    path = event.path
    if path.rpartition(".")[2] not in _names_that_tell() or event.by is None:
        return ""
    safe = pseudonyms.value(path, event.value)
    if safe is None or safe.startswith("text_"):
        return ""
    hours = max(int((now - event.at).total_seconds() // 3600), 0)
    ago = f"{hours} h" if hours < 72 else f"{hours // 24} days"
    return f"{ago} ago: {_short(path)} became {safe or 'empty'}, by {_WHO[event.by]}"


def settable_shown(
    snapshot: Snapshot,
    pseudonyms: Pseudonyms,
    catalogue: Catalogue,
    *,
    composable: Callable[[str, str], bool] | None = None,
) -> dict[str, Json]:
    """What could be set, with the value now: telling settings, what is off before what is on.

    Only those whose legal values need no words of one's own: switches, numbers, enumerations; and
    none that policy would refuse a model anyhow, where that is known.
    """
    settable = {
        path: now
        for path, now in _telling(snapshot, pseudonyms)
        if (entry := catalogue.find(path)) is not None
        and entry.writable
        and snapshot.writable.get(ParameterPath(path)) is not False
        and not _is_name(now)
        and ".Diagnostics." not in path
        and (composable is None or composable(path, now))
    }
    order = sorted(settable, key=lambda path: (settable[path] != "false", path))
    return {path: settable[path] for path in order[:_MOST_SETTABLE]}


@cache
def _names_that_tell() -> frozenset[str]:
    shipped = files("brain.planner") / "shown.toml"
    lists = tomllib.loads(shipped.read_text(encoding="utf-8"))
    return frozenset(name for names in lists.values() for name in names)


def _rows(snapshot: Snapshot, pseudonyms: Pseudonyms) -> dict[str, str]:
    """What is to be said of each object; those that are merely up share the last row."""
    objects: dict[str, dict[str, str]] = {}
    for path, value in _telling(snapshot, pseudonyms):
        at, _, leaf = path.rpartition(".")
        objects.setdefault(f"{at}.", {})[leaf] = value
    said = {at: _said(values) for at, values in objects.items()}
    rows = {at: f"{_short(at)}: {', '.join(words)}" for at, words in said.items() if words}
    up = [_short(at) for at, words in said.items() if not words and objects[at].get("Enable")]
    return rows | ({"": f"on and up: {', '.join(up)}"} if up else {})


def _said(values: dict[str, str]) -> list[str]:
    """Nothing of what is switched off but that; nothing of what is on and up, or zero."""
    if values.get("Enable") == "false":
        return ["off"]
    return [
        f"{leaf} {value or 'is empty'}"
        for leaf, value in values.items()
        if leaf != "Enable"
        and not (leaf == "Status" and value in _WELL)
        and not (leaf in _COUNTERS and value == "0")
    ]


def _telling(snapshot: Snapshot, pseudonyms: Pseudonyms) -> Iterator[tuple[str, str]]:
    for path, value in sorted(snapshot.values.items()):
        if path.rpartition(".")[2] not in _names_that_tell() or _NOT_SHOWN.match(path):
            continue
        safe = pseudonyms.value(path, value)
        if safe is not None and not safe.startswith("text_"):
            yield str(path), safe


def _is_name(shown: str) -> bool:
    return re.fullmatch(r"[a-z]+_[0-9a-f]{8}", shown) is not None


def _short(at: str) -> str:
    return at.removeprefix(_ROOT).rstrip(".")
