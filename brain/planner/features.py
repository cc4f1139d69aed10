"""What a language model is shown of a device: features and pseudonyms, never a device's words."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from brain.datamodel.catalogue import Catalogue
from brain.domain.canonical import Json
from brain.domain.history import Event
from brain.domain.parameter import Snapshot
from brain.planner.candidates import Candidate
from brain.planner.pseudonyms import Pseudonyms
from brain.planner.radios import heard_networks

_MOST_VALUES = 120
_MOST_SETTABLE = 60
_MOST_NETWORKS = 40
_COUNTED_INSTEAD = re.compile(
    r"Device\.(?:WiFi\.NeighboringWiFiDiagnostic|Hosts)\.|\.Stats\.|\.AssociatedDevice\."
    r"|\.ScanResult\.|\.(?:Alias|Name|LastChange)$"
)
"""Long or wordy, and shown as counts or not at all."""
_RECENT = timedelta(days=1)


def values_shown(snapshot: Snapshot, pseudonyms: Pseudonyms) -> dict[str, tuple[str, str]]:
    """The settings and measurements by evidence id: path, and value as it may be shown."""
    shown: dict[str, tuple[str, str]] = {}
    for path, value in sorted(snapshot.values.items()):
        if _COUNTED_INSTEAD.search(path) or len(shown) >= _MOST_VALUES:
            continue
        safe = pseudonyms.value(path, value)
        if safe is not None and not safe.startswith("text_"):
            shown[f"e{len(shown) + 1}"] = (str(path), safe)
    return shown


def networks_shown(snapshot: Snapshot) -> list[Json]:
    """The foreign networks heard, strongest first, without their names."""
    strongest = sorted(heard_networks(snapshot), key=lambda each: (-each.signal, each.channel))
    return [
        {"band": each.band.value, "channel": each.channel, "dbm": each.signal, "mhz": each.width}
        for each in strongest[:_MOST_NETWORKS]
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


def settable_shown(snapshot: Snapshot, pseudonyms: Pseudonyms, catalogue: Catalogue) -> list[Json]:
    """Parameters that could be set: those whose legal values need no words of one's own."""
    listed: list[Json] = []
    for path, value in sorted(snapshot.values.items()):
        entry = catalogue.find(path)
        if entry is None or not entry.writable or snapshot.writable.get(path) is False:
            continue
        if _COUNTED_INSTEAD.search(path) or len(listed) >= _MOST_SETTABLE:
            continue
        now = pseudonyms.value(path, value)
        if now is None or now.startswith("text_"):
            continue
        one_of = snapshot.get(path.removesuffix("Channel") + "PossibleChannels")
        about: dict[str, Json] = {"path": str(path), "now": now}
        if entry.enumeration:
            about["one_of"] = ",".join(entry.enumeration)
        elif path.endswith(".Channel") and one_of:
            about["one_of"] = pseudonyms.value(
                path.removesuffix("Channel") + "PossibleChannels", one_of
            )
        listed.append(about)
    return listed


def candidates_shown(candidates: Iterable[Candidate], pseudonyms: Pseudonyms) -> list[Json]:
    """What is offered, each under the id it is chosen by."""
    return [
        {
            "id": each.id,
            "cause": each.finding.cause.value,
            "confidence": each.finding.confidence,
            "does": pseudonyms.scrub(each.summary),
            "because": [pseudonyms.scrub(item.text) for item in each.finding.evidence],
            "changes": [str(change.path) for change in each.changes],
        }
        for each in candidates
    ]
