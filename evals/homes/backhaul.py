"""An extender's way to its gateway: a station there, on the bands of its end points."""

from dataclasses import replace
from typing import TYPE_CHECKING

from evals.homes.lines import LineState
from evals.homes.stations import Link, link, reach

if TYPE_CHECKING:
    from evals.homes.home import Home
    from evals.homes.household import Guest

_END_POINT = "Device.WiFi.EndPoint."
_RELAYED = 0.5
"""What is left when every frame crosses the air twice (store and forward on one channel)."""
_HOP_MS = 2.0


class Backhaul:
    """How one extender hangs from its gateway, where it is ``guest``."""

    def __init__(self, extender: "Home", gateway: "Home", guest: "Guest") -> None:
        self._extender = extender
        self.gateway = gateway
        self._guest = guest

    @property
    def bands(self) -> tuple[str, ...]:
        """The bands that it may use: one end point each."""
        radios = enumerate(self._extender.model.radios, 1)
        return tuple(
            spec.band for number, spec in radios if self._extender.on(f"{_END_POINT}{number}.")
        )

    @property
    def number(self) -> int:
        """The end point in use, from 1; 0 for none."""
        self.gateway.association.renew()
        point = self.gateway.association.where(self._guest)
        if not point:
            return 0
        band = self.gateway.radio_of(point).spec.band
        return [spec.band for spec in self._extender.model.radios].index(band) + 1

    def link(self) -> Link | None:
        """The radio link to the gateway; None for none."""
        point = self.gateway.association.where(self._guest) if self.number else 0
        body = self._guest.body
        return link(body, self.gateway.radio_of(point)) if point and body else None

    def carries(self) -> LineState:
        """What is left of the gateway's line at the extender."""
        beyond = self.gateway.line()
        near = reach(self.gateway, self._guest) if self.number else None
        if near is None:
            return replace(beyond, up=False, down_mbps=0.0, up_mbps=0.0, loss=1.0)
        return replace(
            beyond,
            down_mbps=min(beyond.down_mbps, _RELAYED * near.mbps),
            up_mbps=min(beyond.up_mbps, _RELAYED * near.up_mbps),
            loss=1 - (1 - beyond.loss) * (1 - near.loss),
            latency_ms=beyond.latency_ms + near.latency_ms + _HOP_MS,
        )


def show(home: "Home", what: str, rows: tuple[int, ...]) -> str:
    """A gauge of one end point."""
    hangs = home.backhaul
    used = hangs is not None and hangs.number == rows[0]
    if what == "status":
        return "Enabled" if home.on(f"{_END_POINT}{rows[0]}.") else "Disabled"
    if what == "profile":
        return "Active" if used else "Available"
    made = hangs.link() if hangs and used else None
    if made is None:
        return "-200" if what == "signal" else "0"
    return {
        "down": str(round(1000 * made.down_mbps)),
        "up": str(round(1000 * made.up_mbps)),
        "signal": str(round(made.down_dbm)),
        "retries": str(round(100 * made.retry)),
    }[what]
