"""What a TR-098 device said, as its translator looks at it."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from brain.datamodel.translation.joins import fold
from brain.datamodel.translation.mapping import OLD
from brain.datamodel.translation.vendors import Vendor
from brain.datamodel.translation.wifi import band_of

_WLAN = ".WLANConfiguration."


class Home:
    """All that one device said of itself, in the words of the standard."""

    def __init__(self, values: Mapping[str, str], vendor: Vendor) -> None:
        self.values = values
        self.vendor = vendor

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

    @cached_property
    def _radios(self) -> dict[tuple[int, int], int]:
        leaders: dict[tuple[str, str], int] = {}
        radios: dict[tuple[int, int], int] = {}
        for lan, wlan in sorted(self._wlans()):
            number = fold(lan, wlan)
            if number is None:
                continue
            owner = f"{OLD}LANDevice.{lan}.WLANConfiguration.{wlan}."
            band = band_of(self.get(owner + "Standard"), self.get(owner + "Channel"))
            key = (band, self.get(owner + "PossibleChannels") or "")
            radios[lan, wlan] = leaders.setdefault(key, number) if band else number
        return radios

    def _wlans(self) -> set[tuple[int, int]]:
        prefix = OLD + "LANDevice."
        found = set()
        for path in self.values:
            lan, at, rest = path.removeprefix(prefix).partition(_WLAN)
            wlan = rest.partition(".")[0]
            if at and path.startswith(prefix) and lan.isdecimal() and wlan.isdecimal():
                found.add((int(lan), int(wlan)))
        return found
