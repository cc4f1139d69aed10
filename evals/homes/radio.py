"""One radio of one home: what its settings and the air together make of it."""

from dataclasses import replace

from brain.domain.ports import Clock
from evals.homes.air import Air, Airtime, Neighbour, airtime
from evals.homes.chance import jitter
from evals.homes.device_model import RadioSpec
from evals.homes.household import RadioLife
from evals.homes.rules import expand
from evals.homes.tree import Tree

_STEADY_SECONDS = 5
"""How long one reading of the jitter lasts."""
_FRAMES_PER_SECOND = 900.0
_BYTES_PER_FRAME = 1100
_SUPPOSED_LOAD = 0.3
"""A scan does not show how busy a neighbour is."""


class Radio:
    """Answers to the channel and width that the tree holds now; ``number`` counts from 1."""

    def __init__(
        self, *, number: int, spec: RadioSpec, life: RadioLife, tree: Tree, seed: int, clock: Clock
    ) -> None:
        self.number = number
        self.spec = spec
        self.life = life
        self.frames = 0.0
        self.retries = 0.0
        self.channel_changes = 0
        self.changed_at = clock()
        self._tree = tree
        self._seed = seed
        self._clock = clock
        self._ticked = clock()

    @property
    def channel(self) -> int:
        """The channel in use."""
        return int(self._tree.read(self.spec.row + "Channel"))

    @property
    def width(self) -> int:
        """The width in MHz; makes write ``20MHz``, ``20/40`` or ``Auto``."""
        path = self.spec.row + self.spec.width
        text = self._tree.read(path) if path in self._tree.parameters else ""
        digits = text.split("/")[0].removesuffix("MHz")
        return int(digits) if digits.isdigit() else self.spec.default_width

    @property
    def enabled(self) -> bool:
        """Whether it transmits."""
        return self._tree.read(self.spec.row + "Enable") == "true"

    @property
    def possible(self) -> tuple[int, ...]:
        """The channels that the box itself would take."""
        path = self.spec.row + "PossibleChannels"
        text = self._tree.read(path) if path in self._tree.parameters else self.spec.possible
        return tuple(int(each) for each in expand(text))

    def airtime(self, channel: int | None = None) -> Airtime:
        """The truth, without jitter, on this channel or on the one in use."""
        demand = self.life.demand if self.enabled else 0.0
        return airtime(self.life.air, channel or self.channel, self.width, demand)

    def utilisation(self, channel: int | None = None) -> int:
        """The truth as the device would count it, 0 to 255 (TR-181 DataElements Utilization)."""
        return _scaled(self.airtime(channel).busy)

    def shown_utilisation(self) -> int:
        """What the device says: the truth, slightly unsteady, steady for a few seconds."""
        return _scaled(self.airtime().busy + 0.012 * self._unsteady("utilisation"))

    def scan(self) -> tuple[Neighbour, ...]:
        """What a scan shows now: neighbours at unsteady levels, and never what is not Wi-Fi."""
        return tuple(
            replace(each, dbm=min(each.dbm + round(2 * self._unsteady(each.bssid)), 0))
            for each in self.life.air.neighbours
        )

    def quietest(self) -> int:
        """What the box would pick by itself: where a scan hears least, as busy as each may be."""
        heard = tuple(replace(each, load=_SUPPOSED_LOAD) for each in self.scan())
        choices = self.possible if self.spec.band != "2.4GHz" else (1, 6, 11)

        def trouble(channel: int) -> float:
            return airtime(Air(self.spec.band, heard), channel, self.width, 0.0).others

        return min(choices, key=lambda channel: (trouble(channel), channel))

    def tick(self) -> None:
        """Count the frames since the last look; call it before anything changes."""
        now = self._clock()
        seconds = max((now - self._ticked).total_seconds(), 0.0)
        self._ticked = now
        sent = seconds * _FRAMES_PER_SECOND * self.life.demand * self.enabled
        self.frames += sent
        self.retries += sent * self.airtime().retry

    def moved(self) -> None:
        """Note that the channel was changed just now."""
        self.channel_changes += 1
        self.changed_at = self._clock()

    @property
    def bytes_sent(self) -> int:
        """Bytes since the box started."""
        return int(self.frames) * _BYTES_PER_FRAME

    @property
    def retry_percent(self) -> int:
        """The share of frames sent again, in percent."""
        return round(100 * self.airtime().retry)

    @property
    def seconds_since_change(self) -> int:
        """How long the radio has been on its channel."""
        return int((self._clock() - self.changed_at).total_seconds())

    def _unsteady(self, what: str) -> float:
        bucket = int(self._clock().timestamp()) // _STEADY_SECONDS
        return jitter(self._seed, f"{self.number}/{what}", bucket)


def _scaled(share: float) -> int:
    return round(255 * min(max(share, 0.0), 1.0))
