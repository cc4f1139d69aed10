"""A year of many devices, to fill a timeline with.

What each model measures, how often a number differs from the look before, and which values it has,
are taken from virtual homes. Each value is then drawn by itself, so the year compresses worse than
a real one would. What homes have no rate for, how often a device boots or fails, stands in RATES.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from random import Random
from typing import Final

from brain.datamodel.traits import is_counter
from brain.domain.device import Device, device_id
from brain.domain.history import By, Event, EventKind, Point
from brain.domain.identity import TenantId
from brain.domain.parameter import ParameterPath, Value
from brain.store.store import Store
from evals.homes.build import build
from evals.homes.spec import read_spec
from executors.acs.looking import Wants

MODELS: Final = (
    *("brightmoor-hearth6", "ferncliff-v2", "havrelund-hl2400", "larkfield-m2"),
    *("quillon-q5", "tarn-c5"),
)
EVERY: Final = timedelta(hours=12)
"""``GATEWRIGHT_MEASURE_EVERY`` as it is shipped."""
YEAR: Final = timedelta(days=365)
RATES: Final[Mapping[EventKind, int]] = {
    EventKind.BOOT: 12,
    EventKind.VALUE_CHANGE: 24,
    EventKind.INFORM: 6,
    EventKind.FAULT: 3,
    EventKind.FIRMWARE: 2,
}
"""A year and device: assumed, not measured."""
_LOOKED_AT: Final = 60
_TOGETHER: Final = 25
_TENANT: Final = TenantId("default")
_CODES: Final = ("9001", "9002", "9007", "9010")
_CHANNEL: Final = "Device.WiFi.Radio.1.Channel"


@dataclass(frozen=True, slots=True)
class Habit:
    """How one number of one model behaves."""

    path: ParameterPath
    counts: bool
    changes: float
    """The share of looks at which it is another than before."""
    seen: Sequence[int]
    """Its values; of a counter, by how much it grew."""

    def year(self, chance: Random, looks: Sequence[datetime]) -> list[Point]:
        """Its points at these looks: none where it stayed as it was."""
        drawn = chance.choices(self.seen, k=len(looks))
        values = accumulate(drawn) if self.counts else drawn
        spared = 1 - self.changes
        return [
            Point(at, str(value))
            for at, value in zip(looks, values, strict=True)
            if chance.random() >= spared
        ]


def habits(model: str) -> list[Habit]:
    """What a home with this model measured in a month of looks."""
    world = build(read_spec({"world": {"model": model, "around": _ALONE}}), 1)
    homes, said = world.open(), []
    for _ in range(_LOOKED_AT):
        world.advance(minutes=int(EVERY.total_seconds() // 60))
        said.append(homes.values(world.home.id))
    wants = Wants(measures=EVERY)
    measured = [look.path for look in wants.looks(said[-1])]
    return [each for path in measured if (each := _habit(path, [one[path] for one in said]))]


_ALONE: Final = {"splitter": 0, "port": 0, "olt": 0}


def _habit(path: ParameterPath, values: Sequence[Value]) -> Habit | None:
    numbers = [int(value) for value in values]
    steps = [after - before for before, after in pairwise(numbers)]
    changed = sum(step != 0 for step in steps) / len(steps)
    if not changed:
        return None
    counts = is_counter(path)
    return Habit(path, counts, changed, [max(each, 0) for each in steps] if counts else numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was put in."""

    devices: list[Device]
    points: int
    events: int


async def fill(store: Store, *, devices: int, until: datetime, seed: int = 1) -> Filled:
    """A year of so many devices into this empty store, by the way that the product writes."""
    known = {model: habits(model) for model in MODELS}
    fleet, points, events = list(_fleet(devices)), 0, 0
    for start in range(0, devices, _TOGETHER):
        batch = fleet[start : start + _TOGETHER]
        chance = Random(seed + start)  # noqa: S311 - nothing hangs on it but a benchmark
        years = {
            (each.tenant, each.id): {
                habit.path: habit.year(chance, _looks(chance, until)) for habit in known[each.model]
            }
            for each in batch
        }
        happened = [event for each in batch for event in _events(chance, each, until)]
        async with store.begin() as tx:
            await tx.devices.put(*batch)
            await tx.measures.add(years)
            await tx.events.add(*happened)
        points += sum(len(one) for year in years.values() for one in year.values())
        events += len(happened)
    return Filled(devices=fleet, points=points, events=events)


def _fleet(count: int) -> Iterator[Device]:
    for number in range(count):
        model = MODELS[number % len(MODELS)]
        yield Device(
            id=device_id("00D09E", model, f"SN{number:08d}"),
            tenant=_TENANT,
            oui="00D09E",
            product_class=model,
            serial=f"SN{number:08d}",
            manufacturer="Virtual",
            model=model,
            firmware=f"3.{number % 4}",
        )


def _looks(chance: Random, until: datetime) -> list[datetime]:
    """Every twelve hours, or when it calls after that."""
    begin = until - YEAR + timedelta(seconds=chance.randrange(3600))
    return [
        begin + number * EVERY + timedelta(seconds=chance.randrange(300))
        for number in range(YEAR // EVERY)
    ]


def _events(chance: Random, device: Device, until: datetime) -> Iterator[Event]:
    for kind, often in RATES.items():
        changed = kind is EventKind.VALUE_CHANGE
        for _ in range(often):
            yield Event(
                tenant=device.tenant,
                device=device.id,
                kind=kind,
                at=until - chance.random() * YEAR,
                path=_CHANNEL if changed else "",
                value=chance.choice(_CODES) if kind is EventKind.FAULT else "6" if changed else "",
                by=By.UNKNOWN if changed else None,
                firmware=device.firmware,
            )
