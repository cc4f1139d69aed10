"""Stands in for GenieACS as a process: ``python -m evals.standins.genieacs --port 7557``."""

import argparse
import signal
import sys
from datetime import datetime, timedelta
from threading import Event, Lock

from brain.ids import utc_now
from evals.homes.fleet import build_fleet
from evals.standins.genieacs.interface import Interface
from evals.standins.genieacs.records import Known
from evals.standins.genieacs.serving import serving
from evals.standins.genieacs.sessions import Genie

_LOOK_SECONDS = 0.5


def _due(known: Known, now: datetime) -> bool:
    """Whether its home has something to say, or the timer is up."""
    home = known.home
    home.tick()
    every = home.setting(home.model.root + "ManagementServer.PeriodicInformInterval", "300")
    waited = now - known.last_inform if known.last_inform else timedelta.max
    if waited >= timedelta(seconds=int(every)):
        home.happened("2 PERIODIC")
    return bool(home.events) and not home.silent


def _main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.standins.genieacs", description=__doc__)
    parser.add_argument("--port", type=int, default=7557, help="of the northbound interface")
    parser.add_argument("--count", type=int, default=24, help="how many homes")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds make equal homes")
    chosen = parser.parse_args(arguments)
    genie, stopped, lock = Genie(utc_now), Event(), Lock()
    for resident in build_fleet(chosen.count, seed=chosen.seed, clock=utc_now):
        genie.add(resident.home)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with serving(Interface(genie), port=chosen.port, lock=lock) as url:
        sys.stdout.write(f"{chosen.count} homes behind {url}\n")
        sys.stdout.flush()
        while not stopped.wait(_LOOK_SECONDS):
            for known in genie.devices.values():
                with lock:
                    if _due(known, utc_now()):
                        genie.session(known)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
