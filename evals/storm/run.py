"""One storm from the first connection to the last 204."""

import tempfile
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from evals.storm.crowd import Tally
from evals.storm.figures import OPEN_AT_ONCE, Measured, Moment, Storm, kept_in
from evals.storm.processes import Devices, Server, crowd, residents, server

_LOOK = 0.25
_GATHERING = 20.0
"""Seconds that connecting may take before the release: the ACS hangs up after 30 s of silence."""
Say = Callable[[str], None]


def storm(
    number: int, *, processes: int, heedless: float, limit: float, say: Say, doors: int = 0
) -> Storm:
    """So many devices, at an ACS that is behind so many doors.

    Those that are not through after ``limit`` seconds are given up.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say(f"registering {number:,} devices ...")
        with (
            server(folder, number, doors=doors) as acs,
            residents(acs.url) as ids,
            crowd(acs.url, number, processes=processes, heedless=heedless) as parts,
        ):
            watch = Watch(acs, parts, number, say)
            watch.gather()
            acs.read(ids)
            watch.release(monotonic() + limit)
            measured = watch.measured()
        return Storm(number=number, measured=measured, kept=kept_in(folder / "storm.db"))


@dataclass(slots=True)
class Watch:
    """Looks on, and keeps what is seen."""

    acs: Server
    parts: Sequence[Devices]
    number: int
    say: Say
    open_at_once: int = 0
    moments: list[Moment] = field(default_factory=list)
    reads: list[tuple[float, float]] = field(default_factory=list)
    """When, and how long it took; in seconds."""
    _told: dict[str, object] = field(default_factory=dict)
    _released: float = 0.0
    _processor: float = 0.0

    def gather(self) -> None:
        """Have as many connected as are to be open at once, or as the server has room for."""
        share = -(-min(OPEN_AT_ONCE + 500, self.number) // len(self.parts))
        self._all("gather", share)
        until = monotonic() + _GATHERING
        wanted = min(share * len(self.parts), self.number)
        while monotonic() < until:
            self.say(f"{self._tally().open:,} of {wanted:,} connected ...")
            if all(part.tally.gathered for part in self.parts):
                break
            sleep(_LOOK)

    def release(self, until: float) -> None:
        """Let go, and look on until all are through, or until then."""
        self._all("release", 0)
        self._released, self._processor = monotonic(), self.acs.processor_seconds()
        while (tally := self._tally()).done < self.number and monotonic() < until:
            self._look(tally)
            sleep(_LOOK)
        self._look(tally)

    def measured(self) -> Measured:
        """All of it."""
        admitted, took = array("d"), array("d")
        self._all("report", 0)
        for part in self.parts:
            for kept, told in zip((admitted, took), part.report(), strict=True):
                kept.frombytes(told)
        last = self.moments[-1]
        faults = self._told.get("faults")
        return Measured(
            tally=self._tally(),
            open_at_once=self.open_at_once,
            seconds=last.at,
            processor=last.processor,
            peak_bytes=self.acs.peak_bytes(),
            admitted=admitted,
            took=took,
            reads=tuple(self.reads),
            reads_failed=int(str(self._told.get("reads_failed", 0))),
            faults=faults if isinstance(faults, dict) else {},
            moments=tuple(self.moments),
        )

    def _look(self, tally: Tally) -> None:
        at = monotonic() - self._released
        while not self.acs.told.empty():
            self._told = self.acs.told.get()
            self.reads += [(at, seconds) for seconds in self._told["reads"]]  # type: ignore[attr-defined]
        moment = Moment(
            at=at,
            done=tally.done,
            open=tally.open,
            backlog=int(str(self._told.get("backlog", 0))),
            processor=self.acs.processor_seconds() - self._processor,
        )
        self.moments.append(moment)
        slowest = max((seconds for _, seconds in self.reads), default=0.0)
        self.say(
            f"{at:5.0f} s  {tally.done:,} of {self.number:,} through, {tally.open:,} connected, "
            f"{moment.backlog:,} sent away, slowest live read {slowest:.1f} s"
        )

    def _tally(self) -> Tally:
        for part in self.parts:
            part.look()
        told = [part.tally for part in self.parts]
        total = Tally(
            done=sum(each.done for each in told),
            open=sum(each.open for each in told),
            begun=sum(each.begun for each in told),
            attempts=sum(each.attempts for each in told),
            sent_away=sum(each.sent_away for each in told),
            broken=sum(each.broken for each in told),
            wrong=next((each.wrong for each in told if each.wrong), ""),
        )
        self.open_at_once = max(self.open_at_once, total.open)
        return total

    def _all(self, word: str, number: int) -> None:
        for part in self.parts:
            part.pipe.send((word, number))
