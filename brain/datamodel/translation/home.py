"""What a TR-098 device said, as its translator looks at it."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from brain.datamodel.translation.joins import DEFAULT_ROUTE, fold
from brain.datamodel.translation.mapping import OLD
from brain.datamodel.translation.vendors import Vendor
from brain.datamodel.translation.wifi import band_of

_WLAN = ".WLANConfiguration."
_HOST = re.compile(re.escape(OLD) + r"LANDevice\.(\d+)\.Hosts\.Host\.(\d+)\.MACAddress")
_ROUTE = re.compile(re.escape(OLD) + r"Layer3Forwarding\.Forwarding\.(\d+)\.DestIPAddress")
_ACCESS = re.compile(re.escape(OLD) + r"WANDevice\.(\d+)\.WANCommonInterfaceConfig\.WANAccessType")
_ANYWHERE = frozenset({"", "0.0.0.0"})  # noqa: S104 - the destination of a default route


class Home:
    """All that one device said of itself, in the words of the standard."""

    def __init__(
        self, values: Mapping[str, str], vendor: Vendor, digits: Mapping[str, int] | None = None
    ) -> None:
        """``digits``: how long each WEP key is, by native path. All else of it is a secret."""
        self.values = values
        self.vendor = vendor
        self.digits = digits or {}

    def get(self, native: str) -> str | None:
        """What the device said, in the standard's words; None when it has no such parameter."""
        text = self.values.get(native)
        return None if text is None else self.vendor.standard(native, text)

    def below(self, native: str, leaf: str) -> Iterator[tuple[str, str]]:
        """Paths and values of this leaf in every row of a table (a path that ends in a dot)."""
        for path, text in self.values.items():
            if path.startswith(native) and path.endswith(f".{leaf}"):
                yield path, text

    def radio_of(self, lan: int, wlan: int) -> int | None:
        """The number of the radio that this WLANConfiguration is on.

        TR-098 has no radios. Rows of one band that list the same channels share one, and it takes
        the number of the first of them; a row whose band is not known has one of its own.
        """
        return self._radios.get((lan, wlan))

    def wlans_of(self, lan: int) -> tuple[int, ...]:
        """The numbers of the WLANConfiguration rows of one LAN."""
        return tuple(sorted(wlan for its, wlan in self._wlans if its == lan))

    def host_of(self, lan: int, wlan: int, station: int) -> int | None:
        """The number of the host that has the MAC address of this AssociatedDevice."""
        row = f"{OLD}LANDevice.{lan}{_WLAN}{wlan}.AssociatedDevice.{station}."
        return self._hosts.get((self.get(row + "AssociatedDeviceMACAddress") or "").lower())

    @cached_property
    def default_route(self) -> int:
        """The number of the route to everywhere."""
        rows = (number for number, where in self._matching(_ROUTE) if where in _ANYWHERE)
        return min((int(number) for (number,) in rows), default=DEFAULT_ROUTE)

    @cached_property
    def only_dsl(self) -> int | None:
        """The number of the WAN device that is a DSL line, when exactly one is."""
        lines = [int(number) for (number,), kind in self._matching(_ACCESS) if kind == "DSL"]
        return lines[0] if len(lines) == 1 else None

    @cached_property
    def _hosts(self) -> dict[str, int]:
        found = ((fold(int(lan), int(host)), mac) for (lan, host), mac in self._matching(_HOST))
        return {mac.lower(): number for number, mac in found if number is not None and mac}

    def _matching(self, pattern: re.Pattern[str]) -> Iterator[tuple[tuple[str, ...], str]]:
        for path, text in self.values.items():
            if match := pattern.fullmatch(path):
                yield match.groups(), text

    @cached_property
    def _radios(self) -> dict[tuple[int, int], int]:
        leaders: dict[tuple[str, str], int] = {}
        radios: dict[tuple[int, int], int] = {}
        for lan, wlan in sorted(self._wlans):
            number = fold(lan, wlan)
            if number is None:
                continue
            owner = f"{OLD}LANDevice.{lan}.WLANConfiguration.{wlan}."
            band = band_of(self.get(owner + "Standard"), self.get(owner + "Channel"))
            key = (band, self.get(owner + "PossibleChannels") or "")
            radios[lan, wlan] = leaders.setdefault(key, number) if band else number
        return radios

    @cached_property
    def _wlans(self) -> set[tuple[int, int]]:
        prefix = OLD + "LANDevice."
        found = set()
        for path in self.values:
            lan, at, rest = path.removeprefix(prefix).partition(_WLAN)
            wlan = rest.partition(".")[0]
            if at and path.startswith(prefix) and lan.isdecimal() and wlan.isdecimal():
                found.add((int(lan), int(wlan)))
        return found
