"""The diagnostics a home carries out itself: requested by a set, finished with an event later."""

from typing import TYPE_CHECKING

from evals.homes.boxes import box_state
from evals.homes.connection import connection, path_mtu
from evals.homes.meters import sends_all
from evals.homes.served import FAR_MS
from evals.homes.services import waiting_ms

if TYPE_CHECKING:
    from evals.homes.home import Home

SECONDS = 3.0
"""How long any of them takes."""
_PING, _LOOK_UP = "Device.IP.Diagnostics.IPPing.", "Device.DNS.Diagnostics.NSLookupDiagnostics."
_FAR_HOST, _FAR_NAME = "198.51.100.7", "www.example.com"
_PING_HEADERS = 28
"""IPv4 and ICMP, in bytes."""


def run(home: "Home", path: str) -> None:
    """Carry out what ``DiagnosticsState`` was requested, and have ``8`` to report (TR-069 4.7)."""
    if home.tree.read(path) != "Requested":
        return
    place = path.removesuffix("DiagnosticsState")
    if place == home.model.places.scan:
        scan(home)
    elif place.endswith("NSLookupDiagnostics."):
        _look_up(home, place)
    elif place.endswith("IPPing.") or place.endswith("IPPingDiagnostics."):
        _ping(home, place)
    home.tree.put(path, "Complete")
    home.happened("8 DIAGNOSTICS COMPLETE")


def last_night(home: "Home") -> None:
    """Have results that stand in the tree since the operator's nightly round: ping and look-up."""
    for place, asked in ((_PING, {"Host": _FAR_HOST}), (_LOOK_UP, {"HostName": _FAR_NAME})):
        if place + "DiagnosticsState" in home.tree.parameters:
            for leaf, value in asked.items():
                home.tree.put(place + leaf, value)
            (_ping if place == _PING else _look_up)(home, place)
            home.tree.put(place + "DiagnosticsState", "Complete")


def scan(home: "Home") -> None:
    """Write down what the radios hear now. What is not Wi-Fi cannot be heard."""
    if not home.model.places.scan:
        return
    table = home.model.places.scan + "Result."
    home.tree.clear(table)
    for radio in home.radios:
        for each in radio.scan():
            facts = {
                "radio": radio.spec.row.rstrip("."),
                "ssid": each.ssid,
                "bssid": each.bssid,
                "channel": str(each.channel),
                "signal": str(each.dbm),
                "width": f"{each.width}MHz",
                "security": each.security,
                "band": radio.spec.band,
            }
            home.tree.add(table, facts=facts)


def _look_up(home: "Home", place: str) -> None:
    table = place + "Result."
    home.tree.clear(table)
    asked = home.tree.read(place + "DNSServer") or next(iter(home.resolvers()), "")
    repeats = max(int(home.tree.read(place + "NumberOfRepetitions")), 1)
    answered = connection(home).online and home.household.wan.resolves(asked)
    for _ in range(min(repeats, 10)):
        facts = {
            "status": "Success" if answered else "Error_Timeout",
            "answer": "NonAuthoritative" if answered else "None",
            "found": "192.0.2.80" if answered else "",
            "resolver": asked,
            "took": "14" if answered else "0",
        }
        home.tree.add(table, facts=facts)
    home.tree.put(place + "SuccessCount", str(repeats if answered else 0))


def _ping(home: "Home", place: str) -> None:
    """A host that is an address answers; a name only where names can be resolved.

    A packet larger than the way carries is lost without a word, and a full uplink is waited for.
    """
    host = home.tree.read(place + "Host")
    known = host.replace(".", "").isdigit() or home.resolves()
    state = connection(home)
    size = min(int(home.setting(place + "DataBlockSize", "56")) + _PING_HEADERS, state.mtu)
    arrives = known and state.online and size <= path_mtu(home)
    repeats = max(int(home.tree.read(place + "NumberOfRepetitions")), 1)
    lost = repeats if not arrives else round(repeats * _loss(home))
    home.tree.put(place + "SuccessCount", str(repeats - lost))
    home.tree.put(place + "FailureCount", str(lost))
    took = round(_round_trip_ms(home)) if lost < repeats else 0
    home.tree.put(place + "AverageResponseTime", str(took))


def _loss(home: "Home") -> float:
    return 1 - (1 - home.line().loss) * (1 - box_state(home).loss)


def _round_trip_ms(home: "Home") -> float:
    waits = waiting_ms(home) if sends_all(home) else 0.0
    return home.line().latency_ms + box_state(home).latency_ms + FAR_MS + waits
