"""One radio of one home: what its settings and the air together make of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from brain.domain.ports import Clock
from evals.homes.air import Air, Airtime, Neighbour, airtime
from evals.homes.chance import jitter
from evals.homes.device_model import RadioSpec
from evals.homes.household import Guest, RadioLife
from evals.homes.memory import Memory
from evals.homes.physics.hours import busyness
from evals.homes.rules import expand
from evals.homes.stations import link
from evals.homes.tree import Tree

_STEADY_SECONDS = 5
"""How long one reading of the jitter lasts."""
_FRAMES_PER_SECOND = 900.0
_BYTES_PER_FRAME = 1100
_SUPPOSED_LOAD = 0.3
"""A scan does not show how busy a neighbour is."""
_RADAR_CHANNELS = range(52, 145)
_RADAR_SILENCE = timedelta(minutes=30)
"""Non-occupancy period of a channel that a radar was heard on (EN 301 893 4.2.6.1.4)."""
_LISTENING = timedelta(seconds=60)
"""Channel availability check: how long it listens before it sends on such a channel."""
_USUAL_STANDARDS = "b,g,n"


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
        self.fled = life.fled
        self.stations: Callable[[int], Sequence[Guest]] = lambda number: ()
        """Who is on the radio of a number; the home puts it in."""
        self._listens_until = clock()
        self._tree = tree
        self._seed = seed
        self._clock = clock
        self._ticked = clock()
        self._memory = Memory(lambda: (int(clock().timestamp()), tree.version, self.transmits))

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
    def transmits(self) -> bool:
        """Whether it sends now: switched on, and not listening for a radar."""
        return self.enabled and self._clock() >= self._listens_until

    @property
    def power(self) -> float:
        """What it sends, in percent of the most; -1 means the box decides (TR-181)."""
        path = self.spec.row + "TransmitPower"
        text = self._tree.read(path) if path in self._tree.parameters else ""
        return float(text) if text.isdigit() else 100.0

    @property
    def standards(self) -> frozenset[str]:
        """The standards in force; makes that do not list them speak the usual ones."""
        path = self.spec.row + "OperatingStandards"
        text = self._tree.read(path) if path in self._tree.parameters else _USUAL_STANDARDS
        return frozenset(text.split(","))

    def blocked(self, channel: int) -> bool:
        """Whether a radar was heard there too lately."""
        heard = (at for each, at in self.life.radar if each == channel)
        return any(at <= self._clock() < at + _RADAR_SILENCE for at in heard)

    @property
    def driven_off(self) -> bool:
        """Whether a radar was heard on its channel since it last looked, or lately."""
        heard = (at for each, at in self.life.radar if each == self.channel)
        passed = any(self._ticked < at <= self._clock() for at in heard)
        return passed or self.blocked(self.channel)

    def carried(self) -> float:
        """The share of the time that its stations would need on a clean channel."""
        return self._memory.once("carried", self._carried)

    def _carried(self) -> float:
        bodies = [each.body for each in self.stations(self.number) if each.body]
        links = [(body, link(body, self)) for body in bodies]
        return min(sum(made.airtime(body.down, body.up) for body, made in links if made), 1.0)

    @property
    def possible(self) -> tuple[int, ...]:
        """The channels that the box itself would take."""
        path = self.spec.row + "PossibleChannels"
        text = self._tree.read(path) if path in self._tree.parameters else self.spec.possible
        return tuple(int(each) for each in expand(text))

    def airtime(self, channel: int | None = None) -> Airtime:
        """The truth, without jitter, on this channel or on the one in use."""
        return self._memory.once(channel or self.channel, lambda: self._airtime(channel))

    def _airtime(self, channel: int | None) -> Airtime:
        demand = self.life.demand + self.carried() if self.transmits else 0.0
        return airtime(self._air(), channel or self.channel, self.width, demand)

    def quiet_air(self) -> Airtime:
        """The truth on the channel in use if this home sent nothing itself."""
        return self._memory.once(
            "quiet", lambda: airtime(self._air(), self.channel, self.width, 0.0)
        )

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
        choices = tuple(each for each in choices if not self.blocked(each)) or choices

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

    def moved(self, *, fled: bool = False) -> None:
        """Note that the channel was changed just now, ``fled`` for a radar."""
        self.channel_changes += 1
        self.changed_at, self.fled = self._clock(), fled
        if self.spec.band == "5GHz" and self.channel in _RADAR_CHANNELS:
            self._listens_until = self._clock() + _LISTENING

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

    @property
    def reason(self) -> str:
        """Why it is on its channel, as TR-181 says it."""
        if self.fled:
            return "Auto_DFS"
        return "Manual" if self.channel_changes else "Auto_Startup"

    def _air(self) -> Air:
        """What is on the air at this hour."""
        if not self.life.by_the_hour:
            return self.life.air
        busy = round(busyness(self._clock()), 2)
        heard = self.life.air.neighbours
        return replace(
            self.life.air, neighbours=tuple(replace(n, load=n.load * busy) for n in heard)
        )

    def _unsteady(self, what: str) -> float:
        bucket = int(self._clock().timestamp()) // _STEADY_SECONDS
        return jitter(self._seed, f"{self.number}/{what}", bucket)


def _scaled(share: float) -> int:
    return round(255 * min(max(share, 0.0), 1.0))
