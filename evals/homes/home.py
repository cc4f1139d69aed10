"""One virtual home: a device, and the air, fibre, uplink and people that it answers to."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count

from brain.domain.device import device_id
from brain.domain.ports import Clock
from evals.homes import diagnostics, furnish, gauges, radios
from evals.homes.association import Association
from evals.homes.backhaul import Backhaul
from evals.homes.boxes import crash_if_full
from evals.homes.chance import dice
from evals.homes.connection import connection, logged_in
from evals.homes.device_model import device_model
from evals.homes.faults import Faults
from evals.homes.household import Guest, Household
from evals.homes.lines import LineState, line_state
from evals.homes.memory import Memory
from evals.homes.meters import Meters
from evals.homes.radio import Radio
from evals.homes.tree import Tree
from executors.acs.messages import Identity, InformEvent, TransferComplete

BOOT_SECONDS = 4.0
REJOIN_SECONDS = 90.0
"""How long a household takes to type a new passphrase into everything."""


class Home:
    """The state of one home. Time comes from ``clock``, chance from the household's seed."""

    household: Household
    clock: Clock
    started: datetime
    pace: float
    """How much this home uses its line, around 1."""

    def __init__(self, household: Household, *, clock: Clock) -> None:
        self.household = household
        self.clock = clock
        self.model = device_model(household.model)
        self.id = device_id(self.model.oui, self.model.product_class, household.serial)
        self.identity = Identity(
            self.model.manufacturer, self.model.oui, self.model.product_class, household.serial
        )
        self.faults = Faults()
        self.pace = 0.5 + dice(household.seed, "pace").random()
        self.changed_at: dict[str, datetime] = {}
        """When each setting was last changed: some changes take their time to do harm."""
        self.was: dict[str, str] = {}
        """What each changed setting was at first."""
        self.backhaul: Backhaul | None = None
        """How it hangs from its gateway, when it is an extender."""
        self.extenders: dict[str, Home] = {}
        """Those that hang from it, by their MAC addresses."""
        self.images: dict[str, str] = {}
        """What the operator's file server has for it: versions, by the address of the file."""
        self.transfers: list[TransferComplete] = []
        """How transfers ended that the controller was not told of yet."""
        self.memory = Memory(self._moment)
        """For what follows from time and settings."""
        self._provisioned: dict[str, str] = {}
        self._install("0 BOOTSTRAP")

    # The physics, for scorers: the truth that no device shows.

    def radio(self, number: int) -> Radio:
        """The radio of this number, from 1."""
        return self.radios[number - 1]

    def radio_of(self, point: int) -> Radio:
        """The radio that an access point uses; makes number guest networks after the others."""
        return self.radios[(point - 1) % len(self.radios)]

    def station(self, point: int, row: int) -> Guest:
        """The station that stands in this row of an access point's table."""
        return self.association.station(point, row)

    def host(self, row: int) -> Guest | None:
        """Who stands in this row of the table of hosts; None where nobody of the household does."""
        return self.hosts.get(row)

    def line(self) -> LineState:
        """What the line carries now; an extender's is its way to the gateway."""
        if self.backhaul:
            return self.backhaul.carries()
        return self.memory.once("line", lambda: line_state(self.household, self.clock()))

    def passphrase(self, number: int = 1) -> str:
        """The passphrase in force for a network, whatever the device shows of it."""
        return self.tree.read(self.model.places.passphrases[number - 1])

    def resolves(self) -> bool:
        """Whether names can be resolved in this home: one resolver in use answers."""
        return any(self.household.wan.resolves(each) for each in self.resolvers())

    def resolvers(self) -> tuple[str, ...]:
        """The resolvers in use."""
        place = self.model.places.resolvers
        if not place.endswith("."):
            return tuple(filter(None, self.tree.read(place).split(",")))
        rows = [f"{place}{number}." for number in self.tree.rows(place)]
        return tuple(
            self.tree.read(row + "DNSServer")
            for row in rows
            if self.tree.read(row + "Enable") == "true"
        )

    @property
    def up_for(self) -> timedelta:
        """How long ago it last started."""
        return max(self.clock() - self.started, timedelta())

    # The settings in force, for the physics.

    def setting(self, path: str, default: str = "") -> str:
        """The value of a parameter, or what stands for it where the make has none."""
        return self.tree.read(path) if path in self.tree.parameters else default

    def reads(self, path: str, default: str = "true") -> bool:
        """Whether a switch is on."""
        return self.setting(path, default) == "true"

    def on(self, row: str) -> bool:
        """Whether an object ending in a dot is enabled; what has no switch is."""
        return self.reads(row + "Enable")

    # What gauges ask.

    def resolver_status(self, row: int) -> str:
        """``Status`` of one row of the table of resolvers."""
        path = f"{self.model.places.resolvers}{row}."
        enabled = self.tree.read(path + "Enable") == "true"
        if enabled and not connection(self).session:
            return "Error"
        return self.household.wan.status(self.tree.read(path + "DNSServer"), enabled=enabled)

    def dns_status(self) -> str:
        """``Status`` of the resolver client as a whole."""
        return "Enabled" if connection(self).names else "Error"

    # What happens to it.

    def changed(self, before: Mapping[str, str]) -> None:
        """Let the home answer to what was just set; ``before`` holds the old values by path."""
        for path, old in before.items():
            new = self.tree.read(path)
            if new == old and not path.endswith("DiagnosticsState"):
                continue
            self.changed_at[path] = self.clock()
            self.was.setdefault(path, old)
            radios.answer(self, path)
            if path in (*self.model.places.passphrases, *self.model.places.ssids):
                self._strangers()
            if path.endswith("DiagnosticsState") and new == "Requested":
                self.later(diagnostics.SECONDS, partial(diagnostics.run, self, path))
        self.association.renew()

    def tick(self) -> None:
        """Bring counters up to now and do what is due; call it before looking or changing."""
        crash_if_full(self)
        self.meters.tick()
        radios.tick(self)
        while self._chores and self._chores[0][0] <= self.clock():
            heappop(self._chores)[2]()
        self.association.renew()

    def later(self, seconds: float, chore: Callable[[], None]) -> None:
        """Do this once so many seconds have passed."""
        due = self.clock() + timedelta(seconds=seconds)
        heappush(self._chores, (due, next(self._order), chore))

    @property
    def next_chore(self) -> datetime | None:
        """When the next thing is due."""
        return self._chores[0][0] if self._chores else None

    def local_change(self, path: str, value: str) -> None:
        """Somebody in the home changed something themselves: no controller was asked."""
        self.tick()
        before = {path: self.tree.read(path)}
        self.tree.put(path, value)
        self.changed(before)
        if path in self.model.notify:
            self.to_report[path] = None
            self.happened("4 VALUE CHANGE")

    def provision(self, values: Mapping[str, str]) -> None:
        """Set what the operator flashed into the box: a factory reset keeps it."""
        self._provisioned.update(values)
        for path, value in values.items():
            self.tree.put(path, value)

    def happened(self, code: str, key: str = "") -> None:
        """Have an event to report in the next session."""
        event = InformEvent(code, key)
        if event not in self.events:
            self.events.append(event)

    def reboot(self, key: str | None = None) -> None:
        """Start anew; ``key`` is the CommandKey when a controller asked for it."""
        self.tick()
        for path, value in self.pending.items():
            self.tree.put(path, value)
        self.pending.clear()
        self.silence(BOOT_SECONDS)
        self.started = self.silent_until
        self.meters = Meters(self)
        self.happened("1 BOOT")
        if key is not None:
            self.happened("M Reboot", key)

    def factory_reset(self) -> None:
        """Forget everything and start anew; the air outside stays as it is."""
        self._install("0 BOOTSTRAP")
        self.silence(BOOT_SECONDS)
        self.started = self.silent_until

    def extend(self, extender: "Home", guest: Guest) -> None:
        """Have an extender hang from this gateway, where it is a guest like others."""
        extender.backhaul = Backhaul(extender, self, guest)
        self.extenders[guest.mac] = extender
        self.association.renew()

    def silence(self, seconds: float) -> None:
        """Be out of reach for so long."""
        self.silent_until = self.clock() + timedelta(seconds=seconds)

    @property
    def silent(self) -> bool:
        """Whether nobody can reach it now: starting, cut off, or struck by a fault."""
        cut = any(self.tree.read(each) == "false" for each in self.model.places.uplinks)
        if cut or self.faults.deaf or self.clock() < self.silent_until:
            return True
        return not (self.line().up and (self.household.truth.managed_apart or logged_in(self)))

    def _moment(self) -> object:
        """What everything that can be worked out of a home follows from; it lasts a second."""
        above = self.backhaul.gateway.tree.version if self.backhaul else 0
        return int(self.clock().timestamp()), self.started, self.tree.version, above

    def _install(self, event: str) -> None:
        self.tree = Tree(self.model, furnish.facts(self.household), partial(gauges.show, self))
        self.pending: dict[str, str] = {}
        """Values that were taken, and come into force at the next start."""
        self.after_session: Callable[[], None] | None = None
        """What a controller asked for that begins once the session has ended."""
        self._chores: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self.started = self.silent_until = self.clock()
        self.events = [InformEvent(event), InformEvent("1 BOOT")]
        self.to_report: dict[str, None] = {}
        """Parameters that changed and that the controller must be told of, in order."""
        for path, value in {**self.household.settings, **self._provisioned}.items():
            self.tree.put(path, value)
        self.radios = radios.installed(self)
        self.association = Association(self)
        for radio in self.radios:
            radio.stations = self.association.on
        self.hosts: dict[int, Guest] = {}
        """Who stands in which row of the table of hosts."""
        self.meters = Meters(self)
        furnish.move_in(self)
        self.association.join()
        diagnostics.scan(self)

    def _strangers(self) -> None:
        """The name or passphrase changed: everything drops off until it is told the new one."""
        self.association.part()
        self.later(REJOIN_SECONDS, self._rejoin)

    def _rejoin(self) -> None:
        if not self.association:
            self.association.join()
