"""How fast virtual worlds are built, and how many of their hours pass in a minute."""

from collections.abc import Awaitable, Callable

from evals.bench.table import Result, Row
from evals.bench.turns import Turns, in_turns
from evals.homes.build import World, build
from evals.homes.spec import Spec, read_spec

_ROUNDS = 7
_HOURS = 24
_ALONE = {"around": {"splitter": 0, "port": 0, "olt": 0}}
_FAULTS = [{"kind": "wifi.congested_channel", "by_the_hour": True}]
_STREET = read_spec({"faults": _FAULTS})
_HOME = read_spec({"world": _ALONE, "faults": _FAULTS})
_MINUTE = 60.0


async def bench_worlds() -> Result:
    """Build, let a day pass with a look every hour, and read everything that a device says."""
    works = {
        "build": (_building(_HOME), 5),
        "build_street": (_building(_STREET), 1),
        "hours": (_day(build(_HOME, 1)), 3),
        "said": (_asking(build(_HOME, 1)), 5),
    }
    found = await in_turns(works, _ROUNDS)
    return Result(
        name="worlds",
        title="Virtual worlds, by the processor time of one process",
        rows=_rows(found),
        notes=("An hour is a jump of the clock and a look at what everybody in the home gets.",),
    )


def _rows(found: dict[str, Turns]) -> tuple[Row, ...]:
    hour = found["hours"].cost / _HOURS
    return (
        Row(name="home-hours a minute", value=_MINUTE / hour, unit="hours", aim="thousands"),
        Row(name="build a home, to one hour", value=found["build"].cost / hour, unit="times"),
        Row(
            name="build a home and its 8 neighbours, to a home alone",
            value=found["build_street"].cost / found["build"].cost,
            unit="times",
            aim="9",
        ),
        Row(name="all that a device says, to one hour", value=found["said"].cost / hour,
            unit="times"),
        Row(name="build a home", value=1e3 * found["build"].cost, unit="ms"),
    )  # fmt: skip


def _building(spec: Spec) -> Callable[[], Awaitable[object]]:
    async def work() -> object:
        return build(spec, 1)

    return work


def _day(world: World) -> Callable[[], Awaitable[object]]:
    async def work() -> object:
        for _ in range(_HOURS):
            world.advance(minutes=60)
            world.quality()
        return world

    return work


def _asking(world: World) -> Callable[[], Awaitable[object]]:
    homes = world.open()

    async def work() -> object:
        world.advance(minutes=1)
        return homes.values(world.home.id)

    return work
