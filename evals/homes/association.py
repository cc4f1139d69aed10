"""Who is on which wireless network of a home: the tables of stations, kept as the air has it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from evals.homes import stations
from evals.homes.household import Guest

if TYPE_CHECKING:
    from evals.homes.home import Home


class Association:
    """The stations of one home. A guest without a body stays where it was put."""

    def __init__(self, home: "Home") -> None:
        self._home = home
        self._rows: dict[tuple[int, int], Guest] = {}
        self._at: dict[str, tuple[int, int]] = {}
        self._parted = False

    def __bool__(self) -> bool:
        return bool(self._rows)

    def station(self, point: int, row: int) -> Guest:
        """The station that stands in this row of an access point's table."""
        return self._rows[point, row]

    def where(self, guest: Guest) -> int:
        """The access point that a guest is on, from 1; 0 for a cable or none."""
        return self._at.get(guest.mac, (0, 0))[0]

    def on(self, radio: int) -> list[Guest]:
        """Everybody on the radio of this number."""
        found = self._rows.items()
        return [guest for (point, _), guest in found if self._home.radio_of(point).number == radio]

    def join(self) -> None:
        """Everything wireless joins its access point."""
        self._parted = False
        for guest in self._home.household.guests:
            self._seat(guest, self._wanted(guest))

    def part(self) -> None:
        """Everything drops off, until it is told a new name or passphrase."""
        for table in self._home.model.places.stations:
            self._home.tree.clear(table)
        self._rows.clear()
        self._at.clear()
        self._parted = True

    def renew(self) -> None:
        """Move whoever would now join another access point, or can no longer join any."""
        for guest in () if self._parted else self._home.household.guests:
            if guest.body is None or (point := self._wanted(guest)) == self.where(guest):
                continue
            if seat := self._at.pop(guest.mac, None):
                del self._rows[seat]
                table = self._home.model.places.stations[seat[0] - 1]
                self._home.tree.remove(f"{table}{seat[1]}.")
            self._seat(guest, point)

    def _wanted(self, guest: Guest) -> int:
        if guest.body is None:
            return guest.point
        if guest.body.cable:
            return 0
        extender = self._home.extenders.get(guest.mac)
        bands = extender.backhaul.bands if extender and extender.backhaul else guest.body.bands
        return stations.chosen(self._home, replace(guest.body, bands=bands))

    def _seat(self, guest: Guest, point: int) -> None:
        if 0 < point <= len(self._home.model.places.stations):
            table = self._home.model.places.stations[point - 1]
            facts = {"mac": guest.mac, "address": guest.address}
            row = self._home.tree.add(table, facts=facts)
            self._rows[point, row] = guest
            self._at[guest.mac] = (point, row)
