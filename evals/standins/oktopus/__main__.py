"""Stands in for Oktopus as a process: ``python -m evals.standins.oktopus --port 8000``."""

import argparse
import asyncio
import signal
import sys

from brain.ids import utc_now
from evals.homes.fleet import build_fleet
from evals.standins.oktopus.interface import OktopusStandIn
from evals.standins.serving import serving


async def _serve(port: int, count: int, seed: int) -> None:
    oktopus, stopped = OktopusStandIn(utc_now), asyncio.Event()
    for resident in build_fleet(count, seed=seed, clock=utc_now):
        oktopus.add(resident.home).latency = 0.05
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with serving(oktopus.app(), port=port) as url:
        sys.stdout.write(f"{count} homes behind {url} for {oktopus.email}: {oktopus.password}\n")
        sys.stdout.flush()
        await stopped.wait()


def _main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.standins.oktopus", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the interface")
    parser.add_argument("--count", type=int, default=24, help="how many homes")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds make equal homes")
    chosen = parser.parse_args(arguments)
    asyncio.run(_serve(chosen.port, chosen.count, chosen.seed))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
