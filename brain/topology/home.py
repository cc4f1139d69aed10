"""A home as its device describes it: radios, access points, and the hosts that hang from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from brain.domain.parameter import Snapshot, Value

RADIOS = "Device.WiFi.Radio."
NETWORKS = "Device.WiFi.SSID."
ACCESS_POINTS = "Device.WiFi.AccessPoint."
HOSTS = "Device.Hosts.Host."
HOME = ("Device.WiFi.", "Device.Hosts.")
"""The objects that describe a home."""

Row = Mapping[str, Value]
"""The parameters of one instance by their names below it (``Active``, ``Stats.BytesSent``)."""


def rows(snapshot: Snapshot, table: str) -> Mapping[str, Row]:
    """The instances of a table that the snapshot knows, by path without the last dot."""
    found: dict[str, dict[str, Value]] = {}
    for path, value in snapshot.below(table).items():
        number, _, name = path.removeprefix(table).partition(".")
        if number.isdecimal() and name:
            found.setdefault(table + number, {})[name] = value
    return found


@dataclass(frozen=True, kw_only=True)
class Client:
    """Something that hangs from the home's network. It has no name here: names are personal."""

    row: str
    """Where the device lists it: a host, or an associated device of an access point."""
    link: str
    """The interface it hangs from, such as ``Device.WiFi.Radio.1``; empty when not said."""
    access_point: str = ""


@dataclass(frozen=True, kw_only=True)
class Home:
    """What one snapshot says of a home. What it does not say is unknown, not absent."""

    snapshot: Snapshot = field(repr=False)

    @cached_property
    def radios(self) -> Mapping[str, Row]:
        """By path."""
        return rows(self.snapshot, RADIOS)

    @cached_property
    def access_points(self) -> Mapping[str, Row]:
        """By path."""
        return rows(self.snapshot, ACCESS_POINTS)

    def network_of(self, access_point: str) -> str:
        """The SSID that an access point serves; empty when not said."""
        return _row_named(self.access_points.get(access_point, {}).get("SSIDReference", ""))

    def radio_of(self, network: str) -> str:
        """The radio that an SSID is sent by; empty when not said."""
        layers = self.snapshot.get(f"{network}.LowerLayers") or ""
        named = [_row_named(each) for each in layers.split(",")]
        return next((each for each in named if each.startswith(RADIOS)), "")

    @cached_property
    def clients(self) -> tuple[Client, ...] | None:
        """All that are known to hang from it now, each once.

        None when the device lists neither hosts nor stations. Without hosts those on a cable are
        missing: see ``lists_hosts``.
        """
        if not self.lists_hosts and not self._lists_associated:
            return None
        associated = self._associated()
        hosts = self._hosts(associated)
        # A station that is also a host is one client: the access point knows better where it is.
        alone = [each for mac, each in hosts.items() if mac not in associated]
        return (*associated.values(), *alone)

    @property
    def lists_hosts(self) -> bool:
        """Whether the device says who hangs from it, whatever the link."""
        count = self.snapshot.get("Device.Hosts.HostNumberOfEntries")
        return count == "0" or bool(self.snapshot.below(HOSTS))

    @property
    def _lists_associated(self) -> bool:
        count = "AssociatedDeviceNumberOfEntries"
        return bool(self.access_points) and all(
            row.get(count) == "0" or any(name.startswith("AssociatedDevice.") for name in row)
            for row in self.access_points.values()
        )

    def _associated(self) -> dict[str, Client]:
        found = {}
        for point in self.access_points:
            link = self.radio_of(self.network_of(point))
            for path, row in rows(self.snapshot, f"{point}.AssociatedDevice.").items():
                if row.get("Active") != "false":
                    key = row.get("MACAddress", path).lower()
                    found[key] = Client(row=path, link=link, access_point=point)
        return found

    def _hosts(self, associated: Mapping[str, Client]) -> dict[str, Client]:
        found = {}
        known = {client.row: mac for mac, client in associated.items()}
        for path, row in rows(self.snapshot, HOSTS).items():
            if row.get("Active") != "false":
                station = known.get(_row_named(row.get("AssociatedDevice", "")))
                key = station or row.get("PhysAddress", path).lower()
                found[key] = Client(row=path, link=self._link(row.get("Layer1Interface", "")))
        return found

    def _link(self, reference: str) -> str:
        """The radio or port, also where a device names the SSID instead."""
        named = _row_named(reference)
        return self.radio_of(named) if named.startswith(NETWORKS) else named


def _row_named(reference: str) -> str:
    """TR-106 3.2.4: a reference names a row without its last dot; some devices leave it on."""
    return reference.strip().rstrip(".")
