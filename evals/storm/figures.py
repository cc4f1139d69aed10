"""What a storm is measured by, and what each figure has to be."""

import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.bench.table import Result, Row, percentile
from evals.storm.crowd import Tally

OPEN_AT_ONCE = 20_000
_MEMORY = 2.0
_READ = 3.0
_GROWTH = 1.2
_DEVICES = "SELECT count(*) FROM devices WHERE oui = '02AA55'"
_BOOTS = """SELECT count(DISTINCT device), count(*) FROM events
WHERE kind = 'boot' AND device LIKE '02AA55-Storm-S%'"""


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at the storm; ``at`` seconds after the release."""

    at: float
    done: int
    open: int
    backlog: int
    processor: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds of the crowd, counted in the database itself."""

    devices: int
    told: int
    """Devices with a BOOT in their timeline."""
    boots: int
    integrity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was seen from outside. Seconds are counted from the release."""

    tally: Tally
    open_at_once: int
    seconds: float
    processor: float
    peak_bytes: int
    admitted: "array[float]"
    took: "array[float]"
    reads: tuple[tuple[float, float], ...]
    """When a live read ended, and how long it took."""
    reads_failed: int
    faults: dict[str, int]
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """One storm."""

    number: int
    measured: Measured
    kept: Kept

    @property
    def processor_per_thousand(self) -> float:
        """Seconds of the server's processor time."""
        return self.measured.processor / self.number * 1000

    @property
    def errors(self) -> int:
        """Of the database: what the ACS could not keep, and what is not sound in the file."""
        return sum(self.measured.faults.values()) + (self.kept.integrity != "ok")


def kept_in(database: Path) -> Kept:
    """Count past the store, so that nothing is believed that it says of itself."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        (devices,) = connection.execute(_DEVICES).fetchone()
        told, boots = connection.execute(_BOOTS).fetchone()
        (integrity,) = connection.execute("PRAGMA quick_check").fetchone()
        return Kept(devices=devices, told=told, boots=boots, integrity=integrity)
    finally:
        connection.close()


def result(storm: Storm) -> Result:
    """The table."""
    measured = storm.measured
    notes = [f"logged: {measured.faults}" if measured.faults else "nothing was logged as wrong"]
    return Result(
        name=f"storm-{storm.number}",
        title=f"{storm.number:,} devices back at once",
        rows=(*_kept(storm), *_times(measured), *_costs(storm)),
        notes=(*notes, *filter(None, [measured.tally.wrong])),
    )


def _kept(storm: Storm) -> tuple[Row, ...]:
    kept, number, tally = storm.kept, storm.number, storm.measured.tally
    twice = kept.boots - kept.told + kept.devices - number
    wanted = min(OPEN_AT_ONCE, number)
    at_once = storm.measured.open_at_once
    return (
        _least("sessions completed", tally.done, number),
        _none("Informs lost", number - kept.told),
        _none("duplicate records", twice),
        _none("database errors", storm.errors),
        _least("connections open at once", at_once, wanted),
        Row(name="sent away, a device", value=tally.sent_away / number, unit=""),
        Row(name="broken off, a device", value=tally.broken / number, unit=""),
    )


def _times(measured: Measured) -> tuple[Row, ...]:
    reads = [seconds for _, seconds in measured.reads]
    admitted, took = measured.admitted, measured.took
    slow = percentile(reads, 0.95) if reads else float("inf")
    return (
        Row(name="time to the last", value=measured.seconds, unit="s"),
        Row(name="release to InformResponse, p50", value=percentile(admitted, 0.5), unit="s"),
        Row(name="release to InformResponse, p99", value=percentile(admitted, 0.99), unit="s"),
        Row(name="connecting to InformResponse, p50", value=percentile(took, 0.5), unit="s"),
        Row(name="connecting to InformResponse, p99", value=percentile(took, 0.99), unit="s"),
        Row(name="live read by an agent, p95", value=slow, unit="s", aim="3", most=_READ),
        Row(name="live reads", value=len(reads), unit=""),
        _none("live reads that failed", measured.reads_failed),
    )


def _costs(storm: Storm) -> tuple[Row, ...]:
    memory = storm.measured.peak_bytes / 2**30
    cost = storm.processor_per_thousand
    return (
        Row(name="peak memory of the server", value=memory, unit="GiB", aim="2", most=_MEMORY),
        Row(name="processor time of the server, 1,000 sessions", value=cost, unit="s"),
    )


def _none(name: str, value: int) -> Row:
    return Row(name=name, value=value, unit="", aim="0", most=0)


def _least(name: str, value: int, least: int) -> Row:
    return Row(name=name, value=value, unit="", aim=f"{least:,}", least=least)


def growth(storms: Sequence[Storm]) -> Result:
    """How much more a session costs in the dearest of several storms than in the cheapest."""
    costs = [storm.processor_per_thousand for storm in storms]
    sizes = " ".join(f"{storm.number:,}" for storm in storms)
    grown = Row(
        name="dearest to cheapest", value=max(costs) / min(costs), unit="", aim="1.2", most=_GROWTH
    )
    return Result(name="storms", title=f"Processor time a session: {sizes}", rows=(grown,))
